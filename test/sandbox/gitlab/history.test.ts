import t from 'tap';
import { policies, policyCsv, startWithPolicies, tokens } from './fakes/policies.ts';

const base = `${policies}/repository`;
const action = (kind: string, path: string, content?: string) => ({ action: kind, file_path: path, content });
const commit = (branch: string, ...actions: readonly unknown[]) => ({
  json: { branch, commit_message: 'A change', actions },
});

t.test('commits that cannot be', async (t) => {
  const { call } = await startWithPolicies(t);
  const path = `${base}/commits`;
  const one = commit('half-of-staging', action('update', 'policy.csv', 'x'));
  t.equal((await call('POST', path, { ...one, token: 'glpat-sandbox-reader' })).status, 403);
  t.equal((await call('POST', path, { ...one, token: tokens.gus })).status, 404);
  const refused: readonly (readonly [name: string, ask: { json: unknown }, status: number, body: unknown])[] =
    [
      [
        'to a protected branch, by a Developer',
        commit('main', action('update', 'policy.csv', 'x')),
        403,
        { message: '403 Forbidden - You are not allowed to push into this branch' },
      ],
      [
        'without a branch',
        { json: { commit_message: 'x', actions: [] } },
        400,
        { error: 'branch is missing' },
      ],
      ['without actions', commit('half-of-staging'), 400, { error: 'actions is missing' }],
      [
        'of an unknown kind',
        commit('half-of-staging', action('chmod', 'policy.csv')),
        400,
        { error: 'action does not have a valid value' },
      ],
      [
        'that makes what is there',
        commit('half-of-staging', action('create', 'policy.csv', 'x')),
        400,
        { message: 'A file with this name already exists' },
      ],
      [
        'that changes what is not there',
        commit('half-of-staging', action('update', 'nope.csv', 'x')),
        400,
        { message: "A file with this name doesn't exist" },
      ],
      [
        'outside of the project',
        commit('half-of-staging', action('create', '../x', 'x')),
        400,
        { message: 'invalid path' },
      ],
      [
        'to a branch that is not there',
        commit('nope', action('create', 'x', 'x')),
        400,
        { message: 'You can only create or edit files when you are on a branch' },
      ],
    ];
  for (const [name, ask, status, body] of refused) {
    const reply = await call('POST', path, { ...ask, token: tokens.bo });
    t.same([reply.status, reply.body], [status, body], name);
  }
  t.equal((await call('GET', `${base}/commits?ref_name=half-of-staging`)).headers.get('x-total'), '4');
});

t.test('a commit makes, changes, moves and deletes', async (t) => {
  const { call } = await startWithPolicies(t);
  const content = Buffer.from('new: true\n').toString('base64');
  const { json } = commit(
    'topic',
    { action: 'create', file_path: 'commands/new.yml', content, encoding: 'base64' },
    action('delete', 'policy.csv'),
    { action: 'move', file_path: 'commands/two.yml', previous_path: 'commands/lb.yml' },
  );
  const made = await call('POST', `${base}/commits`, {
    json: { ...json, start_branch: 'main' },
    token: tokens.bo,
  });
  t.equal(made.status, 201);
  t.match(made.body, { title: 'A change', author_name: 'Bo Chen', parent_ids: [String] });
  const paths: readonly { path: string }[] = JSON.parse(
    (await call('GET', `${base}/tree?ref=topic&recursive=true`)).text,
  );
  t.same(
    paths.map(({ path }) => path),
    ['commands', 'commands/new.yml', 'commands/two.yml'],
  );
  const raw = await call('GET', `${base}/files/commands%2Fnew.yml/raw?ref=topic`);
  t.equal(raw.text, 'new: true\n');
});

t.test(
  'a Maintainer may push to a protected branch, and no merge request stands behind that commit',
  async (t) => {
    const { call } = await startWithPolicies(t);
    const ask = commit('main', action('update', 'policy.csv', 'p, *, *, *, *, allow\n'));
    const made = await call('POST', `${base}/commits`, { ...ask, token: tokens.ana });
    t.equal(made.status, 201);
    const { id }: { id: string } = JSON.parse(made.text);
    t.same((await call('GET', `${base}/commits/${id}/merge_requests`)).body, []);
  },
);

