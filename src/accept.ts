import type { AuditEntry } from './core/audit-entry.ts';
import type { PolicyInForce } from './core/built-in.ts';
import type { CommandLine } from './core/command-line.ts';
import type { Decision } from './core/decision.ts';
import { GatewayError } from './core/errors.ts';
import { doubtedIfOlder } from './core/generation.ts';
import type { Input } from './core/input.ts';
import type { Caller, Channel, Invocation } from './core/invocation.ts';
import { type AllowEntry, acceptedRun, newRun } from './core/new-run.ts';
import { deniedReply, tooOftenReply } from './core/replies/refusals.ts';
import { acceptedReply } from './core/replies/run-reply.ts';
import { typedTwiceReply } from './core/replies/typed-twice.ts';
import type { Reply } from './core/reply.ts';
import type { Alike, Run, RunStore, WakeQueue } from './core/run.ts';
import { isInTheWay } from './core/typed-twice.ts';

/** What deciding needs. `tick` counts microseconds of a clock that never goes back. */
export interface DecidingParts {
  readonly tick: () => number;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly onDecision?: (command: string, allowed: boolean) => void;
}

/** What accepting needs of the world. */
export interface AcceptingParts extends DecidingParts {
  readonly now: () => number;
  readonly store: Pick<RunStore, 'create' | 'forbid' | 'generation' | 'allow'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  readonly runIdOf: (delivery: string) => string;
  /** So long after its intent was saved a POST may still be written. Milliseconds. */
  readonly sendWithinMs: number;
  /** One key for all runs of the same caller with the same command and input; undefined when doing it twice is harmless. */
  readonly alikeKey: (run: Run) => string | undefined;
  /** Keeps note of the runs that are being accepted; `again`: the same request was here before. */
  readonly accepting: <T>(runId: string, work: (again: boolean) => Promise<T>) => Promise<T>;
  /** Works a run once, now. Its reply is offered to whoever waits for it, before it is sent as a message. */
  readonly workNow: (runId: string, offer: (reply: Reply) => boolean) => Promise<void>;
  readonly onLikelyDuplicate?: () => void;
}

/** A command that was understood, and who asked for it where. */
export interface Asked {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly understood: Extract<CommandLine, { kind: 'command' }>;
}

/** Who and where, for the audit. */
export const who = (caller: Caller, channel: Channel) => ({
  account: caller.account,
  person: caller.person ?? null,
  channel: channel.id,
});

/** What the policy is asked. */
export interface Question {
  readonly caller: Caller;
  readonly channel: Channel;
  readonly command: string;
  readonly input: Input;
  readonly line: string;
  readonly purpose: Extract<AuditEntry, { kind: 'decision' }>['purpose'];
  readonly run: string | null;
}

/** Asks the policy; what it said is not on record yet. */
const judge = (parts: DecidingParts, policy: PolicyInForce, question: Question) => {
  const { caller, channel, command, input, line, purpose, run } = question;
  const began = parts.tick();
  const decision = policy.decide({ caller: caller.account, channel: channel.id, command, input });
  const microseconds = Math.round(parts.tick() - began);
  const { allowed, revision, rule = null } = decision;
  parts.onDecision?.(command, allowed);
  const subject = { purpose, run: allowed ? run : null, command, input, line };
  const ruling = { allowed, rule, revision, microseconds };
  const entry = { kind: 'decision', ...who(caller, channel), ...subject, ...ruling } as const;
  return { decision, entry };
};

/** Asks the policy and has the answer on record before anybody acts on it. */
export const decide = async (
  parts: DecidingParts,
  policy: PolicyInForce,
  question: Question,
): Promise<Decision> => {
  const { decision, entry } = judge(parts, policy, question);
  await parts.audit(entry);
  return decision;
};

/** How long a direct command may take before its caller is told that the result follows. */
const answerWithinMs = 2000;

/**
 * A direct command is carried out within the request and its result is the answer. When it takes longer, the caller is told
 * so, and the result comes as a message of its own.
 */
const answerDirect = (parts: AcceptingParts, run: Run): Promise<Reply> =>
  new Promise((resolve) => {
    let waiting = true;
    const answer = (reply: Reply): boolean => {
      const taken = waiting;
      waiting = false;
      if (taken) resolve(reply);
      return taken;
    };
    const late = (): boolean => answer(acceptedReply(run));
    const timer = setTimeout(late, answerWithinMs);
    void parts
      .workNow(run.id, (reply) => reply.final && answer(reply))
      .finally(() => clearTimeout(timer))
      .then(late, late);
  });

/** Why an allowed command made no run, and what its caller is told. */
interface NotMade {
  readonly because: string;
  readonly reply: Reply;
}

type Made = 'made' | 'there already' | NotMade;

const withinLimit = ({ store }: AcceptingParts, { caller, understood }: Asked): Promise<boolean> => {
  const { command } = understood;
  const limit = command.limits.perCaller;
  if (limit === undefined) return Promise.resolve(true);
  return store.allow(`${command.name}|${caller.person ?? caller.account}`, limit.count, limit.perMs);
};

