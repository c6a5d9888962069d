import { createHash } from 'node:crypto';

/** Draws a number from 0 up to, not including, 1. Each kind has its own sequence: a draw of one never shifts another's. */
export type Dice = (kind: string) => number;

/** Dice that stand at the beginning of every sequence. The seed alone decides what the n-th draw of a kind is. */
export function createDice(seed: number): Dice {
  const sequences = new Map<string, () => number>();
  return (kind) => {
    const known = sequences.get(kind) ?? sequenceOf(seed, kind);
    sequences.set(kind, known);
    return known();
  };
}

/** SplitMix32 from a start that differs for every seed and kind (constants: https://github.com/skeeto/hash-prospector). */
function sequenceOf(seed: number, kind: string): () => number {
  let state = createHash('sha256')
    .update(JSON.stringify([seed, kind]))
    .digest()
    .readInt32BE(0);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
