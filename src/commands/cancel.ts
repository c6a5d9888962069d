import type { AuditEntry } from '../core/audit-entry.ts';
import type { BuiltIn } from '../core/built-in.ts';
import type { Decision } from '../core/decision.ts';
import { GatewayError } from '../core/errors.ts';
import type { Caller, Channel } from '../core/invocation.ts';
import { deniedReply, noSuchRunReply, noteReply } from '../core/replies/refusals.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import type { Reply } from '../core/reply.ts';
import { isAskedToStop, isFinal, type Run, type RunStore, type WakeQueue } from '../core/run.ts';
import { mayBeSeen } from './runs.ts';

/** What it takes to cancel a run. */
export interface CancelParts {
  readonly store: Pick<RunStore, 'load' | 'save'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly now: () => number;
  /** Whether this person may run the very same command here, now. */
  readonly decide: (by: By, run: Run) => Promise<Decision>;
}

/** Who asks, and where. */
export interface By {
  readonly caller: Caller;
  readonly channel: Channel;
}

/** The one working the run saves in between; each conflict means it got further. */
const tries = 20;

const unknownWhether = (cause: unknown): never => {
  throw new GatewayError('accept.unknown', 'saving a cancel: the store did not answer', { cause });
};

const mark = async (parts: CancelParts, by: By, run: Run): Promise<Run> => {
  let current = run;
  for (let attempt = 0; attempt < tries; attempt++) {
    // A cancel that GitLab refused may be asked for again.
    if (isFinal(current.state) || isAskedToStop(current)) return current;
    const now = parts.now();
    const canceledBy = { account: by.caller.account, name: by.caller.name, at: now };
    const saved = await parts.store.save({ ...current, canceledBy, dueAt: now }).catch(unknownWhether);
    if (saved !== 'conflict') return saved;
    current = (await parts.store.load(run.id)) ?? current;
  }
  return current;
};

const overAlready = (run: Run): Reply =>
  noteReply(line(code(run.line), ' is over already: ', strong(run.state), '.'));

/** One's own run may always be stopped; another's only by who may run the very same command here. */
const refusal = async (parts: CancelParts, by: By, run: Run): Promise<Reply | undefined> => {
  if (run.caller.account === by.caller.account) return undefined;
  const decision = await parts.decide(by, run);
  return decision.allowed ? undefined : deniedReply(`cancel ${run.id}`, run.command, decision);
};

/** Whether the run was asked to stop, and the words for who wanted it. */
export interface Canceled {
  readonly outcome: 'asked' | 'not asked';
  readonly reply: Reply;
}

const notAsked = (reply: Reply): Canceled => ({ outcome: 'not asked', reply });

/** Asks a run to stop. What comes of it shows in the run's own message. */
export const createCancel =
  (parts: CancelParts) =>
  async (by: By, runId: string): Promise<Canceled> => {
    const run = await parts.store.load(runId);
    if (run === undefined || !mayBeSeen(run, by.caller.account, by.channel.id))
      return notAsked(noSuchRunReply(runId));
    if (isFinal(run.state)) return notAsked(overAlready(run));
    const refused = await refusal(parts, by, run);
    if (refused !== undefined) return notAsked(refused);
    const { account, person = null } = by.caller;
    await parts.audit({ kind: 'cancel', run: run.id, account, person, channel: by.channel.id });
    const marked = await mark(parts, by, run);
    if (isFinal(marked.state)) return notAsked(overAlready(marked));
    await parts.queue.wake(run.id, 0, true).catch(() => undefined);
    return {
      outcome: 'asked',
      reply: noteReply(line('Canceling ', code(run.line), '; its message will say how it ended.')),
    };
  };

/** `cancel <id>` */
export const cancelBuiltIn =
  (cancel: ReturnType<typeof createCancel>): BuiltIn =>
  ({ caller, channel, rest }) =>
    rest === ''
      ? Promise.resolve(
          noteReply(
            line(
              'Usage: ',
              code('/chatops cancel <id>'),
              '; ',
              code('/chatops runs active'),
              ' lists the ids.',
            ),
          ),
        )
      : cancel({ caller, channel }, rest).then(({ reply }) => reply);
