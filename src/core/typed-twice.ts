import { isFinal, type Run } from './run.ts';

/** A command that was done this long ago is probably not meant a second time. Milliseconds. */
export const aMomentMs = 60_000;

/**
 * Whether the same caller's same command should not be done once more without being asked: while the other run goes on, for a
 * moment after it was done, and as long as nobody knows what became of it. One that failed is there to be tried again.
 */
export const isInTheWay = (other: Run, now: number): boolean =>
  !isFinal(other.state) ||
  other.state === 'uncertain' ||
  (other.state === 'succeeded' && now - other.changedAt < aMomentMs);
