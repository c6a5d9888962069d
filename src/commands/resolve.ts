import type { AuditEntry } from '../core/audit-entry.ts';
import type { BuiltIn, BuiltInCall } from '../core/built-in.ts';
import type { Decision } from '../core/decision.ts';
import { GatewayError } from '../core/errors.ts';
import { deniedReply, noSuchRunReply, noteReply } from '../core/replies/refusals.ts';
import { stateWords } from '../core/replies/run-reply.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import { resolveLine, verdicts } from '../core/replies/typing.ts';
import type { Reply } from '../core/reply.ts';
import { endRun, type Run, type RunState, type RunStore, type WakeQueue } from '../core/run.ts';
import { nearest } from '../core/suggest.ts';
import type { By } from './cancel.ts';
import { mayBeSeen } from './runs.ts';

/** What it takes to resolve a run. */
export interface ResolveParts {
  readonly store: Pick<RunStore, 'load' | 'save'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly now: () => number;
  /** Whether this person may run the very same command here, now. */
  readonly decide: (by: By, run: Run) => Promise<Decision>;
}

type Verdict = (typeof verdicts)[number];

/** What was typed: of which run, what became of it, and the words why. */
interface Said {
  readonly id: string;
  readonly verdict: Verdict;
  readonly why: string;
}

const endOf: Readonly<Record<Verdict, RunState>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  'not-started': 'canceled',
};

/** UTF-16 units of somebody's words that are kept. */
const longestWhy = 500;

const cutWhy = (words: string): string =>
  words.length <= longestWhy ? words : `${words.slice(0, longestWhy).toWellFormed()}…`;

const read = ({ rest, tokens }: BuiltInCall): Said | { readonly unknown: string } | undefined => {
  const [id, second, third] = tokens;
  if (id === undefined || second === undefined) return undefined;
  const verdict = verdicts.find((one) => one === second.text);
  if (verdict === undefined) return { unknown: second.text };
  // Positions are those of the whole line, of which `rest` begins at the id.
  const why = third === undefined ? '' : rest.slice(third.start - id.start);
  return { id: id.text, verdict, why: cutWhy(why) };
};

const usageReply = (unknown: string | undefined): Reply => {
  const meant = unknown === undefined ? [] : nearest(unknown, verdicts, 1);
  return noteReply(
    line('Usage: ', code(resolveLine('<id>'))),
    ...meant.map((word) => line('Did you mean ', code(word), '?')),
    line(
      'For a run of which nobody knows whether it was started, once you have looked. ',
      strong('Nothing is run.'),
    ),
    line(
      code('succeeded'),
      ' it was done, ',
      code('failed'),
      ' it went wrong, ',
      code('not-started'),
      ' nothing was done.',
    ),
    line(code('/chatops runs failed'), ' lists the ids.'),
  );
};

const notUncertain = (run: Run): Reply =>
  noteReply(
    line(code(run.line), ' is not uncertain: it ', strong(stateWords(run)), '. Nothing was changed.'),
  );

const wasStarted = (run: Run, pipeline: NonNullable<Run['pipeline']>): Reply =>
  noteReply(
    line(code(run.line), ` was started, as pipeline ${pipeline.id}. `, strong('Nothing was changed.')),
    line('Say how it ended: ', code('succeeded'), ' or ', code('failed'), '.'),
  );

const happened = ({ verdict }: Said, { mode }: Run): string => {
  if (verdict !== 'not-started') return `it ${verdict}`;
  return mode === 'direct' ? 'it was not done' : 'it was not started';
};

const resolved = (run: Run, { caller }: By, said: Said, now: number): Run => {
  const words = said.why === '' ? '.' : `: ${said.why}`;
  const because = `${caller.name} says that ${happened(said, run)}${words}`;
  return {
    ...endRun(run, endOf[said.verdict], { ...run.outcome, because }, now),
    // Whoever tells chat meanwhile that it is uncertain must not write that over this.
    lease: null,
    told: { digest: run.told.digest, failures: 0, finalFailures: 0 },
    dueAt: now,
  };
};

/** Somebody else may save the run in between; each conflict means that something happened to it. */
const tries = 20;

const unknownWhether = (cause: unknown): never => {
  throw new GatewayError('accept.unknown', 'saving what became of a run: the store did not answer', {
    cause,
  });
};

interface Stands {
  readonly changed: boolean;
  readonly run: Run;
}

const save = async (parts: ResolveParts, by: By, said: Said, run: Run): Promise<Stands> => {
  let current = run;
  for (let attempt = 0; attempt < tries && current.state === 'uncertain'; attempt++) {
    const saved = await parts.store.save(resolved(current, by, said, parts.now())).catch(unknownWhether);
    if (saved !== 'conflict') return { changed: true, run: saved };
    current = (await parts.store.load(run.id).catch(unknownWhether)) ?? current;
  }
  if (current.state === 'uncertain') unknownWhether(new Error('it was saved by others again and again'));
  return { changed: false, run: current };
};

const resolve = async (parts: ResolveParts, by: By, said: Said): Promise<Reply> => {
  const { account, person = null } = by.caller;
  const channel = by.channel.id;
  const run = await parts.store.load(said.id);
  if (run === undefined || !mayBeSeen(run, account, channel)) return noSuchRunReply(said.id);
  if (run.state !== 'uncertain') return notUncertain(run);
  const decision = await parts.decide(by, run);
  if (!decision.allowed) return deniedReply(`run resolve ${run.id}`, run.command, decision);
  if (said.verdict === 'not-started' && run.pipeline !== null) return wasStarted(run, run.pipeline);
  const to = endOf[said.verdict];
  await parts.audit({ kind: 'resolved', run: run.id, account, person, channel, as: to });
  const { changed, run: after } = await save(parts, by, said, run);
  if (!changed) return notUncertain(after);
  // Not waited for: a wake-up that is lost costs time, because the sweeper finds what is due.
  await parts.queue.wake(run.id, 0, true).catch(() => undefined);
  return noteReply(
    line(strong('Noted: '), code(run.line), ` ${stateWords(after)}, by your word. Its message will say so.`),
  );
};

/**
 * `run resolve <id> succeeded|failed|not-started [words why]`: a person says what became of an uncertain run, their own too only
 * if they may run the very same command here. Nothing is run.
 */
export const createResolve =
  (parts: ResolveParts): BuiltIn =>
  async (call) => {
    const said = read(call);
    if (said === undefined) return usageReply(undefined);
    if ('unknown' in said) return usageReply(said.unknown);
    return resolve(parts, { caller: call.caller, channel: call.channel }, said);
  };
