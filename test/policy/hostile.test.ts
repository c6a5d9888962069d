import t from 'tap';
import { compilePolicy } from '../../src/policy/compile.ts';
import { policyFilesOf } from '../../src/policy/files.ts';
import { lintPolicy } from '../../src/policy/lint/lint.ts';
import type { Mistake } from '../../src/policy/mistakes.ts';
import { uses } from '../../src/wiring/effects.ts';
import { lbWeight, today } from './fixtures.ts';

const megabyte = 1024 * 1024;
const sources = { memberships: [], reserved: ['help', 'run'], uses, now: () => today };

type Files = Readonly<Record<string, string>>;

const base = 'p, role:sre, *, lb weight, *, allow\ng, gitlab:ana, role:sre\n';

const readOf = (files: Files) => {
  const all: Files = { 'policy.csv': base, 'commands/lb-weight.yml': lbWeight, ...files };
  return policyFilesOf(new Map(Object.entries(all).map(([name, text]) => [name, Buffer.from(text, 'utf8')])));
};

/** What keeps the policy from being used; empty when it can be. */
const mistakesOf = (files: Files): readonly Mistake[] => {
  const read = readOf(files);
  if (!read.ok) return read.mistakes;
  const compiled = compilePolicy({ ...sources, files: read.files });
  return compiled.ok ? [] : compiled.mistakes;
};

const csv = (...rows: readonly (string | readonly string[])[]): Files => ({
  'policy.csv': `${base}${rows.flat().join('\n')}\n`,
});
const yaml = (text: string): Files => ({ 'commands/x.yml': text });
const many = <Made>(count: number, row: (at: number) => Made): readonly Made[] =>
  Array.from({ length: count }, (_, at) => row(at));
const rule = (condition: string): string => `p, role:sre, *, lb weight, ${condition}, deny`;

/** Each is refused with this as the first mistake. */
const refused: readonly (readonly [name: string, files: Files, first: string])[] = [
  ['a policy.csv of more than 10 MB', { 'policy.csv': ' '.repeat(10 * megabyte + 1) }, 'policy.csv:1 file'],
  ['one line of 9 MB', csv(`p, ${'x'.repeat(9 * megabyte)}`), 'policy.csv:3 csv'],
  ['one line of 9 MB of quotes', csv(`p, "${'""'.repeat(4 * megabyte)}`), 'policy.csv:3 csv'],
  ['9 MB of commas', csv(','.repeat(9 * megabyte)), 'policy.csv:3 csv'],
  ['300,000 lines of mistakes', csv(many(300_000, (at) => `x, ${at}`)), 'policy.csv:3 csv'],
  [
    '50,000 commands that do not exist',
    csv(many(50_000, (at) => `p, role:sre, *, lb ${at}, *, allow`)),
    'policy.csv:3 unknown-command',
  ],
  [
    'a quote that goes on in the next line',
    csv('p, role:sre, *, lb weight, "*', '", deny'),
    'policy.csv:3 csv',
  ],
  ['a quote that begins within a field', csv('p, role:sre, *, lb weight, *"", deny'), 'policy.csv:3 csv'],
  ['text behind a closing quote', csv('p, role:sre, *, lb weight, "*"x, deny'), 'policy.csv:3 csv'],
  ['a comment behind a row', csv('p, role:sre, *, lb weight, *, deny # not today'), 'policy.csv:3 effect'],
  ['a comment behind a comma', csv('p, role:sre, *, lb weight, *, allow, # really'), 'policy.csv:3 columns'],
  [
    'a comma in a condition without quotes',
    csv(rule('env in (staging, production)')),
    'policy.csv:3 columns',
  ],
  [
    'a carriage return within a line',
    csv('p, role:sre, *, lb weight, *, allow\rp, *, *, *, *, allow'),
    'policy.csv:3 invisible-character',
  ],
  [
    'a line separator within a comment',
    csv('# harmless\u2028p, *, *, *, *, allow'),
    'policy.csv:3 invisible-character',
  ],
  ['a direction override within a comment', csv('# \u202ewolla'), 'policy.csv:3 invisible-character'],
  ['a tab between fields', csv('p,\trole:sre, *, lb weight, *, deny'), 'policy.csv:3 invisible-character'],
  ['a NUL', csv('p, role:sre\u0000, *, lb weight, *, deny'), 'policy.csv:1 encoding'],
  ['a byte order mark', { 'policy.csv': `\ufeff${base}` }, 'policy.csv:1 encoding'],
  ['letters with loose accents', csv('# cafe\u0301'), 'policy.csv:1 encoding'],
  [
    'a condition of 1,900 parentheses',
    csv(rule(`${'('.repeat(1900)}weight = 1${')'.repeat(1900)}`)),
    'policy.csv:3 condition',
  ],
  ['a condition of 900 negations', csv(rule(`${'not '.repeat(900)}weight = 1`)), 'policy.csv:3 condition'],
  [
    'a condition of 400 negations and parentheses',
    csv(rule(`${'not('.repeat(240)}weight = 1`)),
    'policy.csv:3 condition',
  ],
  [
    'a pattern that would be expanded endlessly',
    csv(rule('note matches re:(((a{100}){100}){100}){100}')),
    'policy.csv:3 condition',
  ],
  ['a pattern with look-around', csv(rule('note matches re:(?=a)a')), 'policy.csv:3 condition'],
  ['a pattern with a back-reference', csv(rule('note matches re:(a)\\1')), 'policy.csv:3 condition'],
  [
    'a pattern longer than 500 characters',
    csv(rule(`note matches re:${'a'.repeat(501)}`)),
    'policy.csv:3 condition',
  ],
  [
    '500 levels of patterns',
    csv(rule(`note matches re:${'('.repeat(245)}a${')'.repeat(245)}${'*'.repeat(2)}`)),
    'policy.csv:3 condition',
  ],
  [
    'a cycle of 50,000 roles',
    csv(many(50_000, (at) => `g, role:r${at}, role:r${(at + 1) % 50_000}`)),
    'policy.csv:3 role-cycle',
  ],
  [
    'a chain of 50,000 roles',
    csv(many(50_000, (at) => `g, role:r${at}, role:r${at + 1}`)),
    'policy.csv:2 role-chain',
  ],
  ['a name like the model of objects', csv('p, role:__proto__, *, lb weight, *, allow'), 'policy.csv:3 id'],
  ['YAML of 2 MB in brackets', yaml('['.repeat(2 * megabyte - 9)), 'commands/x.yml:1 yaml'],
  ['YAML of 16,000 lists in each other', yaml(`${'- '.repeat(16_000)}x`), 'commands/x.yml:1 yaml'],
  ['YAML of 30,000 quotes', yaml('"'.repeat(30_000)), 'commands/x.yml:1 yaml'],
  [
    'YAML of 300 levels',
    yaml(many(200, (at) => `${' '.repeat(at)}a:`).join('\n')),
    'commands/x.yml:1 command-file',
  ],
  [
    'YAML that repeats itself by aliases',
    yaml(`a: &a [x, x]\n${many(20, (at) => `b${at}: [*a, *a, *a]`).join('\n')}\n`),
    'commands/x.yml:1 yaml',
  ],
  [
    'YAML that sets what all objects have',
    yaml(`${lbWeight.replace('lb weight', 'x')}__proto__: { danger: none }\n`),
    'commands/x.yml:10 command-file',
  ],
  ['a model of 100,000 sections', { 'model.conf': '[m]\n'.repeat(100_000) }, 'model.conf:1 model'],
];

