import t from 'tap';
import { startFake } from './fakes/gitlab.ts';

const expired = {
  error: 'invalid_token',
  error_description: 'Token is expired. You can either do re-authorization or token refresh.',
};
const readOnly = {
  error: 'insufficient_scope',
  error_description: 'The request requires higher privileges than provided by the access token.',
  scope: 'api',
};

const refusals: readonly (readonly [
  name: string,
  method: string,
  path: string,
  token: string,
  status: number,
  body: unknown,
])[] = [
  ['no token', 'GET', '/user', '', 401, { message: '401 Unauthorized' }],
  ['an unknown token', 'GET', '/projects/101', 'glpat-guess', 401, { message: '401 Unauthorized' }],
  ['a token that has run out', 'GET', '/user', 'glpat-sandbox-expired', 401, expired],
  [
    'a reading token that wants to write',
    'POST',
    '/projects/102/pipeline',
    'glpat-sandbox-reader',
    403,
    readOnly,
  ],
  [
    'a project that does not exist',
    'GET',
    '/projects/9999',
    'glpat-sandbox-gateway',
    404,
    { message: '404 Project Not Found' },
  ],
  [
    'a project that somebody may not see',
    'GET',
    '/projects/ops%2Fansible',
    'glpat-sandbox-gus',
    404,
    { message: '404 Project Not Found' },
  ],
  [
    'pipelines for a guest',
    'GET',
    '/projects/101/pipelines',
    'glpat-sandbox-gus',
    403,
    { message: '403 Forbidden' },
  ],
  [
    'a reporter who starts a pipeline',
    'POST',
    '/projects/104/pipeline?ref=main',
    'glpat-sandbox-bo',
    403,
    { message: '403 Forbidden' },
  ],
  [
    'a developer who reads webhooks',
    'GET',
    '/projects/101/hooks',
    'glpat-sandbox-bo',
    403,
    { message: '403 Forbidden' },
  ],
  [
    'a group that somebody may not see',
    'GET',
    '/groups/ops',
    'glpat-sandbox-gus',
    404,
    { message: '404 Group Not Found' },
  ],
  [
    'an endpoint that the sandbox does not have',
    'GET',
    '/runners',
    'glpat-sandbox-gateway',
    404,
    { error: '404 Not Found' },
  ],
  [
    'an endpoint by the wrong method',
    'DELETE',
    '/user',
    'glpat-sandbox-gateway',
    404,
    { error: '404 Not Found' },
  ],
  [
    'a user who is no member',
    'GET',
    '/projects/102/members/all/3',
    'glpat-sandbox-gateway',
    404,
    { message: '404 Not Found' },
  ],
  [
    'a user that does not exist',
    'GET',
    '/users/77',
    'glpat-sandbox-gateway',
    404,
    { message: '404 User Not Found' },
  ],
  [
    'a page that is no number',
    'GET',
    '/projects?page=x',
    'glpat-sandbox-gateway',
    400,
    { error: 'page is invalid' },
  ],
];

t.test('refused', async (t) => {
  const { call } = await startFake(t);
  for (const [name, method, path, token, status, body] of refusals) {
    t.test(name, async (t) => {
      const reply = await call(method, path, { token });
      t.equal(reply.status, status);
      t.strictSame(reply.body, body);
    });
  }
});

t.test('a body that is no JSON is refused, an empty one is none', async (t) => {
  const { call } = await startFake(t);
  const headers = { 'content-type': 'application/json' };
  const bad = await call('POST', '/projects/104/pipeline', { form: '{"ref":', headers });
  t.match([bad.status, bad.body], [400, { message: /not valid JSON/ }]);
  const empty = await call('POST', '/projects/104/pipeline', { form: '', headers });
  t.same([empty.status, empty.body], [400, { error: 'ref is missing' }]);
  const strange = await call('POST', '/projects/104/pipeline', {
    form: '<a/>',
    headers: { 'content-type': 'text/xml' },
  });
  t.same(
    [strange.status, strange.body],
    [415, { error: "The provided content-type 'text/xml' is not supported." }],
  );
});

t.test('both headers of a token are read', async (t) => {
  const { call } = await startFake(t);
  const bearer = await call('GET', '/user', {
    token: '',
    headers: { authorization: 'Bearer glpat-sandbox-ana' },
  });
  t.match(bearer.body, { username: 'ana', id: 1 });
  t.match((await call('GET', '/user')).body, { username: 'chatops-bot', bot: true });
  t.match((await call('GET', '/personal_access_tokens/self')).body, {
    scopes: ['api'],
    active: true,
    revoked: false,
  });
});

t.test('people, groups and projects are found by number and by path', async (t) => {
  const { call } = await startFake(t);
  t.match((await call('GET', '/users?username=bo')).body, [{ id: 2, name: 'Bo Chen' }]);
  t.same((await call('GET', '/users?username=nobody')).body, []);
  t.match((await call('GET', '/groups/ops%2Fsre')).body, { id: 11, parent_id: 10 });
  const members = await call('GET', '/groups/ops%2Fsre/members/all');
  t.match(members.body, [
    { username: 'chatops-bot', access_level: 40 },
    { username: 'ana', access_level: 50 },
  ]);
  t.match((await call('GET', '/projects/ops%2Fhelm')).body, { id: 103, default_branch: 'main' });
  t.match((await call('GET', '/projects/103/members/all/1')).body, { username: 'ana', access_level: 40 });
});

t.test('lists come in pages with links', async (t) => {
  const { call, gitlab } = await startFake(t);
  const { headers, body } = await call('GET', '/projects?per_page=3&page=1');
  t.match(body, [{ id: 104 }, { id: 103 }, { id: 102 }]);
  t.equal(headers.get('x-total'), '4');
  t.equal(headers.get('x-total-pages'), '2');
  t.equal(headers.get('x-next-page'), '2');
  t.equal(headers.get('x-prev-page'), '');
  t.match(headers.get('link'), `<${gitlab.url}/api/v4/projects?per_page=3&page=2>; rel="next"`);
  t.match((await call('GET', '/projects?per_page=3&page=2')).body, [{ id: 101 }]);
});

t.test('requests above the limit get 429 until the minute is over', async (t) => {
  const { call, clock } = await startFake(t, { limits: { requestsPerMinute: 2 } });
  const first = await call('GET', '/version');
  t.equal(first.headers.get('ratelimit-remaining'), '1');
  t.equal(first.headers.get('ratelimit-reset'), String(Date.parse('2026-03-01T10:01:00Z') / 1000));
  t.equal(first.headers.get('date'), 'Sun, 01 Mar 2026 10:00:00 GMT');
  await call('GET', '/version');
  clock.at += 20_000;
  const refused = await call('GET', '/version');
  t.equal(refused.status, 429);
  t.equal(refused.text.trim(), 'Retry later');
  t.equal(refused.headers.get('retry-after'), '40');
  t.equal(
    (await call('GET', '/version', { token: 'glpat-sandbox-ana' })).status,
    200,
    'others are not held back',
  );
  clock.at += 40_000;
  t.equal((await call('GET', '/version')).status, 200);
});

t.test('links lead to the public address when there is one', async (t) => {
  const { call } = await startFake(t, { publicUrl: 'https://gitlab.sandbox.test' });
  t.match((await call('GET', '/projects/101')).body, { web_url: 'https://gitlab.sandbox.test/app/shop' });
});
