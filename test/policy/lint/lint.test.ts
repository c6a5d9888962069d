import t from 'tap';
import { type FindingCode, lintCodes } from '../../../src/policy/lint/finding.ts';
import { mistakeCodes } from '../../../src/policy/mistakes.ts';
import { links, release } from '../fixtures.ts';
import { clean, type Files, findingsIn, rows } from './fixtures.ts';

const codesIn = (more: Files): readonly FindingCode[] => findingsIn(more).map(({ code }) => code);
/** Bo's role ends too, so that no standing grant stands beside rows with an end. */
const dated = (...more: readonly string[]): Files => ({
  'policy.csv': `${clean.replace('gitlab:bo, role:dev', '$&, expires=2027-02-01')}${more.join('\n')}\n`,
});
const dangerous = (rest = ''): Files => ({ 'commands/release.yml': `${release}danger: high\n${rest}` });
const chain = Array.from({ length: 12 }, (_, at) => `g, role:c${at}, role:c${at + 1}`);

/** For each code what shows exactly it, and what comes near without. */
const table: Readonly<Record<FindingCode, { readonly bad: Files; readonly good: Files }>> = {
  file: { bad: { 'notes.txt': 'x' }, good: { 'README.md': 'x' } },
  encoding: { bad: { 'cases/a.yml': '\ufeffcases: []\n' }, good: { 'cases/a.yml': 'cases: []\n' } },
  model: { bad: { 'model.conf': '[request_definition]\nr = sub\n' }, good: {} },
  yaml: { bad: { 'commands/x.yml': 'name: [\n' }, good: {} },
  'command-file': {
    bad: { 'commands/release.yml': `${release}lable: x\n` },
    good: { 'commands/release.yml': `${release}danger: none\n` },
  },
  csv: { bad: rows('x, role:sre, *, release, *, allow'), good: rows('# x, role:sre') },
  'invisible-character': { bad: rows('p, role:dev, *, rel\u200bease, *, allow'), good: {} },
  'trailing-blank': {
    bad: rows('p, role:dev, * , release, *, allow'),
    good: rows('p, role:dev, *,   release, *, allow'),
  },
  columns: { bad: rows('p, role:dev, *, release, allow'), good: rows('p, role:dev, *, release, *, allow') },
  effect: { bad: rows('p, role:dev, *, release, *, Deny'), good: rows('p, role:dev, *, release, *, allow') },
  id: { bad: rows('p, dev, *, release, *, allow'), good: rows('p, gitlab:dev, *, release, *, allow') },
  annotation: {
    bad: rows('p, role:dev, *, release, *, allow, expires=soon'),
    good: rows('p, role:dev, *, release, *, allow, expires=2027-01-01'),
  },
  'no-rules': { bad: { 'policy.csv': 'g, slack:T1/UANA, gitlab:ana\n' }, good: {} },
  'unknown-command': {
    bad: rows('p, role:dev, *, relese, *, allow'),
    good: rows('p, role:dev, *, release, *, allow'),
  },
  condition: {
    bad: rows('p, role:dev, *, release, dry =, allow'),
    good: rows('p, role:dev, *, release, dry = true, allow'),
  },
  'unknown-input': {
    bad: rows('p, role:dev, *, release, wet = true, allow'),
    good: rows('p, role:dev, *, release, dry = true, allow'),
  },
  'unknown-option': {
    bad: rows('p, role:dev, *, lb weight, env = prodution, allow'),
    good: rows('p, role:dev, *, lb weight, env = production, allow'),
  },
  'wrong-type': {
    bad: rows('p, role:dev, *, release, dry = yes, allow'),
    good: rows('p, role:dev, *, release, dry = true, allow'),
  },
  'unknown-role': {
    bad: rows('p, role:nobody, *, release, *, deny'),
    good: rows('p, role:dev, *, release, *, deny'),
  },
  'unknown-channels': {
    bad: rows('p, *, channels:none, release, *, deny'),
    good: rows('p, *, channels:dev, release, *, deny'),
  },
  'role-cycle': { bad: rows('g, role:sre, role:lead', 'g, role:lead, role:sre'), good: {} },
  'role-chain': {
    bad: rows('g, slack:T1/UANA, role:c0', ...chain, 'p, role:c12, *, release, *, allow'),
    good: rows(
      'g, slack:T1/UANA, role:c0',
      ...chain.slice(5),
      'g, role:c0, role:c5',
      'p, role:c12, *, release, *, allow',
    ),
  },
  'two-persons': { bad: rows('g, slack:T1/UANA, gitlab:bo'), good: rows('g, slack:T2/UANA, gitlab:bo') },
  'broad-grant': {
    bad: rows('p, *, *, lb weight, env = staging and weight = 0, allow'),
    good: rows('p, *, *, lb weight, env = staging and weight = 0, allow, reason=harmless'),
  },
  homoglyph: {
    bad: rows('p, role:dev, *, lb weight, "note = ""p\u0430ge""", allow'),
    good: rows('p, role:dev, *, lb weight, "note = ""страница""", allow'),
  },
  'hidden-character': {
    bad: { 'cases/a.yml': '# a\u202eb\ncases: []\n' },
    good: { 'cases/a.yml': '# ä\ncases: []\n' },
  },
  'blank-at-end': { bad: { 'cases/a.yml': 'cases: [] \n' }, good: { 'cases/a.yml': 'cases: []\r\n' } },
  'two-spellings': {
    bad: rows('p, gitlab:Bo, *, release, *, allow'),
    good: rows('p, gitlab:bo, *, release, *, allow'),
  },
  'nobody-has-role': {
    bad: rows('p, role:oncall, *, release, *, allow'),
    good: rows('p, role:oncall, *, release, *, allow', 'g, gitlab-group:ops/oncall, role:oncall'),
  },
  'no-such-channels': {
    bad: rows('p, role:dev, channels:war, release, *, allow'),
    good: rows('p, role:dev, channels:war, release, *, allow', 'g2, slack:T1/CWAR, channels:war'),
  },
  'never-holds': {
    bad: rows('p, role:dev, *, lb weight, weight > 100, allow'),
    good: rows('p, role:dev, *, lb weight, weight > 99, allow'),
  },
  unreachable: {
    bad: rows(
      'p, role:dev, channels:dev, release, *, allow',
      'p, *, *, release, dry = true or dry = false, deny',
    ),
    good: rows(
      'p, role:dev, channels:dev, release, *, allow',
      'p, *, channels:dev, release, dry = false, deny',
    ),
  },
  shadowed: {
    bad: rows('p, gitlab:bo, slack:T1/CDEV, lb weight, env = staging and weight < 10, allow'),
    good: rows('p, gitlab:bo, slack:T1/CDEV, lb weight, env = production and weight < 10, allow'),
  },
  repeated: {
    bad: rows('p,role:dev,channels:dev,lb *,"env = staging and weight <= 25",allow,reason=again'),
    good: rows('p, role:dev, channels:dev, lb *, env = production and weight <= 25, allow'),
  },
  'needless-pattern': {
    bad: rows('p, role:dev, *, release, version matches re:v42|v43, allow'),
    good: rows('p, role:dev, *, release, version matches re:v4[23], allow'),
  },
  'idle-row': { bad: rows('g, gitlab:bo, role:spare'), good: rows('g, gitlab:bo, role:sre') },
  expired: {
    bad: dated('p, role:dev, *, release, *, allow, expires=2026-11-20'),
    good: dated('p, role:dev, *, release, *, allow, expires=2026-11-21'),
  },
  undated: {
    bad: dated('p, gitlab:cy, *, release, *, allow'),
    good: rows('p, gitlab:cy, *, release, *, allow'),
  },
  'far-end': {
    bad: dated('p, role:dev, *, release, *, allow, expires=2028-01-01'),
    good: dated('p, role:dev, *, release, *, allow, expires=2027-11-01'),
  },
  unguarded: { bad: dangerous(), good: dangerous('limits: { perCaller: 5/h }\n') },
  'too-many-rows': {
    bad: rows(...Array.from({ length: 100_001 }, () => 'g, gitlab:bo, role:dev')),
    good: {},
  },
  'unused-command': {
    bad: {
      'policy.csv': `${links}p, role:dev, channels:dev, lb *, *, allow\np, role:sre, channels:ops, lb *, *, allow\n`,
    },
    good: {},
  },
};

for (const code of [...Object.keys(mistakeCodes), ...Object.keys(lintCodes)] as readonly FindingCode[])
  t.test(`${code} is found where it is, and not next to it`, async (t) => {
    const found = codesIn(table[code].bad);
    t.ok(found.includes(code), `found: ${found.join()}`);
    t.same(
      [...new Set(found)].filter((one) => one !== code),
      [],
      'nothing else',
    );
    t.notOk(codesIn(table[code].good).includes(code), 'nothing where nothing is');
  });

t.test('a policy without anything odd is clean', async (t) => {
  t.same(codesIn({}), []);
});

t.test('mistakes and what is odd beside them are found at once', async (t) => {
  const found = codesIn(
    rows(
      'p, *, *, release, *, allow',
      'p, role:dev, *, relese, *, allow',
      'p, role:dev, *, release, *, Allow',
    ),
  );
  t.same([...found].sort(), ['broad-grant', 'effect', 'unknown-command']);
});
