import { GatewayError } from '../../core/errors.ts';
import type { Timed } from './chain.ts';
import type { Told } from './line.ts';
import { createWaiting, type WaitingCounts } from './waiting.ts';

/** Milliseconds until the first try after a failure, doubled with each further one up to the last. */
export interface Retry {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** How entries are gathered and what becomes of them when they cannot be written. */
export interface BatchOptions {
  /** Puts a batch where it is kept. A rejection means: none of it is there. */
  readonly append: (batch: readonly Timed[]) => Promise<void>;
  readonly now: () => number;
  /** So many entries of what has happened wait in memory; more are only counted. */
  readonly keepAtMost: number;
  readonly retry: Retry;
  /** Told once when writing begins to fail, and once when it is well again. */
  readonly problem: (words: string, error?: unknown) => void;
}

/** Gathers entries into batches. */
export interface Batches {
  /** Resolves once the entry is on disk. Rejects with `accept.unavailable` when it could not be written. */
  record(told: Told): Promise<void>;
  /** Resolves once the entry is on disk, or is known to wait in memory for that. Never rejects. */
  recordDone(told: Told): Promise<void>;
  /** Whether the last attempt to write went well. */
  good(): boolean;
  counts(): WaitingCounts;
  /** Takes a failure of the place itself as one to write: tries again by itself. */
  failed(error: unknown): void;
  /** Ends the tries after a last one for what still waits. */
  close(): Promise<void>;
}

const refusal = (cause: unknown): GatewayError =>
  cause instanceof GatewayError
    ? new GatewayError('accept.unavailable', cause.message, { cause })
    : new GatewayError('accept.unavailable', 'writing the audit: it cannot be written', { cause });

const createFailures = (retry: Retry, problem: BatchOptions['problem'], again: () => void) => {
  let failures = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  return {
    good: () => failures === 0,
    one: (error: unknown): void => {
      failures += 1;
      if (failures === 1) problem('the audit cannot be written', error);
      clearTimeout(timer);
      if (ended) return;
      timer = setTimeout(again, Math.min(retry.mostMs, retry.firstMs * 2 ** Math.min(failures - 1, 20)));
      timer.unref();
    },
    none: (): void => {
      if (failures > 0) problem('the audit can be written again');
      failures = 0;
      clearTimeout(timer);
    },
    end: (): void => {
      ended = true;
      clearTimeout(timer);
    },
  };
};

/** Entries that arrive while a batch is being synced share the next one. */
export const createBatches = ({ append, now, keepAtMost, retry, problem }: BatchOptions): Batches => {
  const waiting = createWaiting({ now, keepAtMost });
  let writing: Promise<void> | undefined;

  const failed = (error: unknown): void => {
    failures.one(error);
    waiting.failed(refusal(error));
  };
  const writeAll = async (): Promise<void> => {
    while (!waiting.isEmpty()) {
      const batch = waiting.take();
      try {
        await append(batch.entries);
      } catch (error) {
        failed(error);
        break;
      }
      failures.none();
      waiting.written(batch);
    }
    writing = undefined;
  };
  const begin = (): void => {
    writing ??= Promise.resolve().then(writeAll);
  };
  const failures = createFailures(retry, problem, begin);

  return {
    record: (told) =>
      new Promise((resolve, reject) => {
        waiting.add({ timed: { told, at: now() }, settle: resolve, refuse: reject });
        begin();
      }),
    recordDone: async (told) => {
      const timed = { told, at: now() };
      // The timer tries for all that wait; a try for each would only meet the same full disk.
      if (!failures.good()) return waiting.addIfRoom({ timed, settle: () => undefined });
      return new Promise((settle) => {
        waiting.add({ timed, settle });
        begin();
      });
    },
    good: failures.good,
    counts: waiting.counts,
    failed,
    close: async () => {
      failures.end();
      await writing;
      if (waiting.isEmpty()) return;
      begin();
      await writing;
      const { waiting: lost, missing } = waiting.counts();
      if (lost + missing > 0) problem(`${lost + missing} entries of what has happened could not be audited`);
    },
  };
};
