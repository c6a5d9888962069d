import t, { type Test } from 'tap';
import { filesAt } from '../../src/gitlab/policy-project.ts';
import { isIgnored, mostBytesOf, mostFiles } from '../../src/policy/files.ts';
import { type FakeEntry, type FakeRepository, sha, startFakeRepository } from '../fakes/gitlab-repository.ts';

const project = 'chatops/policies';
const wanted = { mostBytes: mostBytesOf, isIgnored, mostFiles };
const csv = 'p, *, *, *, *, allow\n';
const commit = sha('a');

const start = async (test: Test, files: Readonly<Record<string, FakeEntry>>) => {
  const fake = await startFakeRepository(test);
  fake.commits.set(commit, files);
  return fake;
};

const downloads = ({ seen }: FakeRepository): readonly string[] =>
  seen.filter((path) => path.includes('/repository/files/'));

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`commands/c${at}.yml`, `name: c${at}\n`]));

t.test('a folder with too many files is refused before anything is downloaded', async (t) => {
  for (const [name, files] of [
    ['commands', many(mostFiles)],
    [
      'files that are ignored',
      Object.fromEntries(Array.from({ length: mostFiles + 1 }, (_, at) => [`.x/${at}`, ''])),
    ],
  ] as const) {
    const fake = await start(t, { 'policy.csv': csv, ...files });
    const found = await filesAt(fake.client(), wanted)(project, '', commit);
    t.same(found.problems, [{ file: '.', text: 'holds more than 2000 files' }], name);
    t.equal(found.files.size, 0);
    t.same(downloads(fake), []);
    t.ok(fake.seen.length <= 21, `${fake.seen.length} pages were asked for`);
  }
});

t.test('what is no plain file, or has no place there, is told and not downloaded', async (t) => {
  const fake = await start(t, {
    'policy.csv': { mode: '120000' },
    'commands/a.yml': { mode: '160000' },
    'run.sh': 'rm -rf /',
    'commands/deep/er.yml': 'x',
    '.gitlab-ci.yml': 'x',
    'README.md': 'x',
    'cases/README.md': 'x',
  });
  const found = await filesAt(fake.client(), wanted)(project, '', commit);
  t.match(
    found.problems.map(({ file, text }) => `${file} ${text}`),
    [
      /^policy\.csv is a link/,
      /^commands\/a\.yml is a submodule/,
      /^run\.sh has no place/,
      /^commands\/deep\/er\.yml has no place/,
    ],
  );
  t.same([downloads(fake), found.files.size], [[], 0]);
});

t.test('files that are too large are told by name, and too much is not downloaded to its end', async (t) => {
  const large = 'x'.repeat(2 * 1024 * 1024 + 1);
  const fake = await start(t, { 'policy.csv': csv, 'commands/large.yml': large, ...many(100) });
  const one = await filesAt(fake.client(), wanted)(project, '', commit);
  t.same(one.problems, [{ file: 'commands/large.yml', text: 'is larger than 2 MB' }]);
  t.equal(one.files.has('commands/large.yml'), false);

  const short = await filesAt(fake.client(1024 * 1024), wanted)(project, '', commit);
  t.match(short.problems, [{ file: 'commands/large.yml', text: /larger than GitLab can be asked for/ }]);

  fake.seen.length = 0;
  const all = await filesAt(fake.client(), { ...wanted, mostInAll: 100 })(project, '', commit);
  t.match(all.problems, [{ file: '.', text: /holds more than .* MB/ }]);
  t.equal(all.files.size, 0);
  t.ok(downloads(fake).length < 30, `${downloads(fake).length} of 102 were downloaded`);
});

t.test('what is not what the commit holds is not used', async (t) => {
  const fake = await start(t, { 'policies/policy.csv': csv });
  const read = () => filesAt(fake.client(), wanted)(project, 'policies', commit);
  const content = (text: string) => Buffer.from(text).toString('base64');
  for (const [name, body] of [
    ['other words', { encoding: 'base64', content: content(`${csv}# more\n`) }],
    ['a part of it', { encoding: 'base64', content: content(csv.slice(1)) }],
    ['another encoding', { encoding: 'text', content: csv }],
    ['no content', { encoding: 'base64' }],
    ['a list', []],
  ] as const) {
    fake.instead = (path) => (path.includes('/files/') ? { status: 200, body } : undefined);
    await t.rejects(read(), { code: 'gitlab.unexpected' }, name);
  }
  const entry = { id: sha('c'), path: 'elsewhere/policy.csv', type: 'blob', mode: '100644' };
  for (const [name, body] of [
    ['a file elsewhere', [entry]],
    ['a file without an id', [{ ...entry, path: 'policies/policy.csv', id: 5 }]],
    ['no list', { message: 'hello' }],
  ] as const) {
    fake.instead = (path) => (path.endsWith('/tree') ? { status: 200, body } : undefined);
    await t.rejects(read(), { code: 'gitlab.unexpected' }, name);
  }
  fake.instead = () => undefined;
  t.equal((await read()).files.size, 1);
});

t.test('a GitLab that fails in the middle fails the whole, after reads were tried again', async (t) => {
  const fake = await start(t, { 'policy.csv': csv, ...many(50) });
  let failures = 1;
  fake.instead = (path) =>
    path.endsWith('c7.yml') && failures-- > 0 ? { status: 503, body: { message: 'busy' } } : undefined;
  t.equal((await filesAt(fake.client(), wanted)(project, '', commit)).files.size, 51);
  failures = 3;
  await t.rejects(filesAt(fake.client(), wanted)(project, '', commit), { code: 'gitlab.unreachable' });
});

t.test('all files of a folder come from exactly that commit, over all pages', async (t) => {
  const below = Object.fromEntries(Object.entries(many(230)).map(([path, text]) => [`ops/p/${path}`, text]));
  const fake = await start(t, {
    'ops/p/policy.csv': csv,
    'ops/p/README.md': 'x',
    'other.txt': 'x',
    ...below,
  });
  fake.commits.set(sha('b'), { 'ops/p/policy.csv': 'of another commit' });
  const { files, problems } = await filesAt(fake.client(), wanted)(project, 'ops/p', commit);
  t.same(problems, []);
  t.equal(files.size, 231);
  t.equal(Buffer.from(files.get('policy.csv') ?? '').toString(), csv);
  t.equal(Buffer.from(files.get('commands/c229.yml') ?? '').toString(), 'name: c229\n');
  t.ok(
    fake.seen.every((path) => path.includes(`ref=${commit}`)),
    'nothing was asked of a branch',
  );
  t.same(await filesAt(fake.client(), wanted)(project, 'nowhere', commit), {
    files: new Map(),
    problems: [],
  });
});
