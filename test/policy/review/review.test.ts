import t from 'tap';
import { checkPolicies } from '../../../src/policy/review/check.ts';
import { headlineOf, reviewPolicies } from '../../../src/policy/review/review.ts';
import { around, csv, more, policyWith } from './small-policy.ts';

const review = (
  before: ReturnType<typeof policyWith> | undefined,
  after: ReturnType<typeof policyWith>,
  failOn: readonly string[] = [],
) => reviewPolicies({ ...around, before, after, now: () => around.now, clock: () => 0, failOn });

const broken = policyWith({ 'policy.csv': `${csv}p, role:dev, *, lbx, *, allow\n` });
const failing = policyWith({
  'policy.csv': csv.replace('*, allow', '*, deny'),
});

t.test('what keeps a change from being merged, worst first', async (t) => {
  for (const [name, after, because] of [
    ['files that cannot be read', policyWith({ 'policy.csv': undefined }), /^policy.csv:1: is missing/],
    ['a rule that cannot be read', broken, /^policy.csv:6: the command "lbx"/],
    ['cases that cannot be read', policyWith({ 'cases/x.yml': 'cases: 7' }), /^cases\/x.yml:1: /],
    ['a case that fails', failing, /^cases\/lb.yml:4: ".*" expected .*, got /],
  ] as const) {
    const found = await review(policyWith(), after);
    t.match(found.verdict, { ok: false, because }, name);
    t.match(headlineOf(found), because);
    t.equal(found.mutants, undefined, 'which changes would be noticed says nothing then');
  }
});

t.test('who is in a group today does not decide whether the cases pass', async (t) => {
  const grouped = policyWith({
    'policy.csv': `${csv}g, gitlab-group:ops/sre, role:sre\n`,
    'cases/lb.yml': 'who_can:\n  - { run: lb weight 10, in: slack:T1/COPS, exactly: [slack:T1/UANA] }\n',
  });
  const joined = { memberships: [['gitlab:eve', 'gitlab-group:ops/sre']] } as const;
  const given = { ...around, ...joined, now: () => around.now, clock: () => 0 };
  const found = await reviewPolicies({ ...given, before: grouped, after: grouped });
  t.match(
    found.cases?.results.filter(({ passed }) => !passed),
    [],
  );
  t.match(checkPolicies(grouped, { ...around.settings, ...joined, now: () => around.now }), { ok: true });
});

t.test('a change with nothing against it', async (t) => {
  const found = await review(policyWith(), policyWith({ 'policy.csv': more }));
  t.match(found, {
    verdict: { ok: true },
    cases: { results: [{ passed: true }], coverage: { rules: 2, decided: 1 } },
    mutants: { complete: true },
    access: { kind: 'compared', words: '1 person gains something', forbidden: [] },
    commands: [],
    newGroups: [],
  });
  t.match(headlineOf(found), /^1 person gains something; 1 case passes; /);
});

t.test('what was there before is told apart from what is new', async (t) => {
  t.match((await review(broken, broken)).lint, { fresh: [], before: 1 });
  t.match((await review(policyWith(), broken)).lint, { fresh: [{ line: 6 }], before: 0 });
  const moved = policyWith({ 'policy.csv': `# a remark\n${csv}p, role:dev, *, lbx, *, allow\n` });
  t.match(
    (await review(broken, moved)).lint,
    { fresh: [], before: 1 },
    'a finding that only moved is not new',
  );
  const twice = policyWith({
    'policy.csv': `${csv}p, role:dev, *, lbx, *, allow\np, role:sre, *, lbx, *, allow\n`,
  });
  t.match(
    (await review(broken, twice)).lint,
    { fresh: [{ line: 7 }], before: 1 },
    'a second one of a kind is',
  );
});

t.test('a finding that speaks of a line that moved is not new', async (t) => {
  const shadowed = 'p, role:sre, channels:ops, lb weight, weight <= 9, allow\n';
  const before = policyWith({ 'policy.csv': csv + shadowed });
  const after = policyWith({ 'policy.csv': `# a remark\n${csv}${shadowed}` });
  const [found] = (await review(policyWith(), before)).lint.fresh;
  t.match(found, { code: 'shadowed', text: /:4\b/ });
  t.match((await review(before, after)).lint, { fresh: [], before: 1 });
});

t.test('what has ended is nobody\u2019s to lose', async (t) => {
  const ended = 'p, role:dev, channels:ops, lb weight, weight = 50, allow, expires=2025-01-31\n';
  const found = await review(policyWith({ 'policy.csv': csv + ended }), policyWith());
  t.match(found.access, { words: 'nobody gains or loses anything' });
});

