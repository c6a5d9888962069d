import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { readPolicyFolder } from '../../src/policy/folder.ts';
import { mistakesAsText } from '../../src/policy/mistakes.ts';
import { watchPolicyFolder } from '../../src/policy/watch.ts';

const plain = { 'model.conf': 'm', 'policy.csv': 'p', commands: { 'a.yml': 'a' } };

const outcome = async (path: string) => {
  const read = await readPolicyFolder(path);
  return read.ok ? [...read.files.files.keys()] : mistakesAsText(read.mistakes);
};

t.test('what does not belong there is a mistake', async (t) => {
  const table: readonly (readonly [string, object, RegExp])[] = [
    ['no rules', { 'model.conf': 'm' }, /policy\.csv:1: is missing/],
    ['an unknown file', { ...plain, 'policy.csv.bak': '' }, /policy\.csv\.bak:1: has no place here/],
    ['an unknown folder', { ...plain, command: {} }, /command:1: is a folder/],
    ['a folder in a folder', { ...plain, commands: { more: {} } }, /commands\/more:1: is a folder/],
    ['a command that is no YAML', { ...plain, commands: { 'a.json': '{}' } }, /a\.json:1: has no place/],
    ['invalid UTF-8', { ...plain, 'policy.csv': Buffer.from([0x70, 0xff]) }, /not valid UTF-8/],
    ['a NUL', { ...plain, 'policy.csv': 'p\0' }, /NUL at byte 1/],
    ['a byte order mark', { ...plain, 'policy.csv': '\ufeffp' }, /byte order mark/],
    [
      'a huge command',
      { ...plain, commands: { 'a.yml': 'x'.repeat(2 * 1024 * 1024 + 1) } },
      /larger than 2 MB/,
    ],
    ['a link that leads out', { ...plain, 'policy.csv': t.fixture('symlink', '/etc/passwd') }, /leads out/],
    ['a folder linked from elsewhere', { ...plain, commands: t.fixture('symlink', '/etc') }, /leads out/],
    ['a link to nothing', { ...plain, 'policy.csv': t.fixture('symlink', 'nothing') }, /cannot be read/],
  ];
  for (const [name, content, problem] of table)
    await t.test(name, async (t) =>
      t.match(await outcome(t.testdir(content as Parameters<typeof t.testdir>[0])), problem),
    );
  t.match(await outcome('/nowhere/at/all'), /cannot be read/);
});

t.test('READMEs and dotfiles are left aside', async (t) => {
  const path = t.testdir({
    ...plain,
    'README.md': '',
    '.gitignore': '',
    cases: { 'b.yaml': '', 'README.md': '' },
  });
  t.strictSame(await outcome(path), ['cases/b.yaml', 'commands/a.yml', 'model.conf', 'policy.csv']);
});

t.test('the revision follows names and contents only', async (t) => {
  const revision = async (content: object) => {
    const read = await readPolicyFolder(t.testdir(content as Parameters<typeof t.testdir>[0]));
    return read.ok ? read.files.revision : 'none';
  };
  const first = await revision(plain);
  t.match(first, /^[0-9a-f]{12}$/);
  t.equal(await revision({ ...plain, 'README.md': 'new' }), first);
  t.not(await revision({ ...plain, 'policy.csv': 'q' }), first);
  t.not(await revision({ ...plain, commands: { 'b.yml': 'a' } }), first);
});

/** A ConfigMap as Kubernetes mounts it: entries are links through `..data`, which is swapped by a rename. */
const swapTo = async (root: string, version: string, csv: string): Promise<void> => {
  await mkdir(join(root, `..${version}`, 'commands'), { recursive: true });
  await writeFile(join(root, `..${version}`, 'model.conf'), 'm');
  await writeFile(join(root, `..${version}`, 'policy.csv'), csv);
  await writeFile(join(root, `..${version}`, 'commands', 'a.yml'), csv);
  await symlink(`..${version}`, join(root, '..data_tmp'));
  await rename(join(root, '..data_tmp'), join(root, '..data'));
};

const mountedIn = async (root: string): Promise<void> => {
  await swapTo(root, 'v1', 'one');
  for (const name of ['model.conf', 'policy.csv', 'commands'])
    await symlink(`..data/${name}`, join(root, name));
};

t.test('a mounted ConfigMap is read, and never half of each version', async (t) => {
  const root = t.testdir();
  await mountedIn(root);
  t.strictSame(await outcome(root), ['commands/a.yml', 'model.conf', 'policy.csv']);
  const seen = new Set<string>();
  let reading = true;
  const swapping = (async () => {
    for (let version = 2; reading; version++) {
      await swapTo(root, `v${version}`, `number ${version}`);
      await rm(join(root, `..v${version - 1}`), { recursive: true });
      for (let turns = version % 40; turns > 0; turns--) await new Promise((done) => setImmediate(done));
    }
  })();
  for (let times = 300; times > 0; times--) {
    const read = await readPolicyFolder(root);
    const { files } = read.ok ? read.files : { files: new Map<string, string>() };
    if (files.get('policy.csv') !== files.get('commands/a.yml')) t.fail(`half of ${files.get('policy.csv')}`);
    seen.add(files.get('policy.csv') ?? 'unreadable');
  }
  reading = false;
  await swapping;
  t.ok(seen.size > 5, `${seen.size} versions were read whole`);
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let left = 500; left > 0 && !holds(); left--) await new Promise((done) => setTimeout(done, 10));
};

t.test('a change is told, by a hint of the system or by the poll', async (t) => {
  for (const [name, times] of [
    ['hint', { settleMs: 5, pollMs: 60_000 }],
    ['poll', { settleMs: 60_000, pollMs: 10 }],
  ] as const) {
    const root = t.testdir({});
    await mountedIn(root);
    let told = 0;
    const watching = watchPolicyFolder(root, times, () => told++);
    await until(() => told === 1);
    t.equal(told, 1, `${name}: told once at the beginning`);
    for (let version = 2; version < 5; version++) {
      const before = told;
      await swapTo(root, `v${version}`, `number ${version}`);
      await until(() => told > before);
      t.ok(told > before, `${name}: a swapped ConfigMap (${version})`);
    }
    await writeFile(join(root, '..data', 'commands', 'b.yml'), '');
    const before = told;
    await until(() => told > before);
    await rm(join(root, 'policy.csv'));
    await until(() => told > before + 1);
    t.ok(told > before, `${name}: a new file, a removed file`);
    watching.close();
  }
});

t.test('a folder that came later is watched too', async (t) => {
  const root = t.testdir({ 'model.conf': 'm', 'policy.csv': 'p' });
  let told = 0;
  const watching = watchPolicyFolder(root, { settleMs: 5, pollMs: 60_000 }, () => told++);
  await until(() => told === 1);
  await mkdir(join(root, 'commands'));
  await writeFile(join(root, 'commands', 'a.yml'), 'first');
  await until(() => told >= 2);
  const before = told;
  await writeFile(join(root, 'commands', 'a.yml'), 'second time');
  await until(() => told > before);
  t.ok(told > before, 'a change inside it');
  watching.close();
});
