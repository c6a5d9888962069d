import t from 'tap';
import { beginning, chained, hashOf } from '../../../src/listeners/audit/chain.ts';
import { createChainCheck } from '../../../src/listeners/audit/verification.ts';
import { entry } from './entries.ts';

const log = (count: number): string[] => [
  ...chained(
    Array.from({ length: count }, (_, at) => ({ told: entry(`r${at + 1}`), at: at * 1000 })),
    beginning,
  ).lines,
];

const verify = (lines: readonly string[], torn = '') => {
  const check = createChainCheck();
  for (const line of lines) check.line(Buffer.from(line), true);
  if (torn !== '') check.line(Buffer.from(torn), false);
  return check.end();
};

const ten = log(10);
const other = log(4).with(3, JSON.stringify({ ...JSON.parse(ten[3] ?? ''), run: 'made-up' }));

t.test('a whole log, and an empty one, have no problem', async (t) => {
  t.equal(verify(ten), undefined);
  t.equal(verify([]), undefined);
});

t.test('the first wrong line is named, and what is wrong with it', async (t) => {
  const at = (place: number): string => ten[place] ?? '';
  const edit = (place: number, change: object): string[] =>
    ten.with(place, JSON.stringify({ ...JSON.parse(at(place)), ...change }));
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['a changed value', edit(4, { run: 'x' }), 5, /^the line was changed: line 6 still holds the hash/],
    ['a changed first line', edit(0, { run: 'x' }), 1, /^the line was changed: line 2 still holds/],
    ['a changed hash', edit(4, { prev: 'a'.repeat(64) }), 5, /does not hold the hash of line 4/],
    ['a first line that names one before it', edit(0, { prev: 'a'.repeat(64) }), 1, /names a line before it/],
    ['a changed number', edit(4, { seq: 50 }), 5, /has number 50 instead of 5: the line was changed/],
    ['a changed number of the last', edit(9, { seq: 9 }), 10, /has number 9 instead of 10/],
    ['a missing line', ten.toSpliced(4, 1), 5, /after number 4 comes number 6: 1 line missing/],
    ['three missing lines', ten.toSpliced(4, 3), 5, /after number 4 comes number 8: 3 lines missing/],
    ['a missing beginning', ten.slice(2), 1, /the beginning is missing: the first line has number 3/],
    ['a repeated line', ten.toSpliced(5, 0, at(4)), 6, /it repeats line 5/],
    ['a line repeated far away', ten.toSpliced(8, 0, at(1)), 9, /has number 2, which came before/],
    [
      'two neighbours swapped',
      ten.with(4, at(5)).with(5, at(4)),
      5,
      /number 5 belongs here and stands in line 6/,
    ],
    [
      'two far ones swapped',
      ten.with(2, at(7)).with(7, at(2)),
      3,
      /number 3 belongs here and stands in line 8/,
    ],
    ['a fork', [...other.slice(0, 4), ...ten.slice(3)], 5, /continues the same line as line 4 does/],
    ['not JSON', ten.with(4, 'hello'), 5, /is not one of the audit/],
    ['an empty line', ten.toSpliced(4, 0, ''), 5, /is not one of the audit/],
    ['JSON of another', ten.with(4, '{"hello":1}'), 5, /is not one of the audit/],
  ];
  for (const [name, lines, line, sentence] of cases)
    t.match(verify(lines), { in: 'lines', line, sentence }, name);
  t.match(verify(ten, '{"seq":11'), { in: 'lines', line: 11, sentence: /cut off/ }, 'a torn end');
});

t.test('of several problems the first is told', async (t) => {
  const twice = ten.with(2, 'hello').with(7, 'hello');
  t.match(verify(twice), { line: 3 });
});

t.test('a chain made anew holds: only a checkpoint shows it', async (t) => {
  t.equal(verify(log(10).slice(0, 7)), undefined, 'so does one that was cut off');
  t.equal(hashOf(ten[0] ?? ''), hashOf(Buffer.from(ten[0] ?? '')));
});
