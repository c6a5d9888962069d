import fc from 'fast-check';
import t from 'tap';
import { quote, straighten } from '../../src/core/text.ts';
import { tokenize } from '../../src/core/tokens.ts';

const cases: Readonly<Record<string, readonly [string, string]>> = {
  'a zero-width character cannot keep an accent from its letter': ['cafe\u200b\u0301', 'café'],
  'a full-width letter and its accent become one letter': ['Ｅ\u0301', 'É'],
  'a full-width equals sign and its stroke become one sign': ['＝\u0338', '≠'],
  'a zero-width character cannot hide an option': ['—\u200bnow', '--now'],
  'a control character cannot hide an option': ['say —\u0007now', 'say --now'],
  'a long dash inside quotes is a dash': ['say "a —b"', 'say "a —b"'],
  'a long dash inside curly quotes is a dash': ['say “a —b”', 'say "a —b"'],
  'an escaped quote does not end the quotes': ['say "a \\" —b" —c', 'say "a \\" —b" --c'],
  'a backslash before the closing quote is text': ['say "a\\\\" —c', 'say "a\\\\" --c'],
  'a long dash after quotes is a dash': ['say "a"—b', 'say "a"—b'],
  'a long dash that begins a word is two': ['say —b', 'say --b'],
  'two long dashes that begin a word are two': ['say ——b', 'say --b'],
  'a long dash before a digit is a dash': ['say —5', 'say —5'],
};

for (const [name, [typed, expected]] of Object.entries(cases)) {
  t.test(name, async (t) => t.equal(straighten(typed), expected));
}

const tricky = fc.constantFrom(
  ...['"', '\\', ' ', '=', '＝', '-', '—', '―', '‐', '“', '\u3000', '\t', '\u2003', 'n', 'e', 'Ａ', '가'],
  ...['\u0301', '\u0338', '\u0316', '\u200b', '\u202e', '\u0000', '\u1100', '\u1161', '\u11a8', '\u212a'],
);

/** Text made of what straightening is about, and of anything else. */
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: tricky }, fc.string({ unit: 'binary', maxLength: 3 })))
  .map((pieces) => pieces.join(''));

const runs = { numRuns: 2000 } as const;

t.test('what is straight stays as it is', async () => {
  fc.assert(
    fc.property(text, (typed) => straighten(straighten(typed)) === straighten(typed)),
    runs,
  );
});

t.test('what is straight is composed, and nothing that was put right comes back', async () => {
  const gone = /[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff“”＝Ａ\u3000\u00a0]/;
  fc.assert(
    fc.property(text, (typed) => {
      const straight = straighten(typed);
      return straight === straight.normalize('NFC') && !gone.test(straight);
    }),
    runs,
  );
});

t.test('no letter that composes changes what a dash before it means', async (t) => {
  const changed: string[] = [];
  for (let code = 0x21; code < 0x30000; code++) {
    const letter = String.fromCodePoint(code);
    if (letter === letter.normalize('NFC')) continue;
    const straight = straighten(`—${letter}`);
    if (straighten(straight) !== straight) changed.push(code.toString(16));
  }
  t.same(changed, []);
});

t.test('a quoted value is read back, by position and by name', async () => {
  const value = text.map((typed) => typed.replace(/[\u0000-\u001f]/g, '')).map((typed) => quoted(typed));
  fc.assert(
    fc.property(value, (held) => {
      const line = `${quote(held)} --x=${quote(held)}`;
      const read = tokenize(straighten(line));
      return (
        straighten(line) === line &&
        read.ok &&
        read.tokens.length === 2 &&
        read.tokens[0]?.text === held &&
        read.tokens[1]?.text === `--x=${held}`
      );
    }),
    runs,
  );
});

/** A value as it comes out of a straightened line: composed, and without what straightening drops or replaces anywhere. */
const quoted = (typed: string): string => {
  const read = tokenize(straighten(`"${typed.replace(/[\\"]/g, '\\$&')}"`));
  return read.ok ? (read.tokens[0]?.text ?? '').normalize('NFC') : '';
};
