import type { RunStore, WakeQueue } from '../core/run.ts';
import type { Problem } from './delivery.ts';

/** What the sweeper needs. Times in milliseconds. */
export interface SweeperOptions {
  readonly due: RunStore['due'];
  readonly wake: WakeQueue['wake'];
  readonly now: () => number;
  /** Pause between two sweeps. */
  readonly everyMs: number;
  /** A run this much overdue has lost its wake-up. */
  readonly graceMs: number;
  /** A run is woken again only after this. */
  readonly againMs: number;
  readonly problem: Problem;
}

/** Wakes runs whose wake-up was lost. */
export interface Sweeper {
  start(): void;
  /** One sweep; answers how many runs were woken. Never rejects. */
  sweep(): Promise<number>;
  /** Stops, and waits for a sweep in hand. */
  close(): Promise<void>;
}

/** As many as one sweep wakes; the rest is found by the next ones. */
const atOnce = 500;

/** Makes the net under the queue: a wake-up that was lost costs time, never a run. */
export const createSweeper = (options: SweeperOptions): Sweeper => {
  const { due, wake, now, everyMs, graceMs, againMs, problem } = options;
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<number> = Promise.resolve(0);
  let closed = false;
  /** When a run was last woken: one that stays overdue, because GitLab hangs, is not woken by every sweep. */
  const woken = new Map<string, number>();
  const isFresh = (runId: string): boolean =>
    now() - (woken.get(runId) ?? Number.NEGATIVE_INFINITY) < againMs;

  const forget = (): void => {
    for (const [runId] of woken) if (!isFresh(runId)) woken.delete(runId);
  };

  const sweepOnce = async (): Promise<number> => {
    let count = 0;
    try {
      forget();
      // Those woken lately may still be overdue: they must not hide the others.
      const overdue = await due(now() - graceMs, atOnce + woken.size);
      for (const runId of overdue.filter((id) => !woken.has(id))) {
        if (closed) break;
        await wake(runId, 0, false);
        woken.set(runId, now());
        count += 1;
      }
    } catch (error) {
      problem('overdue runs could not be woken; the next sweep tries again', error);
    }
    return count;
  };

  const sweep = (): Promise<number> => {
    sweeping = sweeping.then(sweepOnce);
    return sweeping;
  };

  const next = (): void => {
    if (closed) return;
    timer = setTimeout(() => void sweep().then(next), everyMs);
    timer.unref();
  };

  return {
    start: next,
    sweep,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await sweeping;
    },
  };
};
