import fc from 'fast-check';
import t from 'tap';
import { linesOf, matchingLines } from '../../../../src/sandbox/gitlab/history/matching-lines.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });

/** How many lines two texts have in common at most, by the table that everybody knows. */
function mostInCommon(before: readonly string[], after: readonly string[]): number {
  let row = new Array<number>(after.length + 1).fill(0);
  for (const line of before) {
    const next = [0];
    after.forEach((other, at) => {
      const longer = line === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0);
      next.push(longer);
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

t.test('nothing matches in nothing', async (t) => {
  t.same(matchingLines([], []), []);
  t.same(matchingLines(['a'], []), []);
  t.same(matchingLines([], ['a']), []);
  t.same(matchingLines(['a'], ['b']), []);
});

t.test('pairs are equal lines, in order, and as many as there can be', async () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pairs = matchingLines(before, after);
      const rising = pairs.every(([a, b], at) => {
        const [lastA, lastB] = pairs[at - 1] ?? [-1, -1];
        return before[a] === after[b] && a > lastA && b > lastB;
      });
      return rising && pairs.length === mostInCommon(before, after);
    }),
    { numRuns: 2000 },
  );
});

t.test('texts that differ everywhere do not take for ever', async (t) => {
  const before = Array.from({ length: 20_000 }, (_none, at) => `before ${at}`);
  const after = Array.from({ length: 20_000 }, (_none, at) => `after ${at}`);
  t.same(matchingLines(['same', ...before, 'end'], ['same', ...after, 'end']), [
    [0, 0],
    [20_001, 20_001],
  ]);
});

t.test('a last line break begins no line', async (t) => {
  t.same(linesOf('a\nb\n'), ['a', 'b']);
  t.same(linesOf('a\n\n'), ['a', '']);
  t.same(linesOf(''), []);
});