for (const [name, files, first] of refused)
  t.test(`refused: ${name}`, async (t) => {
    const [mistake] = mistakesOf(files);
    t.equal(mistake && `${mistake.file}:${mistake.line} ${mistake.code}`, first, mistake?.text ?? 'none');
    t.ok((mistake?.text.length ?? 0) < 1000, 'in few words');
  });

const wide = many(40, (at) => at).flatMap((at) => many(40, (to) => `g, role:a${at}, role:b${to}`));
const commands = Object.fromEntries(
  many(1997, String).map((at) => [`commands/c${at}.yml`, lbWeight.replace('lb weight', `c${at} go`)]),
);

/** Large or odd, and fine. */
const fine: readonly (readonly [name: string, files: Files])[] = [
  ['9 MB of empty lines', csv('\n'.repeat(9 * megabyte))],
  ['20,000 rules', csv(many(20_000, (at) => rule(`weight <= ${at % 101} and note = n${at}`)))],
  [
    '2,000 patterns that hang other readers',
    csv(many(2000, (at) => rule(`note matches re:(((a*)*)*)*b${at}`))),
  ],
  ['1,600 memberships between 80 roles', csv(wide)],
  ['2,000 files', commands],
  [
    'a quoted comma, a doubled quote, lines that end as on Windows',
    csv(`p, role:sre, *, lb weight, "note in (""a,b"", ""#"")", deny\r`, '#,"\r'),
  ],
];

for (const [name, files] of fine)
  t.test(`fine: ${name}`, async (t) => {
    t.same(mistakesOf(files), []);
  });

t.test('thousands of mistakes are told as 200 and a count, by lint too', async (t) => {
  const files = csv(many(5000, (at) => `p, role:sre, *, lb weight, weight = ${at + 101}, allow`));
  const mistakes = mistakesOf(files);
  t.equal(mistakes.length, 201);
  t.equal(mistakes.at(-1)?.text, 'and 4800 more mistakes');
  const found = lintPolicy(readOf(files), sources);
  t.same(
    [...new Set(found.map(({ code }) => code))],
    ['unknown-option'],
    'and nothing is guessed of rows that may be wrong',
  );
});

t.test('lint comes to an end over what is meant to have none', async (t) => {
  const deepest = many(9, (level) =>
    many(30, (at) => at).flatMap((at) =>
      many(30, (to) => `g, role:l${level}-${at}, role:l${level + 1}-${to}`),
    ),
  ).flat();
  for (const rows of [
    many(5000, (at) => rule(`note matches re:\\pL{400}${at}`)).slice(0, 200),
    many(20_000, () => 'p, role:sre, *, lb weight, weight = 1, allow'),
    many(1_000_000, () => '# p\u0430ge'),
    many(100_001, (at) => `p, *, slack:T1/C${at}, *, weight = 1, allow`),
    deepest,
  ]) {
    const found = lintPolicy(readOf(csv(rows)), sources);
    t.ok(found.length < 1000);
  }
});
