import type { Mode, PipelineTarget } from './command.ts';
import type { Rule } from './decision.ts';
import type { Generation } from './generation.ts';
import type { Input } from './input.ts';
import type { Caller, Channel, ReplyAddress } from './invocation.ts';
import type { PipelineView } from './pipelines.ts';

/** `waiting` is held back by a gate; `uncertain` needs a person to look at GitLab. */
export type RunState =
  | 'queued'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'canceled'
  | 'expired'
  | 'uncertain';

const over: readonly RunState[] = ['succeeded', 'failed', 'canceled', 'expired', 'uncertain'];

/** Whether nothing more will be done for the run. */
export const isFinal = (state: RunState): boolean => over.includes(state);

/** A POST that was about to be made: saved before it is tried, so that whoever comes next knows it may have happened. Unix milliseconds. */
export interface Intent {
  readonly attempt: number;
  /** No POST of this intent is written to the socket after this moment. */
  readonly sendUntil: number;
  /** How the POST ended, when that is known and nothing was made. */
  readonly ended?: 'not-sent' | 'refused';
  /** Why it ended so, as a sentence of its own. */
  readonly because?: string;
  /** Earliest moment for a further POST after a refusal that asks to wait. */
  readonly notBefore?: number;
  /** When GitLab's list was first seen without the pipeline, after the quarantine. */
  readonly firstAbsentAt?: number;
}

/** What came out: text from the job's log or the direct effect, and on failure what went wrong. */
export interface Outcome {
  /** The words for people; from a log, so not trusted as markup. */
  readonly text?: string;
  /** Last lines of the failing job. */
  readonly failure?: { readonly job: string; readonly webUrl: string; readonly lines: string };
  /** A sentence why it ended like this, and what helps. */
  readonly because?: string;
  readonly link?: string;
}

/** Somebody asked a run to stop. */
export interface Canceling {
  readonly account: string;
  readonly name: string;
  readonly at: number;
  /** What GitLab made of it: `taken`, or the words of its refusal. Absent while it was not asked, or did not answer. */
  readonly answer?: string;
}

/** How far chat has been told. */
export interface Told {
  /** Digest of the reply last delivered; empty when nothing was. */
  readonly digest: string;
  /** Failed tries in a row. */
  readonly failures: number;
  /** Failed tries of the final reply. */
  readonly finalFailures: number;
  /** Chat asked to be left alone until then. */
  readonly notBefore?: number;
  /** Nobody can be told any more; the last problem. */
  readonly givenUp?: string;
}

/** One accepted command: plain data, saved by compare-and-set on `version`. Holds no secret. Times are Unix milliseconds. */
export interface Run {
  readonly id: string;
  /** 0 when it was never saved; the store counts it up. */
  readonly version: number;
  /** The life of the store in which it was last saved; empty when it was never saved. The store sets it. */
  readonly generation: string;
  readonly state: RunState;
  readonly command: string;
  readonly mode: Mode;
  /** Where its pipeline runs, as declared when it was decided on: a later change of the command does not reach it. Null for `direct`. */
  readonly target: PipelineTarget | null;
  readonly input: Input;
  /** The one canonical command line, as `/chatops` would take it. */
  readonly line: string;
  readonly caller: Pick<Caller, 'account' | 'name' | 'person'>;
  readonly channel: Channel;
  readonly audience: 'channel' | 'caller';
  readonly rule: Rule;
  readonly revision: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly startBy: number;
  readonly waitUntil: number;
  /** When somebody must look at the run next; null: nothing is to be done. */
  readonly dueAt: number | null;
  /** Who is working on it; others keep off until then. */
  readonly lease: { readonly owner: string; readonly until: number } | null;
  readonly intent: Intent | null;
  readonly pipeline: PipelineView | null;
  readonly canceledBy: Canceling | null;
  /** When GitLab first said that it has no such pipeline. */
  readonly goneAt: number | null;
  readonly outcome: Outcome | null;
  readonly replyTo: ReplyAddress;
  readonly told: Told;
  /** What of the run is on record. */
  readonly recorded: Recorded;
}

/** The state that the audit was told last, and whether it was told the pipeline. */
export interface Recorded {
  readonly state: RunState;
  readonly pipeline: boolean;
}

/** Somebody asked it to stop, and GitLab has not refused. */
export const isAskedToStop = ({ canceledBy }: Pick<Run, 'canceledBy'>): boolean =>
  canceledBy !== null && (canceledBy.answer === undefined || canceledBy.answer === 'taken');

/** The run with its end: nothing more is to be done for it but to tell chat. */
export const endRun = (run: Run, state: RunState, outcome: Outcome | null, now: number): Run => ({
  ...run,
  state,
  outcome,
  changedAt: now,
  dueAt: null,
});

/** Which runs to list. Newest first. */
export interface RunFilter {
  readonly state?: 'active' | 'failed' | 'undelivered';
  readonly account?: string;
  readonly channel?: string;
  readonly limit: number;
}

/** The same caller's same command with the same input: one key for all such runs. */
export interface Alike {
  readonly key: string;
  /** The newest such run that the caller knows of and does not mind; `any` minds none. */
  readonly seen: string | 'any' | 'none';
}

/** `exists`: the id is taken. `forbidden`: it was promised that this run is not made. `alike`: another such run is newer than the one seen. */
export type Created = 'created' | 'exists' | 'forbidden' | { readonly alike: Run };

/**
 * Where runs are kept. One contract for every implementation. Any call may reject with a `store.unavailable` GatewayError
 * within two seconds; nothing is repeated below.
 */
export interface RunStore {
  /**
   * Saves a new run unless its id is already there, or another like it is that was not seen. A run with a generation was thought
   * about in that life of the store: it rejects with `store.unavailable` when that is not the present one any more.
   */
  create(run: Run, alike?: Alike): Promise<Created>;
  /** Makes sure that no run of this id is made any more, however late a `create` arrives; 'exists' when it is there already. */
  forbid(id: string): Promise<'forbidden' | 'exists'>;
  /** The run; one that was last saved in an earlier life of the store comes back doubted (generation.ts). */
  load(id: string): Promise<Run | undefined>;
  /** Saves when the stored version and generation are still the run's; answers the saved run (version + 1), or 'conflict'. */
  save(run: Run): Promise<Run | 'conflict'>;
  /** The store's present life. */
  generation(): Promise<Generation>;
  /** Ids of runs with `dueAt <= before`, most overdue first. */
  due(before: number, limit: number): Promise<readonly string[]>;
  list(filter: RunFilter): Promise<readonly Run[]>;
  /** How many runs have a last word that chat could not be told. */
  undelivered(): Promise<number>;
  /** The run that follows this pipeline. */
  byPipeline(project: string, pipelineId: number): Promise<string | undefined>;
  /** True the first time a key is seen, false again until `ttlMs` have passed. */
  firstTime(key: string, ttlMs: number): Promise<boolean>;
  /** Counts one use; false when `count` uses are already within the last `perMs`. A refused use does not count. */
  allow(key: string, count: number, perMs: number): Promise<boolean>;
  /** Rejects when the store cannot be used. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Carries wake-ups, nothing more: losing one costs time, never a run. */
export interface WakeQueue {
  /** Wakes the run after that time. `urgent` means: look now even if it is not due. */
  wake(runId: string, afterMs: number, urgent: boolean): Promise<void>;
  /** Begins to deliver. `work` may be called twice for a run, or for one that is long over. It never rejects. */
  start(work: (runId: string, urgent: boolean) => Promise<void>): void;
  /** Stops delivering and waits for work in hand. */
  close(): Promise<void>;
}
