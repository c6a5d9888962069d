import { createHash } from 'node:crypto';
import t from 'tap';
import { chainProblem } from './chain.ts';

const hash = (line: string): string => createHash('sha256').update(line).digest('hex');

/** A whole file of so many lines. */
const lines = (count: number): string[] => {
  const all: string[] = [];
  let prev = '0'.repeat(64);
  for (let seq = 1; seq <= count; seq += 1) {
    const line = JSON.stringify({ seq, prev, kind: 'state', run: `r${seq}` });
    all.push(line);
    prev = hash(line);
  }
  return all;
};

const textOf = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

t.test('a line that was changed, left out, moved or cut off is seen', async (t) => {
  const whole = lines(5);
  const [first = '', second = '', third = '', ...rest] = whole;
  t.match(
    chainProblem(textOf([first, second.replace('r2', 'r9'), third, ...rest])),
    /line 3 does not follow/,
  );
  t.match(chainProblem(textOf([first, third, ...rest])), /line 2 has the number 3/);
  t.match(chainProblem(textOf([second, first, third, ...rest])), /line 1 has the number 2/);
  t.match(chainProblem(textOf(whole).slice(0, -4)), /cut off/);
});

t.test('a whole file and an empty one are in order', async (t) => {
  t.equal(chainProblem(textOf(lines(5))), null);
  t.equal(chainProblem(''), null);
});
