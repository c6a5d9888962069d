import t from 'tap';
import { anyChannel, explainDecision } from '../../src/policy/explain.ts';
import { pathAsText } from '../../src/policy/paths.ts';
import { compileFiles, filesWith, links } from './fixtures.ts';

const csv = `${links}p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow
p, *, *, lb weight, env = production and weight > 50, deny
`;

const partsOf = (text: string) => {
  const compiled = compileFiles(filesWith(text), [['gitlab:carol', 'gitlab-group:ops/sre']]);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.parts;
};

const ask = (caller: string, channel: string, weight: number, env = 'staging', text = csv) =>
  explainDecision(partsOf(text), {
    caller,
    channel,
    command: 'lb weight',
    input: { backend: 'web', weight, env },
  });

const needs = (found: ReturnType<typeof ask>) => found.near.map(({ missing }) => missing);

t.test('a denial says what would help, what was given and who could be asked', async (t) => {
  const found = ask('slack:T1/UBO', 'slack:T1/CDEV', 60);
  t.equal(found.decision.allowed, false);
  t.strictSame(needs(found), [
    [{ kind: 'input', need: 'weight <= 25', given: 'you gave 60' }],
    [
      { kind: 'role', need: 'role sre', holders: ['ana', 'carol'] },
      { kind: 'channel', need: 'slack:T1/COPS via channels:ops' },
    ],
  ]);
});

t.test('what was not given is said to be missing', async (t) => {
  const text = `${links}p, role:dev, *, lb weight, note = x, allow\np, role:dev, *, lb weight, env = production or weight = 1, allow\n`;
  t.strictSame(
    needs(ask('slack:T1/UBO', 'slack:T1/CDEV', 60, 'staging', text))
      .flat()
      .map(({ given }) => given),
    ['you gave none', 'you gave env staging, weight 60'],
  );
});

t.test('at most three people are named, and no role is asked for that one person only has', async (t) => {
  const many = ['a', 'b', 'c', 'd'].map((name) => `g, slack:T1/U${name}, role:big\n`).join('');
  const text = `${links}${many}p, role:big, *, lb weight, *, allow\np, gitlab:ana, *, lb weight, *, allow\n`;
  t.strictSame(needs(ask('slack:T1/UBO', 'slack:T1/CDEV', 1, 'staging', text)), [
    [{ kind: 'role', need: 'role big', holders: ['slack:T1/Ua', 'slack:T1/Ub', 'slack:T1/Uc'] }],
    [{ kind: 'role', need: 'GitLab user ana' }],
  ]);
});

t.test('a rule that forbids is named, with nothing that would help', async (t) => {
  const found = ask('slack:T1/UANA', 'slack:T1/COPS', 60, 'production');
  t.match(found, { decision: { allowed: false, rule: { effect: 'deny', line: 10 } }, near: [], people: [] });
});

t.test('somebody and a channel that no row names are told everything that is missing', async (t) => {
  const found = ask('gitlab:zoe', anyChannel, 10);
  t.equal(found.decision.allowed, false);
  t.match(needs(found)[0], [{ need: 'role sre' }, { need: 'slack:T1/COPS via channels:ops' }]);
});

t.test('the way from an account, and from a channel, to the rule', async (t) => {
  const found = ask('slack:T1/UANA', 'slack:T1/COPS', 60);
  t.match(found.decision, { allowed: true, rule: { line: 8 } });
  t.equal(
    pathAsText('slack:T1/UANA', found.people),
    'slack:T1/UANA -> gitlab:ana (policy.csv:1) -> gitlab-group:ops/sre (policy.csv:2) -> role:sre (policy.csv:3)',
  );
  t.equal(pathAsText('slack:T1/COPS', found.channels), 'slack:T1/COPS -> channels:ops (policy.csv:6)');
});

t.test('a GitLab user without an account is explained, by links that GitLab knows', async (t) => {
  const found = ask('gitlab:carol', 'slack:T1/COPS', 60);
  t.equal(found.decision.allowed, true);
  t.equal(
    pathAsText('gitlab:carol', found.people),
    'gitlab:carol -> gitlab-group:ops/sre (GitLab) -> role:sre (policy.csv:3)',
  );
});

t.test('of several accounts of one person the one that is allowed speaks', async (t) => {
  const text = `${links}g, slack:T2/UANA, gitlab:ana\np, slack:T2/UANA, *, lb weight, *, allow\n`;
  const found = ask('gitlab:ana', 'slack:T1/CDEV', 1, 'staging', text);
  t.match(found, { decision: { allowed: true, rule: { who: 'slack:T2/UANA' } }, people: [] });
});

t.test('the other rules that apply are told, but none that only might', async (t) => {
  const text = `${csv}p, *, *, lb weight, *, allow\np, *, *, lb weight, weight = 1, allow\n`;
  const lines = (found: ReturnType<typeof ask>) => found.others.map(({ line }) => line);
  const denied = ask('slack:T1/UANA', 'slack:T1/COPS', 60, 'production', text);
  t.match(denied.decision, { allowed: false, rule: { line: 10 } });
  t.strictSame(lines(denied), [8, 11], 'a deny wins over both allows');
  const allowed = ask('slack:T1/UANA', 'slack:T1/COPS', 60, 'staging', text);
  t.match(allowed.decision, { allowed: true, rule: { line: 11 } });
  t.strictSame(lines(allowed), [8]);
  t.strictSame(lines(ask('slack:T1/UBO', 'slack:T1/CDEV', 60)), [], 'where none applies');
});