/** Stores the run, unless the same caller's same command is still going on or was done a moment ago and is not meant again. */
const create = async (parts: AcceptingParts, run: Run, alike: Alike | undefined): Promise<Made> => {
  const created = await parts.store.create(run, alike);
  if (created === 'created') return 'made';
  if (created === 'exists') return 'there already';
  if (created === 'forbidden')
    throw new GatewayError('accept.unavailable', `storing run ${run.id}: its command was given up before`);
  const other = created.alike;
  const now = parts.now();
  if (alike === undefined || !isInTheWay(other, now)) {
    return create(parts, run, alike === undefined ? undefined : { ...alike, seen: other.id });
  }
  parts.onLikelyDuplicate?.();
  return { because: `typed twice: run ${other.id}`, reply: typedTwiceReply(other, now) };
};

/** Has it on record, or with the store, that no run of this id is made: then it may be said, and stays true. */
const callOff = async (parts: AcceptingParts, asked: Asked, run: string, because: string): Promise<void> => {
  const { caller, invocation, understood } = asked;
  const entry = { kind: 'refused', ...who(caller, invocation.channel), because } as const;
  const kept = await Promise.allSettled([
    parts.audit({ ...entry, command: understood.command.name, run }),
    parts.store.forbid(run),
  ]);
  if (kept.every(({ status }) => status === 'rejected')) {
    throw new GatewayError('accept.unknown', `giving up run ${run}: neither the audit nor the store took it`);
  }
};

/**
 * The store did not say whether it took the run. "Nothing was done" is only said once it is certain that the run is not made
 * later either, because people type it again.
 */
const afterFailure = async (
  parts: AcceptingParts,
  asked: Asked,
  run: Run,
  cause: unknown,
): Promise<'made'> => {
  const stands = await parts.store.forbid(run.id).catch((): 'unknown' => 'unknown');
  if (stands === 'exists') return 'made';
  if (stands === 'unknown')
    throw new GatewayError('accept.unknown', `storing run ${run.id}: the store did not answer`, { cause });
  await callOff(parts, asked, run.id, 'not stored');
  throw cause;
};

const storeNow = async (parts: AcceptingParts, asked: Asked, accepted: Run): Promise<Made> => {
  const generation = await parts.store.generation();
  const older = doubtedIfOlder(accepted, asked.invocation.sentAt, generation, parts.sendWithinMs);
  const run = { ...older, generation: generation.id };
  const key = parts.alikeKey(run);
  const seen = asked.understood.again ? 'any' : 'none';
  return create(parts, run, key === undefined ? undefined : { key, seen });
};

const make = async (parts: AcceptingParts, asked: Asked, run: Run): Promise<Made> => {
  try {
    if (await withinLimit(parts, asked)) return await storeNow(parts, asked, run);
    return { because: 'over the limit per caller', reply: tooOftenReply(asked.understood.command) };
  } catch (cause) {
    return afterFailure(parts, asked, run, cause);
  }
};

/** From the record to the store: when it is not made after all, that is on record too. */
const recordAndMake = async (
  parts: AcceptingParts,
  asked: Asked,
  run: Run,
  entry: AllowEntry,
): Promise<Made> => {
  await parts.audit({ ...entry, accepted: acceptedRun(run, asked.invocation.sentAt) });
  const made = await make(parts, asked, run);
  if (typeof made === 'object') await callOff(parts, asked, run.id, made.because);
  return made;
};

/**
 * The same request once more. What it asked for may have been accepted the first time, so it calls nothing off, and when it
 * cannot be stored nobody knows.
 */
const makeAgain = async (parts: AcceptingParts, asked: Asked, run: Run, entry: AllowEntry): Promise<Made> => {
  try {
    await parts.audit({ ...entry, accepted: acceptedRun(run, asked.invocation.sentAt) });
    return await storeNow(parts, asked, run);
  } catch (cause) {
    throw new GatewayError('accept.unknown', `storing run ${run.id} again: it may have been stored before`, {
      cause,
    });
  }
};

/**
 * Decides, and only then lets anything exist: an allow is on record, with all that the run is made from, before the run is
 * stored, and the run is stored before anybody is told. A run that the store loses can be made again from the record.
 */
export const accept = async (parts: AcceptingParts, policy: PolicyInForce, asked: Asked): Promise<Reply> => {
  const { invocation, caller, understood } = asked;
  const { command, input, line } = understood;
  const { channel } = invocation;
  const id = parts.runIdOf(invocation.delivery);
  const question = { caller, channel, command: command.name, input, line, purpose: 'run', run: id } as const;
  const { decision, entry } = judge(parts, policy, question);
  if (!decision.allowed) {
    await parts.audit(entry);
    return deniedReply(line, command.name, decision);
  }
  const run = newRun({ id, invocation, caller, command, input, line, decision, now: parts.now() });
  const made = await parts.accepting(id, (again) =>
    again ? makeAgain(parts, asked, run, entry) : recordAndMake(parts, asked, run, entry),
  );
  if (typeof made === 'object') return made.reply;
  if (made === 'there already') return acceptedReply(run);
  if (run.mode === 'direct') return answerDirect(parts, run);
  // Not waited for: a wake-up that is lost costs time, never the run, because the sweeper finds what is due.
  parts.queue.wake(run.id, 0, false).catch(() => undefined);
  return acceptedReply(run);
};
