import t from 'tap';
import { startFake } from './fakes/gitlab.ts';

const missingProject = { message: '404 Project Not Found' };
const noVariables = { message: { base: ['Insufficient permissions to set pipeline variables'] } };

const refusals: readonly (readonly [
  name: string,
  path: string,
  json: unknown,
  status: number,
  body: unknown,
])[] = [
  ['a project that does not exist', '/projects/1/pipeline', { ref: 'main' }, 404, missingProject],
  ['no ref', '/projects/104/pipeline', {}, 400, { error: 'ref is missing' }],
  [
    'a ref that does not exist',
    '/projects/104/pipeline',
    { ref: 'mian' },
    400,
    { message: { base: ['Reference not found'] } },
  ],
  [
    'variables where none are allowed',
    '/projects/102/pipeline',
    { ref: 'main', variables: [{ key: 'A', value: '1' }] },
    400,
    noVariables,
  ],
  [
    'variables as a map',
    '/projects/104/pipeline',
    { ref: 'main', variables: { A: '1' } },
    400,
    { error: 'variables is invalid' },
  ],
  [
    'a variable without a value',
    '/projects/104/pipeline',
    { ref: 'main', variables: [{ key: 'A' }] },
    400,
    { error: 'variables[0][value] is missing' },
  ],
  [
    'a variable of an unknown type',
    '/projects/104/pipeline',
    { ref: 'main', variables: [{ key: 'A', value: '1', variable_type: 'secret' }] },
    400,
    { error: 'variables[0][variable_type] does not have a valid value' },
  ],
  [
    'inputs as a list',
    '/projects/102/pipeline',
    { ref: 'main', inputs: ['web'] },
    400,
    { error: 'inputs is invalid' },
  ],
  [
    'a trigger without token',
    '/projects/104/trigger/pipeline',
    { ref: 'main' },
    400,
    { error: 'token is missing' },
  ],
  [
    'a trigger with an unknown token',
    '/projects/104/trigger/pipeline',
    { ref: 'main', token: 'x' },
    404,
    { message: '404 Not Found' },
  ],
  [
    'a trigger with the token of another project',
    '/projects/104/trigger/pipeline',
    { ref: 'main', token: 'glptt-sandbox-shop' },
    404,
    { message: '404 Not Found' },
  ],
  [
    'a trigger with a variable that is no text',
    '/projects/104/trigger/pipeline',
    { ref: 'main', token: 'glptt-sandbox-legacy', variables: { A: 1 } },
    400,
    { message: '400 Bad request - variables needs to be a map of key-valued strings' },
  ],
  [
    'a trigger with variables where none are allowed',
    '/projects/102/trigger/pipeline',
    { ref: 'main', token: 'glptt-sandbox-ansible', variables: { A: '1' } },
    400,
    noVariables,
  ],
];

t.test('refused, and nothing is started', async (t) => {
  const { call, ci } = await startFake(t);
  for (const [name, path, json, status, body] of refusals) {
    await t.test(name, async (t) => {
      const reply = await call('POST', path, { json });
      t.equal(reply.status, status);
      t.strictSame(reply.body, body);
      t.same(ci.orders, []);
    });
  }
});

t.test("the CI's own refusals come as base messages", async (t) => {
  const { call, ci } = await startFake(t);
  ci.refuse(['Given unknown input: colour']);
  const reply = await call('POST', '/projects/102/pipeline', {
    json: { ref: 'main', inputs: { colour: 'red' } },
  });
  t.equal(reply.status, 400);
  t.strictSame(reply.body, { message: { base: ['Given unknown input: colour'] } });
});

t.test("a pipeline's own webhook cannot trigger the next pipeline", async (t) => {
  const { call, ci } = await startFake(t);
  const headers = { 'x-gitlab-event': 'Pipeline Hook' };
  const json = { ref: 'main', token: 'glptt-sandbox-legacy' };
  const reply = await call('POST', '/projects/104/trigger/pipeline', { json, headers });
  t.same([reply.status, reply.body], [403, { message: '403 Forbidden' }]);
  t.same(ci.orders, []);
});

