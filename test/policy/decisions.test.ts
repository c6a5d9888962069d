import t from 'tap';
import type { DecisionRequest } from '../../src/core/decision.ts';
import { compileFiles, filesWith, links, policyWith } from './fixtures.ts';

const ana = { caller: 'slack:T1/UANA', channel: 'slack:T1/COPS' };
const bo = { caller: 'slack:T1/UBO', channel: 'slack:T1/CDEV' };
const guest = { caller: 'slack:T1/UGUS', channel: 'slack:T1/CDEV' };
const lb = (weight: number, env = 'staging') => ({
  command: 'lb weight',
  input: { backend: 'web', weight, env },
});

const csv = `${links}p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow
p, *, *, lb weight, env = production and weight > 50, deny
`;
const line = (text: string): number => csv.split('\n').findIndex((one) => one.includes(text)) + 1;

t.test('what no rule allows is denied', async (t) => {
  const policy = policyWith(csv);
  const table: readonly (readonly [string, DecisionRequest])[] = [
    ['a stranger', { ...guest, ...lb(5) }],
    ['somebody of another workspace with the same user id', { ...ana, caller: 'slack:T2/UANA', ...lb(5) }],
    ['the right person in the wrong channel', { ...ana, channel: 'slack:T1/CDEV', ...lb(5) }],
    ['the right channel id in another workspace', { ...ana, channel: 'slack:T2/COPS', ...lb(5) }],
    ['an input beyond the condition', { ...bo, ...lb(26) }],
    [
      'a command that no rule of theirs means',
      { ...bo, command: 'release', input: { version: 'v1', dry: false } },
    ],
    [
      'a command that only begins like one',
      { ...bo, command: 'lbx weight', input: { weight: 1, env: 'staging' } },
    ],
    ['the beginning of a pattern alone', { ...bo, command: 'lb', input: { weight: 1, env: 'staging' } }],
    ['an input that is absent', { ...bo, command: 'lb weight', input: { weight: 5 } }],
    ['an input of another type', { ...bo, command: 'lb weight', input: { weight: '5', env: 'staging' } }],
  ];
  for (const [name, request] of table) {
    const decision = policy.decide(request);
    t.equal(decision.allowed, false, name);
    t.equal(decision.rule, undefined, `${name}: no rule decided`);
  }
});

t.test('one deny beats every allow and is named', async (t) => {
  const decision = policyWith(csv).decide({ ...ana, ...lb(51, 'production') });
  t.match(decision, { allowed: false, rule: { line: line(', deny'), file: 'policy.csv', effect: 'deny' } });
});

t.test('a deny on an input that was not given applies', async (t) => {
  const policy = policyWith(
    `${links}p, role:sre, *, lb weight, *, allow\np, *, *, lb weight, note = secret, deny\n`,
  );
  t.equal(policy.decide({ ...ana, ...lb(5) }).allowed, false, 'absent');
  t.equal(
    policy.decide({ ...ana, command: 'lb weight', input: { ...lb(5).input, note: 'secret' } }).allowed,
    false,
  );
  t.equal(
    policy.decide({ ...ana, command: 'lb weight', input: { ...lb(5).input, note: 'fine' } }).allowed,
    true,
  );
});

t.test('an allow names its rule and the revision', async (t) => {
  const policy = policyWith(csv);
  t.strictSame(policy.decide({ ...ana, ...lb(50, 'production') }), {
    allowed: true,
    revision: policy.revision,
    rule: {
      file: 'policy.csv',
      line: line('role:sre, channels:ops'),
      who: 'role:sre',
      channel: 'channels:ops',
      command: '*',
      condition: '*',
      effect: 'allow',
    },
  });
  t.match(policy.decide({ ...bo, ...lb(25) }), {
    allowed: true,
    rule: { line: line('role:dev, channels:dev') },
  });
});

t.test('of several allow rules the last is named, as Casbin does', async (t) => {
  const policy = policyWith(
    `${links}p, role:sre, *, *, *, allow\np, *, *, lb weight, *, allow\np, gitlab:ana, *, lb *, *, allow\n`,
  );
  t.match(policy.decide({ ...ana, ...lb(5) }), { allowed: true, rule: { who: 'gitlab:ana' } });
});

t.test('a caller that is a role, a user or a set is no caller', async (t) => {
  const policy = policyWith(csv);
  for (const caller of ['role:sre', 'gitlab:ana', 'gitlab-group:ops/sre', '*', '', 'slack:T1/UANA,role:sre'])
    t.throws(() => policy.decide({ ...ana, caller, ...lb(5) }), { code: 'internal' }, caller);
  for (const channel of ['channels:ops', '*', ''])
    t.throws(() => policy.decide({ ...ana, channel, ...lb(5) }), { code: 'internal' }, channel);
});

