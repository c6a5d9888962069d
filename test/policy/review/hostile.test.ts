import fc from 'fast-check';
import t from 'tap';
import { commandChanges } from '../../../src/policy/review/commands.ts';
import { reviewAsMarkdown, unfinishedNote } from '../../../src/policy/review/note.ts';
import { inOneLine, quoted } from '../../../src/policy/review/quoted.ts';
import type { Review } from '../../../src/policy/review/review.ts';
import { command } from '../../support/commands.ts';
import { dangers, outsideCode } from './markdown.ts';
import { about, good } from './reviews.ts';

const tricks = [
  '/approve',
  '\n/merge',
  '\r\n/approve\n',
  '\u2028/close',
  '@all',
  '@everyone ',
  '`',
  '``',
  '` @all `',
  '`\n/approve\n`',
  '<!-- chatops-policy-review -->',
  '<!--',
  '-->',
  '</details>',
  '<details>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '![x](https://evil.test/p.png)',
  'https://evil.test',
  '](https://evil.test)',
  '#1 !2 ~bug %3 $4',
  '\\',
  '\\`',
  '\u202e',
  '\u0000',
  '\ud800',
  '\u200b@all',
  ' ',
  '\t',
  '',
  '```\n/merge\n```',
  '>>>\n/merge\n>>>',
  'x'.repeat(5000),
  '`'.repeat(300),
  '狸'.repeat(300),
];

const text = fc.oneof(
  fc.constantFrom(...tricks),
  fc.array(fc.constantFrom(...tricks), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const place = { file: text, line: fc.nat(1e6) };

const review: fc.Arbitrary<Review> = fc.record({
  verdict: fc.oneof(
    fc.constant({ ok: true } as const),
    fc.record({ ok: fc.constant(false as const), because: text }),
  ),
  lint: fc.record({
    fresh: fc.array(
      fc.record({
        ...place,
        code: fc.constant('unguarded' as const),
        severity: fc.constantFrom('error' as const, 'warning' as const),
        text,
      }),
      { maxLength: 120 },
    ),
    before: fc.nat(5),
  }),
  cases: fc.record({
    mistakes: fc.array(fc.record({ ...place, code: fc.constant('yaml' as const), text })),
    results: fc.array(
      fc.record({ ...place, suite: text, name: text, passed: fc.boolean(), expected: text, got: text }),
      { maxLength: 120 },
    ),
    coverage: fc.record({
      rules: fc.nat(20),
      decided: fc.nat(20),
      undecided: fc.array(
        fc.record({
          ...place,
          who: text,
          channel: text,
          command: text,
          condition: text,
          effect: fc.constantFrom('allow' as const, 'deny' as const),
        }),
      ),
    }),
  }),
  mutants: fc.record({
    mutants: fc.nat(99),
    noticed: fc.nat(99),
    equivalent: fc.nat(9),
    refused: fc.nat(9),
    survivors: fc.array(fc.record({ ...place, text })),
    complete: fc.boolean(),
  }),
  access: fc.constant(good.access),
  commands: fc.array(fc.record({ name: text, project: text, input: text }), { maxLength: 60 }).map((many) =>
    commandChanges(
      many.slice(0, 2).map(({ name, input }) => command({ name, examples: [input] })),
      many.map(({ name, project, input }) =>
        command({
          name,
          pipeline: { project, ref: input, pass: 'inputs', variables: { [input]: name } },
          inputs: [{ name: input, type: 'string', required: true }],
        }),
      ),
    ),
  ),
  endings: fc.array(
    fc.record({ ...place, row: text, was: fc.constantFrom('new', '2026-12-01'), is: fc.constant(undefined) }),
  ),
  newGroups: fc.array(text, { maxLength: 30 }),
  replay: fc.constant(undefined),
});

t.test('the look-out sees what it is to see', async (t) => {
  const note = (line: string): string =>
    reviewAsMarkdown(good, about).replace('#### Lint', `${line}\n\n#### Lint`);
  t.same(dangers(note('fine `@all` - /x'), about.page ?? ''), []);
  for (const line of [
    '/approve',
    '  /approve',
    'hello @all',
    '`` @all `',
    '<b>x',
    '[a](https://gitlab.test/chatops/policies)',
    'see https://evil.test',
    '<!-- chatops-policy-review -->',
    '</details>',
    '\u202ex',
  ])
    t.not(dangers(note(line), about.page ?? '').length, 0, line);
});

t.test('text from files is only shown', async (t) => {
  for (const [at, trick] of tricks.entries()) {
    const shown = quoted(trick);
    t.match(outsideCode(shown), /^(?:§|\(empty\))$/, `trick ${at}`);
    t.ok(shown.length < 1000);
  }
  t.equal(quoted('a\u202eb'), '`a⟨U+202E⟩b`', 'what cannot be seen is named');
  t.equal(quoted('`'), '`` ` ``');
  t.equal(inOneLine('狸'.repeat(9), 5), '狸狸狸狸…');
});

t.test('no file can make a note do anything, or make it long', async (t) => {
  fc.assert(
    fc.property(review, text, text, (one, folder, targetBranch) => {
      const found = dangers(reviewAsMarkdown(one, { ...about, folder, targetBranch }), about.page ?? '');
      if (found.length > 0) throw new Error(found.join('\n').slice(0, 2000));
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(text, (why) => {
      t.same(dangers(unfinishedNote(about, why), about.page ?? ''), []);
    }),
    { numRuns: 50 },
  );
});
