import t from 'tap';
import { startFake } from './fakes/gitlab.ts';

const flags = '/projects/app%2Fshop/feature_flags';
const nameRule = /^Name can contain only lowercase letters/;

const refusals: readonly (readonly [
  name: string,
  method: string,
  path: string,
  json: unknown,
  status: number,
  body: unknown,
])[] = [
  [
    'reading a flag that does not exist',
    'GET',
    `${flags}/nope`,
    undefined,
    404,
    { message: '404 Not Found' },
  ],
  [
    'changing a flag that does not exist',
    'PUT',
    `${flags}/nope`,
    { active: true },
    404,
    { message: '404 Not Found' },
  ],
  ['a flag without a name', 'POST', flags, {}, 400, { error: 'name is missing' }],
  [
    'a name that is taken',
    'POST',
    flags,
    { name: 'dark-mode' },
    400,
    { message: ['Name has already been taken'] },
  ],
  ['a name with capitals', 'POST', flags, { name: 'Dark' }, 400, { message: [nameRule] }],
  [
    'an old version',
    'POST',
    flags,
    { name: 'a', version: 'legacy_flag' },
    400,
    { message: '400 Bad request - Version is invalid' },
  ],
  [
    'an unknown strategy',
    'PUT',
    `${flags}/dark-mode`,
    { strategies: [{ name: 'x' }] },
    422,
    { message: [/name is invalid/] },
  ],
  [
    'a strategy without its parameters',
    'PUT',
    `${flags}/dark-mode`,
    { strategies: [{ name: 'userWithId', parameters: {} }] },
    422,
    { message: [/parameters are invalid/] },
  ],
  [
    'a strategy that is not there',
    'PUT',
    `${flags}/dark-mode`,
    { strategies: [{ id: 9999 }] },
    422,
    { message: [/ID 9999 not found/] },
  ],
  [
    'a truth that is none',
    'PUT',
    `${flags}/dark-mode`,
    { active: 'perhaps' },
    400,
    { error: 'active is invalid' },
  ],
];

t.test('refused, and the flags stay as they were', async (t) => {
  const { call, gitlab } = await startFake(t);
  const before = (await call('GET', flags)).text;
  for (const [name, method, path, json, status, body] of refusals) {
    await t.test(name, async (t) => {
      const reply = await call(method, path, json === undefined ? {} : { json });
      t.equal(reply.status, status);
      t.match(reply.body, body);
      t.equal((await call('GET', flags)).text, before);
    });
  }
  t.equal(gitlab.world.projects[0]?.flags.size, 3);
});

t.test('the seeded flags', async (t) => {
  const { call } = await startFake(t);
  t.match((await call('GET', flags)).body, [
    { name: 'checkout-v2' },
    { name: 'dark-mode' },
    { name: 'fast-search', active: false },
  ]);
  t.match((await call('GET', `${flags}?scope=disabled`)).body, [{ name: 'fast-search' }]);
  t.match((await call('GET', `${flags}/checkout-v2`)).body, {
    active: true,
    version: 'new_version_flag',
    strategies: [{ name: 'default', scopes: [{ environment_scope: 'staging' }] }],
  });
});

t.test('a strategy is added, changed by its id, and removed', async (t) => {
  const { call, clock } = await startFake(t);
  const one = `${flags}/checkout-v2`;
  clock.at += 5000;
  const production = { name: 'default', parameters: {}, scopes: [{ environment_scope: 'production' }] };
  const added = await call('PUT', one, { json: { strategies: [production] } });
  t.equal(added.status, 200);
  t.match(added.body, {
    strategies: [
      { scopes: [{ environment_scope: 'staging' }] },
      { scopes: [{ environment_scope: 'production' }] },
    ],
  });
  t.match(added.body, { updated_at: '2026-03-01T10:00:05.000Z' });
  const body: { strategies: readonly { id: number }[] } = JSON.parse(added.text);
  const [staging, prod] = body.strategies.map(({ id }) => id);
  const rollout = { groupId: 'default', rollout: 50, stickiness: 'default' };
  const changes = [
    { id: staging, _destroy: true },
    { id: prod, name: 'flexibleRollout', parameters: rollout },
  ];
  const changed = await call('PUT', one, { json: { active: false, strategies: changes } });
  t.match(changed.body, { active: false, strategies: [{ id: prod, parameters: { rollout: '50' } }] });
  t.match((await call('GET', one)).body, changed.body);
});

t.test('a flag is made, renamed and deleted', async (t) => {
  const { call } = await startFake(t);
  t.equal((await call('POST', flags, { json: { name: 'voice' } })).status, 201);
  t.match((await call('PUT', `${flags}/voice`, { json: { name: 'voice-search' } })).body, {
    name: 'voice-search',
    active: true,
  });
  t.equal((await call('GET', `${flags}/voice`)).status, 404);
  t.equal((await call('DELETE', `${flags}/voice-search`)).status, 204);
  t.equal((await call('GET', `${flags}/voice-search`)).status, 404);
});
