import type { Watching } from './watch.ts';

/** What looking again and again needs. */
export interface PollingParts {
  /** Milliseconds between two looks; each pause is up to a fifth shorter or longer, so that instances do not ask together. */
  readonly everyMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly changed: () => void;
}

/** Looks that follow one another, sooner after a hint. */
export interface Polling extends Watching {
  /** There may be something new: look within a second. Any number of hints make one look. */
  hint(): void;
}

const hintedMs = 300;

/** Calls `changed` again and again until it is closed. */
export const createPolling = ({ everyMs, random, changed }: PollingParts): Polling => {
  let timer: NodeJS.Timeout | undefined;
  let hinted = false;
  let closed = false;
  const look = (): void => {
    hinted = false;
    changed();
    next(everyMs * (0.8 + 0.4 * random()));
  };
  const next = (ms: number): void => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(look, ms);
    timer.unref();
  };
  next(everyMs * random());
  return {
    hint() {
      if (hinted) return;
      hinted = true;
      next(hintedMs);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
};
