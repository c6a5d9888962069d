import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { readCommandLine } from '../../src/core/command-line.ts';
import type { InputSpec } from '../../src/core/input.ts';
import { straighten } from '../../src/core/text.ts';
import { command } from '../support/commands.ts';

const inputs: readonly InputSpec[] = [
  { name: 'text', type: 'string', required: false },
  { name: 'share', type: 'number', required: false },
  { name: 'count', type: 'integer', required: false },
  { name: 'loud', type: 'boolean', required: false },
  { name: 'more', type: 'string', required: false },
];
const commands = [command({ name: 'say', inputs })];
const read = (typed: string) => readCommandLine({ commands, builtIns: [], offered: () => [] }, typed);

const known: Readonly<Record<string, readonly [string, string]>> = {
  'a long dash before a letter': ['say "—n9"', 'say "—n9"'],
  'two short dashes of another kind before a letter': ['say "‐‐n"', 'say "‐‐n"'],
  'a long dash after a blank in quotes': ['say "a "—b', 'say "a —b"'],
  'a long dash in a named value': ['say text="—n"', 'say --text="—n"'],
  'a stroke that would join the sign before it': ['say text="\u0338x"', 'say --text="\u0338x"'],
  'an accent kept from its letter by quotes': ['say e""\u0301', 'say é'],
  'a number in more zeros than it needs': ['say --share=+00.50', 'say --share=0.5'],
  'the smallest number that prints plainly': ['say --share=0.000001', 'say --share=0.000001'],
  'nothing below zero': ['say --share=-0', 'say --share=0'],
};

for (const [name, [typed, line]] of Object.entries(known)) {
  t.test(`${name} has a canonical line that reads back as itself`, async (t) => {
    const first = read(typed);
    t.match(first, { kind: 'command', line });
    t.same(read(line), first);
  });
}

const tricky = fc.constantFrom(
  ...['"', '\\', ' ', '=', '＝', '-', '--', '—', '―', '‐', '“', '\u3000', '\u2003', 'n', 'e', 'Ａ', '""'],
  ...['\u0301', '\u0338', '\u0316', '\u200b', '\u1100', '\u1161', '\u11a8', '--text=', 'more='],
);
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: tricky }, fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''));
const number = fc.oneof(
  fc.double().map(String),
  fc.integer().map(String),
  fc.stringMatching(/^[+-]?[0-9]{0,23}(\.[0-9]{1,23})?$/),
);
const written = fc.oneof(
  text,
  text.map((held) => `"${held.replace(/[\\"]/g, '\\$&')}"`),
  number,
  fc.constantFrom('true', 'no', 'ON'),
);
const word = fc
  .tuple(fc.constantFrom('', '', ...inputs.map(({ name }) => `--${name}=`)), written)
  .map((pair) => pair.join(''));

t.test('the canonical line reads back as itself, whatever was typed', async (t) => {
  let understood = 0;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const first = read(`say ${words.join(' ')}`);
      if (first.kind !== 'command') return true;
      understood++;
      return isDeepStrictEqual(read(first.line), first);
    }),
    { numRuns: 4000 },
  );
  t.ok(understood > 500, `${understood} lines were understood`);
});

t.test('every value of a type reads back as itself', async () => {
  const values = fc.record(
    {
      text: text.map((held) => `"${straighten(held).replace(/[\\"]/g, '\\$&')}"`),
      share: fc
        .double({ noNaN: true, min: -1e20, max: 1e20 })
        .map(String)
        .filter((typed) => !typed.includes('e')),
      count: fc.maxSafeInteger().map(String),
      loud: fc.constantFrom('true', 'false', 'Yes'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(values, fc.boolean(), (given, named) => {
      const all = Object.entries(given);
      const inOrder = named || all.length === 4;
      const typed = all.map(([name, value]) => (inOrder && !named ? value : `--${name}=${value}`)).join(' ');
      const first = read(`say ${typed}`);
      if (first.kind !== 'command') throw new Error(`${typed} is not understood: ${JSON.stringify(first)}`);
      return isDeepStrictEqual(read(first.line), first);
    }),
    { numRuns: 1000 },
  );
});