t.test('a fault while Casbin is asked allows nothing', async (t) => {
  const trap = {
    weight: 5,
    backend: 'web',
    get env(): string {
      throw new Error('no value');
    },
  };
  t.throws(() => policyWith(csv).decide({ ...bo, command: 'lb weight', input: trap }), { code: 'internal' });
});

t.test('names that objects carry by themselves give nothing', async (t) => {
  const policy = policyWith(csv);
  for (const command of ['constructor', '__proto__', 'toString'])
    t.equal(policy.decide({ ...bo, command, input: {} }).allowed, false, command);
  t.equal(
    policy.decide({ caller: 'slack:T1/constructor', channel: 'slack:T1/__proto__', ...lb(5) }).allowed,
    false,
  );
});

t.test('memberships known from GitLab count like rows, until they end', async (t) => {
  const files = filesWith(`${csv}g, gitlab-group:ops/sre, role:sre\ng, slack:T1/UGUS, gitlab:gus\n`);
  const request = { ...guest, channel: 'slack:T1/COPS', ...lb(5) };
  const before = compileFiles(files);
  const after = compileFiles(files, [['gitlab:gus', 'gitlab-group:ops/sre']]);
  t.ok(before.ok && !before.policy.decide(request).allowed, 'not a member');
  t.ok(after.ok && after.policy.decide(request).allowed, 'a member');
  const odd = compileFiles(files, [
    ['role:sre', 'gitlab:gus'],
    ['gitlab:gus', 'role:"x"'],
  ]);
  t.match(odd.ok ? [] : odd.mistakes.map(({ file }) => file), [
    '(GitLab memberships)',
    '(GitLab memberships)',
  ]);
});

t.test('the policy knows who somebody is', async (t) => {
  const policy = policyWith(csv);
  t.strictSame(policy.rolesOf('slack:T1/UANA'), ['role:sre']);
  t.strictSame(policy.rolesOf('slack:T1/UGUS'), []);
  t.equal(policy.personOf('slack:T1/UANA'), 'gitlab:ana');
  t.equal(policy.personOf('slack:T1/UGUS'), undefined);
  t.strictSame(policy.groups, ['gitlab-group:ops/sre']);
  t.strictSame(
    policy.commands.map(({ name }) => name),
    ['lb weight', 'release'],
  );
});

t.test('couldAllow asks whether some input might be allowed', async (t) => {
  const policy = policyWith(
    `${csv}p, *, channels:dev, release, *, deny\np, role:dev, channels:dev, release, *, allow\n`,
  );
  t.equal(policy.couldAllow({ ...bo, command: 'lb weight' }), true, 'some weight');
  t.equal(policy.couldAllow({ ...guest, command: 'lb weight' }), false, 'only a deny speaks of a guest');
  t.equal(policy.couldAllow({ ...bo, command: 'release' }), false, 'denied whatever the input');
  t.equal(policy.couldAllow({ ...ana, command: 'release' }), true);
});

t.test('a denial names what is missing, least first', async (t) => {
  const policy = policyWith(csv);
  const needs = (request: DecisionRequest) => {
    const decision = policy.decide(request);
    return decision.allowed
      ? []
      : decision.near.map(({ missing }) => missing.map(({ kind, need }) => `${kind}: ${need}`));
  };
  t.strictSame(needs({ ...bo, ...lb(60) }), [
    ['input: weight <= 25'],
    ['role: role sre', 'channel: slack:T1/COPS via channels:ops'],
  ]);
  t.strictSame(needs({ ...ana, channel: 'slack:T1/CRANDOM', ...lb(10) })[0], [
    'channel: slack:T1/COPS via channels:ops',
  ]);
  t.strictSame(
    needs({ caller: 'slack:T2/U', channel: 'slack:T2/C', command: 'release', input: {} }),
    [['role: role sre', 'channel: a channel of channels:ops']],
    'channels of another workspace are not named',
  );
  t.strictSame(needs({ ...ana, ...lb(60, 'production') }), [], 'a deny rule is its own explanation');
});

t.test('at most three near misses, no two alike', async (t) => {
  const rules = [1, 2, 3, 4, 5].map(
    (weight) => `p, role:dev, channels:dev, lb weight, weight = ${weight}, allow\n`,
  );
  const decision = policyWith(`${links}${rules.join('')}${rules.join('')}`).decide({ ...bo, ...lb(9) });
  const texts = decision.allowed ? [] : decision.near.map(({ missing }) => missing[0]?.need);
  t.strictSame(texts, ['weight = 1', 'weight = 2', 'weight = 3']);
});
