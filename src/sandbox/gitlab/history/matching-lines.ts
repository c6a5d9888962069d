/** Pairs of line numbers (from 0) at which two texts have the same line, in order. */
export type Matches = readonly (readonly [before: number, after: number])[];

/** More single edits than this are not looked for: the texts then count as different from their first to their last difference. */
const mostEdits = 1000;

/** The lines that stayed when one text became another, by the shortest way of single edits (Myers, "An O(ND) Difference Algorithm"). */
export function matchingLines(before: readonly string[], after: readonly string[]): Matches {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const middle = shortestWay(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
  );
  return [
    ...Array.from({ length: start }, (_none, at) => [at, at] as const),
    ...middle.map(([a, b]) => [a + start, b + start] as const),
    ...Array.from({ length: end }, (_none, at) => {
      const fromEnd = end - at;
      return [before.length - fromEnd, after.length - fromEnd] as const;
    }),
  ];
}

/** Lines of a text, without an empty one after the last line break. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

type Reach = ReadonlyMap<number, number>;

function shortestWay(before: readonly string[], after: readonly string[]): Matches {
  if (before.length === 0 || after.length === 0) return [];
  const steps: Reach[] = [];
  let reach: Reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(mostEdits, before.length + after.length); edits += 1) {
    steps.push(reach);
    const next = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      let x = comesFromAbove(reach, k, edits) ? at(reach, k + 1) : at(reach, k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return wayBack(steps, before.length, after.length);
    }
    reach = next;
  }
  return [];
}

function wayBack(steps: readonly Reach[], lengthBefore: number, lengthAfter: number): Matches {
  const pairs: (readonly [number, number])[] = [];
  let x = lengthBefore;
  let y = lengthAfter;
  for (let edits = steps.length - 1; edits >= 0; edits -= 1) {
    const reach: Reach = steps[edits] ?? new Map();
    const k = x - y;
    const above = comesFromAbove(reach, k, edits);
    const fromX = edits === 0 ? 0 : above ? at(reach, k + 1) : at(reach, k - 1);
    const fromY = edits === 0 ? 0 : fromX - (above ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}

function comesFromAbove(reach: Reach, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
}

function at(reach: Reach, k: number): number {
  return reach.get(k) ?? -1;
}