t.test('what cannot be compared is said', async (t) => {
  t.match((await review(policyWith(), broken)).access, {
    kind: 'not compared',
    because: /^The policy has mistakes/,
  });
  t.match((await review(broken, policyWith())).access, {
    because: /^The policy on the target branch has mistakes/,
  });
  t.match((await review(undefined, policyWith())).access, { kind: 'compared' }, 'where there was no policy');
});

t.test('groups that the target branch does not speak of are named', async (t) => {
  const grown = policyWith({ 'policy.csv': `${csv}g, gitlab-group:app/new, role:sre\n` });
  t.same((await review(policyWith(), grown)).newGroups, ['gitlab-group:app/new']);
  t.same((await review(grown, grown)).newGroups, []);
});

t.test('a check says at what the files fail', async (t) => {
  const sources = { ...around.settings, memberships: [], now: () => around.now };
  t.match(checkPolicies(policyWith(), sources), { ok: true, cases: 1 });
  t.match(checkPolicies(broken, sources), {
    ok: false,
    stage: 'lint',
    mistakes: [{ file: 'policy.csv', line: 6, text: /lbx/ }],
  });
  t.match(checkPolicies(policyWith({ 'policy.csv': undefined }), sources), { ok: false, stage: 'lint' });
  t.match(checkPolicies(failing, sources), {
    ok: false,
    stage: 'cases',
    count: 1,
    mistakes: [{ file: 'cases/lb.yml', line: 4, text: /expected/ }],
  });
  t.match(checkPolicies(policyWith({ 'cases/x.yml': 'cases: 7' }), sources), { ok: false, stage: 'cases' });
  const many = policyWith({ 'policy.csv': csv + 'p, role:dev, *, lbx, *, allow\n'.repeat(150) });
  const told = checkPolicies(many, sources);
  t.match(told, { ok: false, count: 150 });
  t.equal(told.ok ? 0 : told.mistakes.length, 50, 'the first fifty are told');
});

t.test('rows that end on another day are named, because nobody gains or loses by them today', async (t) => {
  const ending = (first: string, second: string) =>
    policyWith({
      'policy.csv': `${csv}g, slack:T1/UBO, role:sre${first}\np, role:dev, *, lb weight, *, allow${second}\n`,
    });
  const dated = ending(', expires=2027-01-31', '');
  t.same((await review(dated, dated)).endings, []);
  t.match((await review(policyWith(), dated)).endings, [{ line: 6, was: 'new', is: '2027-01-31' }]);
  t.match((await review(dated, ending(', expires=2028-01-31', ''))).endings, [
    { was: '2027-01-31', is: '2028-01-31' },
  ]);
  t.match((await review(dated, ending('', ', expires=2026-12-01'))).endings, [
    { row: 'p, role:dev, *, lb weight, *, allow', was: undefined, is: '2026-12-01' },
    { row: 'g, slack:T1/UBO, role:sre', was: '2027-01-31', is: undefined },
  ]);
});

t.test('a gate holds a change back that is right otherwise', async (t) => {
  const after = policyWith({ 'policy.csv': more });
  t.match((await review(policyWith(), after, ['gain:lb *'])).verdict, {
    ok: false,
    because: /^gain:lb \*: 1 person/,
  });
  t.match((await review(policyWith(), after, ['gain:lb', 'lose'])).verdict, { ok: true });
  t.match((await review(policyWith(), after, ['gian'])).verdict, {
    ok: false,
    because: /"gian" cannot be read/,
  });
});

t.test('past decisions are decided again, and only counted', async (t) => {
  const bo = { at: '2026-01-01', line: 'lb weight 10', caller: 'slack:T1/UBO', channel: 'slack:T1/COPS' };
  const decisions = [10, 30].map((weight) => ({
    ...bo,
    command: 'lb weight',
    input: { weight, env: 'staging' },
    person: 'bo',
  }));
  const given = { ...around, now: () => around.now, clock: () => 0, past: { decisions, days: 30 } };
  const after = policyWith({ 'policy.csv': more });
  const { replay } = await reviewPolicies({ ...given, before: policyWith(), after });
  t.equal(replay, '2 past decisions of 30 days decided again: 1 would now be allowed, 0 denied.');
  t.match(await reviewPolicies({ ...given, before: after, after }), {
    replay: /none would be different now\.$/,
  });
  t.match(await reviewPolicies({ ...given, before: broken, after }), { replay: undefined });
});

t.test('many changes are told as far as there is room', async (t) => {
  const rules = Array.from(
    { length: 150 },
    (_, at) => `p, role:dev, slack:T1/C${at}, lb weight, weight = ${at % 100}, allow\n`,
  );
  const { access } = await review(policyWith(), policyWith({ 'policy.csv': csv + rules.join('') }));
  if (access.kind !== 'compared') throw new Error(access.because);
  t.match(access.markdown, /and \d+ more changes/);
  t.ok(access.markdown.length < 13_000);
});