t.test('branches are made and deleted, protected ones stay', async (t) => {
  const { call } = await startWithPolicies(t);
  const add = (branch: string, ref: string) =>
    call('POST', `${base}/branches`, { json: { branch, ref }, token: tokens.bo });
  t.match(await add('main', 'main'), { status: 400, body: { message: 'Branch already exists' } });
  t.match(await add('x', 'nope'), { status: 400, body: { message: 'Invalid reference name: nope' } });
  for (const name of ['a b', '-x', 'a..b', 'a:b', 'x.', ''])
    t.equal((await add(name, 'main')).status, 400, name);
  t.match(await add('feature/x', 'main'), {
    status: 201,
    body: { name: 'feature/x', protected: false, can_push: true, merged: true },
  });
  t.match((await call('GET', `${base}/branches/feature%2Fx`)).body, { name: 'feature/x' });
  t.equal((await call('DELETE', `${base}/branches/feature%2Fx`, { token: tokens.bo })).status, 204);
  t.equal((await call('DELETE', `${base}/branches/main`, { token: tokens.ana })).status, 403);
  t.equal((await call('GET', `${policies}/protected_branches/nope`)).status, 404);
  t.match((await call('GET', `${policies}/protected_branches/main`)).body, {
    name: 'main',
    push_access_levels: [{ access_level: 40 }],
    merge_access_levels: [{ access_level: 40 }],
  });
  t.match((await call('GET', `${policies}/protected_branches`)).body, [{ name: 'main' }]);
});

t.test('blame names the commit of each line, whole and for a range', async (t) => {
  const { call } = await startWithPolicies(t);
  const blame = `${base}/files/policy.csv/blame`;
  t.same((await call('GET', blame)).body, { error: 'ref is missing' });
  t.equal((await call('GET', `${base}/files/nope/blame?ref=main`)).status, 404);
  t.equal((await call('GET', `${blame}?ref=main&range[start]=0&range[end]=1`)).status, 400);
  t.equal((await call('GET', `${blame}?ref=main&range[start]=2`)).status, 400);
  t.equal((await call('GET', `${blame}?ref=main&range[start]=3&range[end]=2`)).status, 400);
  const lines = policyCsv.split('\n');
  const whole = await call('GET', `${blame}?ref=main`);
  t.match(whole.body, [
    {
      commit: { message: 'Who may run what, and where', author_name: 'Carol Diaz' },
      lines: lines.slice(0, 5),
    },
  ]);
  const part = await call('GET', `${blame}?ref=half-of-staging&range[start]=4&range[end]=5`);
  t.match(part.body, [
    { commit: { message: 'Up to half of the traffic in staging', author_name: 'Bo Chen' } },
    { commit: { author_name: 'Carol Diaz' }, lines: [lines[4]] },
  ]);
  const [{ commit: one }] = JSON.parse(whole.text);
  t.match((await call('GET', `${base}/commits/${one.id}/merge_requests`)).body, [{ iid: 1 }]);
  t.equal(
    (await call('GET', `${base}/files/policy.csv?ref=main`)).headers.get('x-gitlab-last-commit-id'),
    one.id,
  );
});

t.test('a tree is read page by page, by number or by key', async (t) => {
  const { call } = await startWithPolicies(t);
  const one = await call('GET', `${base}/tree?recursive=true&per_page=2`);
  t.equal(one.headers.get('x-next-page'), '2');
  const seen: string[] = [];
  let next: string | undefined = `${base}/tree?recursive=true&per_page=1&pagination=keyset`;
  while (next !== undefined) {
    const reply = await call('GET', next);
    const [entry]: readonly { path: string }[] = JSON.parse(reply.text);
    seen.push(entry?.path ?? '');
    next = reply.headers.get('link')?.match(/\/api\/v4([^>]+)>; rel="next"/)?.[1];
  }
  t.same(seen, ['commands', 'commands/lb.yml', 'policy.csv']);
  t.equal((await call('GET', `${base}/tree?pagination=keyset&page_token=x`)).status, 400);
  t.equal((await call('GET', `${base}/tree?path=nope`)).status, 404);
});
