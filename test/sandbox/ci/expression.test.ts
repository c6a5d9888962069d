import fc from 'fast-check';
import t from 'tap';
import { expand, expandAll } from '../../../src/sandbox/ci/expand.ts';
import { holds } from '../../../src/sandbox/ci/expression.ts';

const VALUES: Readonly<Record<string, string>> = {
  A: 'a',
  EMPTY: '',
  BRANCH: 'feature/x',
  PATTERN: '/^FEAT/i',
  TEXT: 'feat',
};
const variable = (name: string): string | undefined => VALUES[name];

const FALSE = [
  '$GONE',
  '$EMPTY',
  'null',
  '""',
  '$A == "b"',
  '$A != "a"',
  '$GONE == ""',
  '$EMPTY == null',
  '$BRANCH =~ /^main$/',
  '$BRANCH !~ /^feature/',
  '$GONE =~ /./',
  '$A =~ $GONE',
  '$A == "a" && $GONE',
  '$GONE || $EMPTY',
  '($A == "b" || $A == "c") && $A',
  '$TEXT =~ /FEAT/',
];

const TRUE = [
  '$A',
  '"text"',
  '$A == "a"',
  "$A == 'a'",
  '"a"==$A',
  '$A != null',
  '$GONE == null',
  '$EMPTY != null',
  '$EMPTY == ""',
  '$BRANCH =~ /^feature\\/.+/',
  '$BRANCH =~ /FEATURE/i',
  '$BRANCH =~ $PATTERN',
  '$BRANCH !~ /^main$/',
  '$GONE !~ /./',
  '$A !~ $GONE',
  '$A && $BRANCH',
  '$GONE || $A',
  '$GONE && $GONE || $A',
  '$A || $GONE && $GONE',
  '$A && ($GONE || $BRANCH)',
  '(($A))',
  '$A == $A',
];

for (const expression of FALSE)
  t.test(`does not hold: ${expression}`, async (t) => t.notOk(holds(expression, variable)));
for (const expression of TRUE) t.test(`holds: ${expression}`, async (t) => t.ok(holds(expression, variable)));

const BROKEN = [
  '',
  '   ',
  '$A ==',
  '== $A',
  '$A $A',
  '($A',
  '$A)',
  'plain',
  '$A === "a"',
  '$A & $A',
  '"open',
  '$A =~ /(/',
  '$A =~ /(?=x)/',
  '()',
  '$',
];

for (const expression of BROKEN) {
  t.test(`is no expression: ${expression}`, async (t) =>
    t.throws(() => holds(expression, variable), { name: 'ConfigError' }),
  );
}

t.test('an expression of more than a hundred parts is refused', async (t) => {
  const long = Array.from({ length: 60 }, () => '$A').join(' && ');
  t.throws(() => holds(long, variable), { name: 'ConfigError' });
});

const EXPANSIONS: readonly (readonly [string, string])[] = [
  ['$A', 'a'],
  [`\${A}b$A`, 'aba'],
  ['$AB', ''],
  ['$$A', '$A'],
  ['$$', '$'],
  ['costs $5', 'costs '],
  ['$(touch x)', '$(touch x)'],
  ['`touch x`', '`touch x`'],
  ['100% of $', '100% of $'],
  [`$-A \${GONE}!`, 'A !'],
];

for (const [text, expected] of EXPANSIONS) {
  t.test(`${text} is expanded to ${expected}`, async (t) => t.equal(expand(text, variable), expected));
}

t.test('text without a dollar is never changed by expansion', async (t) => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('$'));
  t.doesNotThrow(() => fc.assert(fc.property(text, (value) => expand(value, variable) === value)));
});

const file = (key: string): string => `/files/${key}`;

t.test('variables in a circle are named', async (t) => {
  const circle = [
    { key: 'A', value: '$B' },
    { key: 'B', value: `x\${C}` },
    { key: 'C', value: '$A' },
  ];
  t.same(expandAll(circle, file), { ok: false, circle: ['A', 'B', 'C'] });
});

t.test(
  'the last of a name counts, raw and file variables keep their text, a reference to itself stays',
  async (t) => {
    const expanded = expandAll(
      [
        { key: 'A', value: 'old' },
        { key: 'A', value: 'new $RAW $FILE' },
        { key: 'RAW', value: '$A', raw: true },
        { key: 'FILE', value: 'content', file: true },
        { key: 'SELF', value: 'x$SELF' },
      ],
      file,
    );
    t.same(expanded.ok && Object.fromEntries(expanded.values), {
      A: 'new $A /files/FILE',
      RAW: '$A',
      FILE: '/files/FILE',
      SELF: 'xx$SELF',
    });
  },
);
