import t from 'tap';
import { getFlag, listFlags, setFlag } from '../../src/gitlab/feature-flags.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';
import { type FakeFlag, fakeFlag } from '../fakes/gitlab-flags.ts';

const where = (flag: FakeFlag): readonly string[] =>
  flag.strategies
    .flatMap((one) => one.scopes.map((scope) => `${one.name} ${scope.environment_scope}`))
    .toSorted();

const rollout = (flag: FakeFlag): FakeFlag => {
  for (const one of flag.strategies) {
    one.name = 'gradualRolloutUserId';
    one.parameters = { percentage: '25', groupId: 'default' };
  }
  return flag;
};

const twoScopes = (flag: FakeFlag, more: string): FakeFlag => {
  flag.strategies[0]?.scopes.push({ id: 900, environment_scope: more });
  return flag;
};

const cases: readonly (readonly [
  string,
  FakeFlag,
  boolean,
  string | undefined,
  object,
  boolean,
  readonly string[],
])[] = [
  [
    'on in one, while the whole is off and others would follow',
    fakeFlag('f', false, ['staging']),
    true,
    'production',
    { outcome: 'refused', because: /staging too/ },
    false,
    ['default staging'],
  ],
  [
    'off in one that a wider strategy covers',
    fakeFlag('f', true, ['*', 'production']),
    false,
    'production',
    { outcome: 'refused', because: /"\*" covers production/ },
    true,
    ['default *', 'default production'],
  ],
  [
    'off in one that a pattern covers',
    fakeFlag('f', true, ['review/*']),
    false,
    'review/x',
    { outcome: 'refused' },
    true,
    ['default review/*'],
  ],
  [
    'off in one whose strategy has a wider scope too',
    twoScopes(fakeFlag('f', true, ['production']), '*'),
    false,
    'production',
    { outcome: 'refused' },
    true,
    ['default *', 'default production'],
  ],
  [
    'on as a whole, already',
    fakeFlag('f', true, ['*']),
    true,
    undefined,
    { outcome: 'unchanged' },
    true,
    ['default *'],
  ],
  [
    'on in one that a wider strategy covers',
    fakeFlag('f', true, ['*']),
    true,
    'production',
    { outcome: 'unchanged' },
    true,
    ['default *'],
  ],
  [
    'off in one where it is not',
    fakeFlag('f', true, ['staging']),
    false,
    'production',
    { outcome: 'unchanged' },
    true,
    ['default staging'],
  ],
  [
    'off in one, while off everywhere',
    fakeFlag('f', false, ['production']),
    false,
    'production',
    { outcome: 'unchanged' },
    false,
    ['default production'],
  ],
  [
    'off as a whole',
    fakeFlag('f', true, ['*']),
    false,
    undefined,
    { outcome: 'changed', what: /off in every environment/ },
    false,
    ['default *'],
  ],
  [
    'on as a whole',
    fakeFlag('f', false, ['staging']),
    true,
    undefined,
    { outcome: 'changed', what: /for staging/ },
    true,
    ['default staging'],
  ],
  [
    'on as a whole without strategies',
    fakeFlag('f', false, []),
    true,
    undefined,
    { outcome: 'changed', what: /reaches nobody/ },
    true,
    [],
  ],
  [
    'on in one',
    fakeFlag('f', true, ['staging']),
    true,
    'production',
    { outcome: 'changed' },
    true,
    ['default production', 'default staging'],
  ],
  [
    'on in one, the first',
    fakeFlag('f', false, []),
    true,
    'production',
    { outcome: 'changed' },
    true,
    ['default production'],
  ],
  [
    'on in the only one, while the whole is off',
    fakeFlag('f', false, ['production']),
    true,
    'production',
    { outcome: 'changed' },
    true,
    ['default production'],
  ],
  [
    'on for everyone where it was on for some',
    rollout(fakeFlag('f', true, ['production', 'staging'])),
    true,
    'production',
    { outcome: 'changed', what: /until now 25 % of users/ },
    true,
    ['default production', 'gradualRolloutUserId staging'],
  ],
  [
    'off in one of two strategies',
    fakeFlag('f', true, ['production', 'staging']),
    false,
    'production',
    { outcome: 'changed' },
    true,
    ['default staging'],
  ],
  [
    'off in one of two scopes',
    twoScopes(fakeFlag('f', true, ['production']), 'staging'),
    false,
    'production',
    { outcome: 'changed' },
    true,
    ['default staging'],
  ],
];

t.test('switching', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'] });
  const flags = fake.projects[0]?.flags ?? new Map<string, FakeFlag>();
  for (const [name, flag, on, environment, outcome, active, strategies] of cases) {
    flags.set('f', flag);
    const before = fake.count('PUT', /./);
    const change = await setFlag(gitlab)('app/shop', 'f', on, environment);
    t.match(change, outcome, name);
    t.same([flag.active, where(flag)], [active, strategies], `${name}: what it is now`);
    t.equal(fake.count('PUT', /./) - before, change.outcome === 'changed' ? 1 : 0, `${name}: writes`);
  }
});

t.test('unknown flags are never made', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'] });
  const flags = fake.projects[0]?.flags;
  for (const name of ['checkout-v2', 'checkout-v3', 'search']) flags?.set(name, fakeFlag(name, true, ['*']));
  t.same(await setFlag(gitlab)('app/shop', 'checkout-v4', true), {
    outcome: 'unknown flag',
    nearest: ['checkout-v2', 'checkout-v3'],
  });
  for (const name of ['', '.', '..']) {
    const asked = fake.seen.length;
    t.same(await getFlag(gitlab)('app/shop', name), { outcome: 'unknown flag', nearest: [] });
    t.same(await setFlag(gitlab)('app/shop', name, true), { outcome: 'unknown flag', nearest: [] });
    t.equal(fake.seen.length, asked, `${name}: would be another address`);
  }
  t.equal(flags?.size, 3);
  await t.rejects(
    getFlag(gitlab)('no/such', 'x'),
    { code: 'gitlab.refused', status: 404 },
    'an unknown project is no unknown flag',
  );
  t.match(await getFlag(gitlab)('app/shop', 'search'), {
    outcome: 'found',
    flag: { name: 'search', active: true, reaches: [{ environment: '*', whom: 'everyone' }] },
  });
  t.same(
    (await listFlags(gitlab)('app/shop')).map(({ name }) => name),
    ['checkout-v2', 'checkout-v3', 'search'],
  );
});

t.test('a strategy covers what GitLab would match with its scope', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'] });
  fake.projects[0]?.flags.set('f', fakeFlag('f', true, ['prod*', 'review/*/eu', 'staging', '*']));
  const got = await getFlag(gitlab)('app/shop', 'f');
  const covering = (environment: string) =>
    got.outcome === 'found' &&
    got.flag.reaches.filter((one) => one.covers(environment)).map((one) => one.environment);
  t.same(covering('production'), ['prod*', '*']);
  t.same(covering('review/x/eu'), ['review/*/eu', '*']);
  t.same(covering('staging'), ['staging', '*']);
  t.same(covering('staging2'), ['*']);
});
