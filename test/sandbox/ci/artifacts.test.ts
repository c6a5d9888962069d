import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { collect, parseDotenv, unpack } from '../../../src/sandbox/ci/artifacts.ts';
import { matchesAny } from '../../../src/sandbox/ci/glob.ts';
import { projectOf, worldOf } from './world.ts';

const PATTERNS: readonly (readonly [string, string, boolean])[] = [
  ['out/', 'outer/a', false],
  ['*.txt', 'deep/a.txt', false],
  ['a.txt', 'aXtxt', false],
  ['out/?.txt', 'out/ab.txt', false],
  ['out/', 'out/deep/a', true],
  ['./out', 'out/a', true],
  ['*.txt', 'a.txt', true],
  ['**/*.txt', 'a.txt', true],
  ['**/*.txt', 'deep/er/a.txt', true],
  ['out/**', 'out/deep/a', true],
  ['a+(b).txt', 'a+(b).txt', true],
  ['.', 'anything/at/all', true],
];

for (const [pattern, path, fits] of PATTERNS) {
  t.test(`${pattern} ${fits ? 'means' : 'does not mean'} ${path}`, async (t) =>
    t.equal(matchesAny(path, [pattern]), fits),
  );
}

t.test('links are never followed out of the project', async (t) => {
  const folder = t.testdir({ project: { out: {} }, secret: { 'key.txt': 'secret' }, kept: {} });
  symlinkSync(join(folder, 'secret'), join(folder, 'project/out/there'));
  symlinkSync(join(folder, 'secret/key.txt'), join(folder, 'project/out/key.txt'));
  t.same(await collect(join(folder, 'project'), ['out/'], join(folder, 'kept')), []);
  t.same(readdirSync(join(folder, 'kept')), []);
});

t.test('files are kept with their mode and come back over what is there', async (t) => {
  const folder = t.testdir({ project: { 'b.txt': 'no' }, copy: { bin: { 'a.sh': 'old' } } });
  mkdirSync(join(folder, 'project/bin'));
  writeFileSync(join(folder, 'project/bin/a.sh'), 'new', { mode: 0o755 });
  t.same(await collect(join(folder, 'project'), ['bin'], join(folder, 'kept')), ['bin/a.sh']);
  await unpack(join(folder, 'kept'), join(folder, 'copy'));
  t.equal(readFileSync(join(folder, 'copy/bin/a.sh'), 'utf8'), 'new');
  t.equal(statSync(join(folder, 'kept/bin/a.sh')).mode & 0o111, 0o111);
  t.notOk(existsSync(join(folder, 'copy/b.txt')));
});

t.test('a dotenv report is names and values, nothing is expanded', async (t) => {
  t.equal(parseDotenv('A B=1'), undefined);
  t.equal(parseDotenv('export A=1'), undefined);
  const values = parseDotenv('# note\n\nA=1\r\nB="two words"\nC=$A $(x)\nD=\nE=a=b\n');
  t.same(values && Object.fromEntries(values), { A: '1', B: 'two words', C: '$A $(x)', D: '', E: 'a=b' });
});

t.test('a job with a broken dotenv report fails, one without the files it promised does not', async (t) => {
  const config = `
bad: { script: ['echo "not dotenv" > b.env'], artifacts: { reports: { dotenv: b.env } } }
empty: { script: [echo nothing], artifacts: { paths: [gone/] } }
`;
  const world = worldOf(t, [projectOf('ops/report', { '.gitlab-ci.yml': config })]);
  const { id } = world.start();
  await world.reaches(id, 'failed');
  t.equal(world.job(id, 'bad').status, 'failed');
  t.match(world.job(id, 'bad').log, 'b.env: Invalid Format');
  t.equal(world.job(id, 'empty').status, 'success');
  t.match(world.job(id, 'empty').log, 'No files to upload');
});

t.test('a project file that leads out of the working copy fails the job and is not written', async (t) => {
  const files = { '.gitlab-ci.yml': 'a: { script: [echo never] }', '../../escaped.txt': 'x' };
  const world = worldOf(t, [projectOf('ops/escape', files)]);
  const { id } = world.start();
  await world.reaches(id, 'failed');
  t.match(world.job(id, 'a'), { failureReason: 'runner_system_failure' });
  t.same(readdirSync(world.workDir), []);
});

t.test('files of another project can be included, also from a ref', async (t) => {
  const other = projectOf('ops/other', { 'a.yml': 'shared: { script: [echo from other] }' }, 2);
  const sha = other.at('main')?.sha ?? '';
  for (const ref of ['', `, ref: ${sha}`]) {
    const config = `include: { project: ops/other, file: [/a.yml]${ref} }`;
    const world = worldOf(t, [projectOf('ops/x', { '.gitlab-ci.yml': config }), other]);
    const { id } = world.start();
    await world.reaches(id, 'success');
    t.match(world.job(id, 'shared').log, 'from other');
  }
});