t.test('the 26th pipeline of a minute is refused, unless the limit is off', async (t) => {
  const tooMany = { message: { base: ['Too many pipelines created in the last minute. Try again later.'] } };
  const { call, clock } = await startFake(t);
  const start = async () => await call('POST', '/projects/104/pipeline', { json: { ref: 'main' } });
  for (let made = 0; made < 25; made += 1) t.equal((await start()).status, 201);
  const refused = await start();
  t.same([refused.status, refused.body], [400, tooMany]);
  const other = await call('POST', '/projects/104/pipeline', {
    json: { ref: 'main' },
    token: 'glpat-sandbox-ana',
  });
  t.equal(other.status, 201, 'it counts per person');
  clock.at += 60_000;
  t.equal((await start()).status, 201);
  const free = await startFake(t, { limits: { pipelinesPerMinute: Number.POSITIVE_INFINITY } });
  for (let made = 0; made < 30; made += 1) await free.call('POST', '/projects/104/pipeline?ref=main');
  t.equal(free.ci.orders.length, 30);
});

t.test('an API token starts a pipeline with inputs and listed variables', async (t) => {
  const { call, ci, gitlab } = await startFake(t);
  const inputs = { backend: 'web', weight: 10 };
  const reply = await call('POST', '/projects/ops%2Fansible/pipeline', { json: { ref: 'main', inputs } });
  t.equal(reply.status, 201);
  const id = ci.pipelines(102)[0]?.id;
  t.match(reply.body, {
    id,
    project_id: 102,
    status: 'created',
    source: 'api',
    ref: 'main',
    user: { username: 'chatops-bot' },
    web_url: `${gitlab.url}/ops/ansible/-/pipelines/${id}`,
    detailed_status: { group: 'created' },
  });
  t.match(ci.orders, [{ source: 'api', inputs, variables: [] }]);
  const variables = [{ key: 'A', value: '$x & "y"', variable_type: 'file' }];
  await call('POST', '/projects/104/pipeline', { json: { ref: 'v1.0.0', variables } });
  t.match(ci.orders[1], { ref: 'v1.0.0', variables });
  const form = 'ref=main&variables[][key]=A&variables[][value]=1&variables[][key]=B&variables[][value]=2';
  await call('POST', '/projects/104/pipeline', { form });
  t.match(ci.orders[2]?.variables, [
    { key: 'A', value: '1' },
    { key: 'B', value: '2' },
  ]);
});

t.test('a trigger token starts a pipeline in the name of its owner, by JSON, form and query', async (t) => {
  const { call, ci } = await startFake(t);
  const token = 'glptt-sandbox-legacy';
  const open = { token: '' };
  const json = { token, ref: 'main', variables: { A: '1' } };
  t.equal((await call('POST', '/projects/104/trigger/pipeline', { ...open, json })).status, 201);
  const form = `token=${token}&variables[A]=x%26variables[B]%3Dy`;
  t.equal((await call('POST', '/projects/104/ref/v1.0.0/trigger/pipeline', { ...open, form })).status, 201);
  const query = `token=${token}&ref=main&variables[A]=3`;
  t.equal((await call('POST', `/projects/104/trigger/pipeline?${query}`, open)).status, 201);
  const given = ci.orders.map((order) =>
    order.variables.filter(({ variable_type }) => variable_type === 'env_var'),
  );
  t.match(given, [
    [{ key: 'A', value: '1' }],
    [{ key: 'A', value: 'x&variables[B]=y' }],
    [{ key: 'A', value: '3' }],
  ]);
  t.same(
    ci.orders.map((order) => [order.source, order.user.username]),
    Array(3).fill(['trigger', 'chatops-bot']),
  );
  const payloads = ci.orders.map(
    (order) => order.variables.find(({ key }) => key === 'TRIGGER_PAYLOAD')?.value ?? '',
  );
  t.match(payloads[0], '"variables":{"A":"1"}');
  t.notOk(
    payloads.some((payload) => payload.includes(token)),
    'the token is not handed to the jobs',
  );
});

t.test('the list of requests keeps no trigger token', async (t) => {
  const { call, gitlab } = await startFake(t);
  await call('POST', '/projects/104/trigger/pipeline?ref=main&token=glptt-sandbox-legacy', { token: '' });
  t.match(gitlab.requests(), [
    { method: 'POST', status: 201, url: '/api/v4/projects/104/trigger/pipeline?ref=main&token=***' },
  ]);
});
