import t from 'tap';
import { policyFilesOf } from '../../../src/policy/files.ts';
import { type FindingCode, lintCodes } from '../../../src/policy/lint/finding.ts';
import { lintPolicy } from '../../../src/policy/lint/lint.ts';
import { mistakeCodes } from '../../../src/policy/mistakes.ts';
import { uses } from '../../../src/wiring/effects.ts';
import { lbWeight, links, release, today } from '../fixtures.ts';

/** Ana and Bo, two commands, nothing to complain about. */
const clean = `${links}p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow
`;

type Files = Readonly<Record<string, string | Uint8Array>>;

const codesIn = (more: Files): readonly FindingCode[] => {
  const all: Files = {
    'policy.csv': clean,
    'commands/lb-weight.yml': lbWeight,
    'commands/release.yml': release,
    ...more,
  };
  const contents = Object.entries(all).map(([name, text]) => [name, Buffer.from(text)] as const);
  const read = policyFilesOf(new Map(contents));
  const sources = { memberships: [], reserved: ['help'], uses, now: () => today };
  return lintPolicy(read, sources).map(({ code }) => code);
};

const rows = (...more: readonly string[]): Files => ({ 'policy.csv': `${clean}${more.join('\n')}\n` });
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
  'idle-row': { bad: rows('g, gitlab:bo, role:spare'), good: rows('g, gitlab:bo, role:sre') },
  expired: {
    bad: rows('p, role:dev, *, release, *, allow, expires=2026-11-20'),
    good: rows('p, role:dev, *, release, *, allow, expires=2026-11-21'),
  },
  undated: {
    bad: rows('p, role:dev, *, release, *, allow, expires=2027-01-01', 'p, gitlab:cy, *, release, *, allow'),
    good: rows('p, gitlab:cy, *, release, *, allow'),
  },
  'far-end': {
    bad: rows('p, role:dev, *, release, *, allow, expires=2028-01-01'),
    good: rows('p, role:dev, *, release, *, allow, expires=2027-11-01'),
  },
  unguarded: { bad: dangerous(), good: dangerous('limits: { perCaller: 5/h }\n') },
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
      [...new Set(found)].filter((one) => one !== code && !alsoThere[code]?.includes(one)),
      [],
      'nothing else',
    );
    t.notOk(codesIn(table[code].good).includes(code), 'nothing where nothing is');
  });

/** What cannot be wrong alone. */
const alsoThere: Partial<Record<FindingCode, readonly FindingCode[]>> = {
  // Bo's role has no end either.
  expired: ['undated'],
  'far-end': ['undated'],
};

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

t.test('of two rules that say the same the later one is named', async (t) => {
  const read = policyFilesOf(
    new Map([
      [
        'policy.csv',
        Buffer.from(`${clean}p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow\n`),
      ],
      ['commands/a.yml', Buffer.from(lbWeight)],
      ['commands/b.yml', Buffer.from(release)],
    ]),
  );
  const found = lintPolicy(read, { memberships: [], reserved: [], uses, now: () => today });
  t.match(found, [{ code: 'shadowed', line: 10, text: /policy\.csv:9 says the same/ }]);
});
