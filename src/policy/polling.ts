import type { Watching } from './watch.ts';

/** What looking again and again needs. */
export interface PollingParts {
  /** Milliseconds between two looks; each pause is up to a fifth shorter or longer, so that instances do not ask together. */
  readonly everyMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Looks; the next look waits for its end. */
  readonly changed: () => Promise<unknown>;
  /** Milliseconds from a hint to its look, and so the shortest time between two looks. */
  readonly hintedMs?: number;
}

/** Looks that follow one another, sooner after a hint. */
export interface Polling extends Watching {
  /** There may be something new: look in a second. Any number of hints make one look; one that comes during a look makes another after it. */
  hint(): void;
}

/** Calls `changed` again and again until it is closed, one call at a time. */
export const createPolling = ({ everyMs, random, changed, hintedMs = 1000 }: PollingParts): Polling => {
  let timer: NodeJS.Timeout | undefined;
  let hinted = false;
  let looking = false;
  let closed = false;
  const next = (ms: number): void => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void look(), ms);
    timer.unref();
  };
  const look = async (): Promise<void> => {
    hinted = false;
    looking = true;
    try {
      await changed();
    } catch {
      // What went wrong is told by whoever looks; the next look comes all the same.
    } finally {
      looking = false;
      next(hinted ? hintedMs : everyMs * (0.8 + 0.4 * random()));
    }
  };
  next(everyMs * random());
  return {
    hint() {
      if (hinted) return;
      hinted = true;
      if (!looking) next(hintedMs);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
};
