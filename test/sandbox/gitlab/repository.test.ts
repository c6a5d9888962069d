import t from 'tap';
import { startFake } from './fakes/gitlab.ts';

const base = '/projects/ops%2Fansible/repository';

const refusals: readonly (readonly [name: string, path: string, status: number, body: unknown])[] = [
  ['a file without a ref', '/files/README.md', 400, { error: 'ref is missing' }],
  ['a file that is not there', '/files/nope.txt?ref=main', 404, { message: '404 File Not Found' }],
  [
    'a file of a ref that is not there',
    '/files/README.md/raw?ref=nope',
    404,
    { message: '404 Commit Not Found' },
  ],
  [
    'a way out of the project',
    '/files/..%2F..%2Fetc%2Fpasswd/raw?ref=main',
    404,
    { message: '404 File Not Found' },
  ],
  ['the tree of a ref that is not there', '/tree?ref=nope', 404, { message: '404 Tree Not Found' }],
  ['a branch that is not there', '/branches/nope', 404, { message: '404 Branch Not Found' }],
  ['a tag that is not there', '/tags/nope', 404, { message: '404 Tag Not Found' }],
  ['a commit that is not there', '/commits/0123456', 404, { message: '404 Commit Not Found' }],
];

t.test('refused', async (t) => {
  const { call } = await startFake(t);
  for (const [name, path, status, body] of refusals) {
    const reply = await call('GET', base + path);
    t.same([reply.status, reply.body], [status, body], name);
  }
});

t.test('a file is read raw and with its facts, from every kind of ref', async (t) => {
  const { call } = await startFake(t);
  const raw = await call('GET', `${base}/files/inventory%2Fstaging.txt/raw?ref=main`);
  t.match(raw.text, /^lb-stg-1 {2}50 {2}50$/m);
  const { body, headers, text } = await call('GET', `${base}/files/inventory%2Fstaging.txt?ref=v1.0.0`);
  const file: { content: string; commit_id: string } = JSON.parse(text);
  t.equal(Buffer.from(file.content, 'base64').toString(), raw.text);
  t.match(body, {
    file_path: 'inventory/staging.txt',
    file_name: 'staging.txt',
    encoding: 'base64',
    ref: 'v1.0.0',
  });
  t.equal(headers.get('x-gitlab-commit-id'), file.commit_id);
  const bySha = await call(
    'GET',
    `${base}/files/inventory%2Fstaging.txt/raw?ref=${file.commit_id.slice(0, 10)}`,
  );
  t.equal(bySha.text, raw.text);
});

t.test('the tree, flat and deep', async (t) => {
  const { call } = await startFake(t);
  const flat = await call('GET', `${base}/tree`);
  t.match(flat.body, [
    { name: 'inventory', type: 'tree' },
    { name: 'playbooks', type: 'tree' },
    { path: '.gitlab-ci.yml', type: 'blob' },
  ]);
  const folder = await call('GET', `${base}/tree?path=inventory`);
  t.match(folder.body, [{ path: 'inventory/production.txt' }, { path: 'inventory/staging.txt' }]);
  t.match((await call('GET', `${base}/tree?recursive=true&per_page=100`)).text, 'playbooks/verify.sh');
});

t.test('a new commit moves the branch, and the old one stays readable', async (t) => {
  const { call, gitlab } = await startFake(t);
  const project = gitlab.world.projects.find(({ ci }) => ci.path === 'ops/ansible');
  const before = project?.repository.find('main')?.sha;
  project?.repository.commit('main', 'New hosts', {
    'inventory/staging.txt': 'lb-9 1 99\n',
    'README.md': null,
  });
  t.equal((await call('GET', `${base}/files/inventory%2Fstaging.txt/raw`)).text, 'lb-9 1 99\n');
  t.equal((await call('GET', `${base}/files/README.md/raw`)).status, 404);
  t.equal((await call('GET', `${base}/files/README.md/raw?ref=${before}`)).status, 200);
  t.match((await call('GET', `${base}/commits`)).body, [
    { title: 'New hosts', parent_ids: [before] },
    { id: before },
  ]);
  t.match((await call('GET', `${base}/branches`)).body, [
    { name: 'main', default: true, commit: { title: 'New hosts' } },
  ]);
  t.match((await call('GET', `${base}/tags/v1.0.0`)).body, { target: before });
});
