import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { readCommandLine } from '../../src/core/command-line.ts';
import type { InputSpec } from '../../src/core/input.ts';
import { straighten } from '../../src/core/text.ts';
import { tokenize } from '../../src/core/tokens.ts';
import { command } from '../support/commands.ts';

const inputs: readonly InputSpec[] = [
  { name: 'text', type: 'string', required: false },
  { name: 'loud', type: 'boolean', required: false },
  { name: 'more', type: 'string', required: false },
];
const say = command({ name: 'say', inputs });
const sayAll = command({ name: 'say all', inputs: [{ name: 'text', type: 'string', required: true }] });
const vocabulary = { commands: [say, sayAll], builtIns: ['help', 'cancel'], offered: () => ['say'] };
const read = (typed: string) => readCommandLine(vocabulary, typed);

t.test('--again with a value, or before the command, is not understood', async (t) => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['say hi --again=yes', '--again=yes', /^--again stands alone, it takes no value$/],
    ['say hi again=yes', 'again=yes', /has no input "again".*in quotes if it is one/],
    ['--again say hi', '--again', /no command "--again"/],
    ['say --text --again', '--text', /text has no value/],
  ];
  for (const [typed, spot, message] of cases) {
    const answer = read(typed);
    t.match(answer, { kind: 'problem', problem: { message } }, typed);
    if (answer.kind === 'problem')
      t.equal(answer.problem.line.slice(answer.problem.start, answer.problem.end), spot);
  }
});

t.test('a quoted --again is a value', async (t) => {
  for (const typed of ['say "--again"', 'say --"again"', 'say --text="--again"', 'say --text "--again"'])
    t.match(read(typed), { kind: 'command', again: false, input: { text: '--again' } }, typed);
});

t.test('--again is heard wherever it stands, and leaves no trace in line and input', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['say --again', 'say'],
    ['say --again hi', 'say hi'],
    ['say hi --again', 'say hi'],
    ['run say hi --again', 'say hi'],
    ['say hi —again', 'say hi'],
    ['say hi --again --again', 'say hi'],
    ['say --text --again hi', 'say --text=hi'],
    ['say hi --loud --again', 'say hi --loud=true'],
    ['say "--again" --again', 'say "--again"'],
    ['say --again all', 'say "all"'],
    ['say all --again all', 'say all all'],
  ];
  for (const [typed, line] of cases) t.match(read(typed), { kind: 'command', again: true, line }, typed);
  t.match(read('say hi'), { again: false });
});

t.test('a built-in command gets --again as it was typed', async (t) => {
  t.match(read('cancel r1 --again'), { kind: 'built-in', rest: 'r1 --again' });
});

const word = fc.oneof(
  fc.constantFrom(
    'hi',
    'all',
    '--text=a',
    'more=b',
    '--more',
    '--loud',
    'no',
    '"--again"',
    '--text="--again"',
  ),
  fc.constantFrom('--text', '"a b"', '—loud', '=', '\u0301x', '"'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

t.test('with and without --again, at any place, a line says the same', async (t) => {
  let understood = 0;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), fc.nat(), (words, place) => {
      const without = straighten(`say ${words.join(' ')}`);
      const split = tokenize(without);
      if (!split.ok || split.tokens.some(({ text, quoted }) => text === '--again' && !quoted)) return true;
      const first = read(without);
      // After the whole name: `say --again all` is about `say`, as nobody would doubt who reads it.
      const name = first.kind === 'command' ? first.command.name : 'say all';
      const from = name.split(' ').length;
      const spots = [...split.tokens.slice(from).map(({ start }) => start), without.length];
      const at = spots[place % spots.length] ?? without.length;
      const second = read(`${without.slice(0, at)} --again ${without.slice(at)}`);
      if (first.kind !== 'command') return second.kind === first.kind;
      understood++;
      return (
        second.kind === 'command' && second.again && isDeepStrictEqual({ ...second, again: false }, first)
      );
    }),
    { numRuns: 3000 },
  );
  t.ok(understood > 500, `${understood} lines were understood`);
});
