import type { Dice } from './dice.ts';

/** From and to, milliseconds, both may happen. */
export type Span = readonly [from: number, to: number];

/** The word that a draw falls on when each has its share of 1; null for the rest. */
export function choose<Word extends string>(
  shares: Readonly<Record<Word, number>>,
  drawn: number,
): Word | null {
  let left = drawn;
  for (const word in shares) {
    left -= shares[word];
    if (left < 0) return word;
  }
  return null;
}

/** A whole number of milliseconds within a span. */
export function within([from, to]: Span, dice: Dice, kind: string): number {
  return from + Math.floor(dice(kind) * (to - from + 1));
}
