/** Knows how long something that is read only now may have lain there already. */
export interface Turns {
  /** The earliest moment, by the same clock, at which what is read now can have come. */
  earliest(): number;
  close(): void;
}

const everyMs = 10;

/**
 * Watches the event loop by a clock that never goes back (`tick`, milliseconds). A process that was starved or stopped reads
 * late what came early; a request counts from when it can have come, so that it is never thought younger than it is.
 */
export function watchTurns(tick: () => number): Turns {
  let last = tick();
  // One turn back: after a stop, a timer may run before what came meanwhile is read.
  let before = last;
  const timer = setInterval(() => {
    before = last;
    last = tick();
  }, everyMs);
  timer.unref();
  return { earliest: () => before, close: () => clearInterval(timer) };
}
