import type { AuditEntry, AuditLine } from './core/audit-entry.ts';
import { GatewayError } from './core/errors.ts';
import { type Generation, perhapsSent } from './core/generation.ts';
import {
  type Alike,
  type Created,
  endRun,
  isFinal,
  type Run,
  type RunStore,
  type WakeQueue,
} from './core/run.ts';
import { isInTheWay } from './core/typed-twice.ts';
import { type Ended, type Unfinished, unfinishedRuns } from './core/unfinished.ts';

/** What restoring needs of the world. */
export interface RestoreParts {
  readonly now: () => number;
  /** The record since then, oldest line first. */
  readonly readBack: (since: number) => Promise<readonly AuditLine[]>;
  readonly store: Pick<RunStore, 'create' | 'load' | 'save' | 'generation'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  readonly note: (entry: AuditEntry) => Promise<void>;
  readonly alikeKey: (run: Run) => string | undefined;
  readonly sendWithinMs: number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
  };
  readonly onRestored?: () => void;
}

/** So many requests are kept in mind: those of minutes, far longer than one can come again. */
const mostRemembered = 50_000;

/** Runs accepted longer ago than this have ended, or are in every backup. */
const lookBackMs = 24 * 60 * 60 * 1000;

/** So many runs are asked for at a time. */
const atOnce = 50;

const againAfterMs = 1000;

/** A new run waits so long for the restoring of the others, then it is not accepted. */
const gateMs = 1500;

/** A run that nobody can have worked is only restored when its caller did not type it again meanwhile: they were never told that it was accepted. */
const create = async (parts: RestoreParts, run: Run, isNew: boolean): Promise<Created> => {
  const key = isNew ? parts.alikeKey(run) : undefined;
  if (key === undefined) return parts.store.create(run);
  const created = await parts.store.create(run, { key, seen: 'none' });
  if (typeof created !== 'object' || isInTheWay(created.alike, parts.now())) return created;
  return parts.store.create(run, { key, seen: created.alike.id });
};

const endedAs = (run: Run, { state, because, at }: Ended): Run => ({
  ...endRun(run, state, because === null ? null : { because }, at),
  recorded: { state, pipeline: false },
});

/**
 * The run as it must have stood. One that ended is only told, unless GitLab still knows what came out; one that nobody can
 * have worked is as new; every other may have been sent.
 */
const asItStood = (parts: RestoreParts, lost: Unfinished, { beganAt }: Generation): Run => {
  const run = { ...lost.run, canceledBy: lost.canceledBy };
  if (lost.ended !== null && !lost.hasPipeline) return endedAs(run, lost.ended);
  return isUntouched(lost, beganAt) ? run : perhapsSent(run, beganAt, parts.sendWithinMs);
};

/** Clocks of gateways, chat apps and stores differ by less than this. Milliseconds. */
const clocksDifferMs = 5000;

/** Nobody can have worked it: it was asked for and accepted in this life of the store, which never had it. */
const isUntouched = ({ sent, at, sentAt, ended }: Unfinished, beganAt: number): boolean =>
  !sent && ended === null && Math.min(at, sentAt) > beganAt + clocksDifferMs;

const restoreMissing = async (
  parts: RestoreParts,
  lost: Unfinished,
  generation: Generation,
): Promise<void> => {
  const run = asItStood(parts, lost, generation);
  const isNew = isUntouched(lost, generation.beganAt);
  const created = await create(parts, { ...run, generation: generation.id, dueAt: parts.now() }, isNew);
  if (created !== 'created') return;
  parts.log.warn({ run: run.id }, 'the store had forgotten a run; it was restored from the audit');
  await parts.note({ kind: 'restored', run: run.id });
  parts.onRestored?.();
  await parts.queue.wake(run.id, 0, false).catch(() => undefined);
};

/** The wish to stop, where the store has forgotten it. */
const restoreCancel = async (
  { store, now }: RestoreParts,
  stored: Run,
  canceledBy: Unfinished['canceledBy'],
): Promise<void> => {
  if (canceledBy === null || stored.canceledBy !== null || isFinal(stored.state)) return;
  await store.save({ ...stored, canceledBy, dueAt: now() });
};

/**
 * Stores again what the record knows and the store has forgotten: after a crash between the two, and after a store lost its last
 * writes. New runs wait for it, so that a request that comes again is known.
 */
export const createRestore = (parts: RestoreParts) => {
  const accepting = new Set<string>();
  const remembered = new Set<string>();
  const creating = new Set<Promise<unknown>>();
  let newest: Generation | undefined;
  let restored: Promise<void> = Promise.resolve();

  const remember = (runId: string): void => {
    const [oldest] = remembered.size < mostRemembered ? [] : remembered;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.add(runId);
  };

  const restoreOne = async (unfinished: Unfinished, generation: Generation): Promise<void> => {
    // Whoever accepts it right now stores it, or says that it is not accepted.
    if (accepting.has(unfinished.run.id)) return;
    const stored = await parts.store.load(unfinished.run.id);
    if (stored === undefined) await restoreMissing(parts, unfinished, generation);
    else await restoreCancel(parts, stored, unfinished.canceledBy);
  };

  const restoreAll = async (generation: Generation): Promise<void> => {
    // What was on its way to the store has arrived, or never will.
    await Promise.allSettled(creating);
    const runs = unfinishedRuns(await parts.readBack(parts.now() - lookBackMs));
    for (let from = 0; from < runs.length; from += atOnce) {
      await Promise.all(runs.slice(from, from + atOnce).map((run) => restoreOne(run, generation)));
    }
    parts.log.info({ generation: generation.id, unfinished: runs.length }, 'the store has what is on record');
  };

  const untilDone = async (generation: Generation): Promise<void> => {
    while (newest === generation) {
      try {
        return await restoreAll(generation);
      } catch (err) {
        parts.log.warn({ err }, 'what the store may have forgotten could not be restored; trying again');
        await parts.pause(againAfterMs);
      }
    }
  };

  const gate = async (): Promise<void> => {
    await parts.store.generation();
    const waited = await Promise.race([
      restored.then(() => 'open' as const),
      parts.pause(gateMs).then(() => 'shut' as const),
    ]);
    if (waited === 'shut')
      throw new GatewayError('store.unavailable', 'storing a run: what the store forgot is being restored');
  };

  return {
    /** The store lives a life that was not seen before. */
    began: (generation: Generation): void => {
      newest = generation;
      void parts.note({ kind: 'store', generation: generation.id });
      restored = restored.then(() => untilDone(generation));
    },
    /** Resolves when nothing is left to be restored. */
    settled: (): Promise<void> => restored,
    /** Notes who is being accepted, and tells the work whether the same request was here before. */
    accepting: async <T>(runId: string, work: (again: boolean) => Promise<T>): Promise<T> => {
      if (remembered.has(runId)) return work(true);
      remember(runId);
      accepting.add(runId);
      try {
        return await work(false);
      } finally {
        accepting.delete(runId);
      }
    },
    /** Stores a new run, after what was forgotten. */
    create: async (run: Run, alike?: Alike): Promise<Created> => {
      await gate();
      const making = parts.store.create(run, alike).finally(() => creating.delete(making));
      creating.add(making);
      return making;
    },
  };
};
