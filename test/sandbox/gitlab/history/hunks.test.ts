import fc from 'fast-check';
import t from 'tap';
import { hunksOf, unified } from '../../../../src/sandbox/gitlab/history/hunks.ts';

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_none, at) => `${from + at}\n`).join('');

t.test('equal texts have no hunk', async (t) => {
  t.same(hunksOf('a\nb\n', 'a\nb\n'), []);
  t.same(hunksOf('', ''), []);
});

t.test('one changed line is shown with three lines around it', async (t) => {
  const after = numbers(1, 20).replace('10\n', 'ten\n');
  t.equal(unified(hunksOf(numbers(1, 20), after)), '@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n');
});

t.test('changes far from each other are hunks of their own, near ones are one', async (t) => {
  const far = numbers(1, 30).replace('3\n', 'x\n').replace('25\n', 'y\n');
  t.equal(hunksOf(numbers(1, 30), far).length, 2);
  const near = numbers(1, 30).replace('\n4\n', '\nx\n').replace('\n9\n', '\ny\n');
  t.equal(hunksOf(numbers(1, 30), near).length, 1);
});

t.test('a new and a deleted file', async (t) => {
  t.equal(unified(hunksOf('', 'a\nb\n')), '@@ -0,0 +1,2 @@\n+a\n+b\n');
  t.equal(unified(hunksOf('a\nb\n', '')), '@@ -1,2 +0,0 @@\n-a\n-b\n');
});

/** The text that a diff makes of another, taken at its word. */
function applied(before: readonly string[], hunks: ReturnType<typeof hunksOf>): readonly string[] {
  const made: string[] = [];
  let at = 0;
  for (const { kind, text, before: number } of hunks.flat()) {
    if (number !== undefined) {
      made.push(...before.slice(at, number - 1));
      at = number;
    }
    if (kind !== 'removed') made.push(text);
  }
  return [...made, ...before.slice(at)];
}

t.test('a diff makes one text of the other', async () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
  const whole = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  fc.assert(
    fc.property(text, text, (before, after) => {
      const made = applied(before, hunksOf(whole(before), whole(after)));
      return whole(made) === whole(after);
    }),
    { numRuns: 1000 },
  );
});
