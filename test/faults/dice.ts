/** Chance that can be thrown again: the same seed gives the same throws. */
export interface Dice {
  /** At least 0, less than 1. */
  readonly next: () => number;
  /** A whole number from `from` to `to`, both possible. */
  readonly between: (from: number, to: number) => number;
  readonly chance: (share: number) => boolean;
  /** One of the list, which must not be empty. */
  readonly pick: <T>(from: readonly T[]) => T;
  /** Dice of their own under that name: what is thrown with them moves no others. */
  readonly apart: (name: string) => Dice;
}

/** Mixes a text into 32 bits (FNV-1a). */
const mixed = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
};

/** Dice for a seed; the numbers come from Mulberry32, which is small and good enough for a schedule. */
export const createDice = (seed: string): Dice => {
  let state = mixed(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (from) => {
      const one = from[between(0, from.length - 1)];
      if (one === undefined) throw new Error('picking one of an empty list');
      return one;
    },
    apart: (name) => createDice(`${seed}/${name}`),
  };
};

/** A seed that was not used before, short enough to be typed again. */
export const freshSeed = (now: number): string => (now % 2 ** 31).toString(36);
