import t from 'tap';
import { createJobLog } from '../../../src/sandbox/ci/log.ts';
import type { CiEvent } from '../../../src/sandbox/ci/types.ts';
import { given, projectOf, until, worldOf } from './world.ts';

const many = (count: number, more = ''): string =>
  Array.from(
    { length: count },
    (_, at) => `j${at}: { script: ['until test -e "$GO"; do sleep 0.02; done'] ${more} }`,
  ).join('\n');

t.test('so many jobs run at once, over all pipelines, and the others wait', async (t) => {
  const world = worldOf(t, [projectOf('ops/many', { '.gitlab-ci.yml': many(3) })], { atOnce: 4 });
  const variables = given({ GO: `${world.workDir}/go` });
  const [one, two] = [world.start({ variables }).id, world.start({ variables }).id];
  const statuses = () => [one, two].flatMap((id) => world.pipeline(id).jobs.map((job) => job.status));
  await until(
    () => statuses().filter((status) => status === 'running').length === 4,
    () => `four running: ${statuses()}`,
  );
  t.same(statuses(), ['running', 'running', 'running', 'running', 'pending', 'pending']);
  world.ci.cancel(one);
  await until(
    () => world.pipeline(two).jobs.every((job) => job.status === 'running'),
    () => `the others to start: ${statuses()}`,
  );
});

t.test('jobs of one resource group run one after the other', async (t) => {
  const config = many(3, ', resource_group: prod');
  const world = worldOf(t, [projectOf('ops/group', { '.gitlab-ci.yml': config })]);
  let most = 0;
  world.ci.subscribe(({ pipeline }) => {
    most = Math.max(most, pipeline.jobs.filter((job) => job.status === 'running').length);
  });
  const { id } = world.start({ variables: given({ GO: '/' }) });
  await world.reaches(id, 'success');
  t.equal(most, 1);
});

t.test('a log grows while its job runs', async (t) => {
  const config = 'job: { script: [echo first, \'until test -e "$GO"; do sleep 0.02; done\', echo second] }';
  const world = worldOf(t, [projectOf('ops/grow', { '.gitlab-ci.yml': config })]);
  const events: CiEvent[] = [];
  world.ci.subscribe((event) => events.push(event));
  const { id } = world.start({ variables: given({ GO: `${world.workDir}/go` }) });
  await until(
    () => world.job(id, 'job').log.endsWith('done\u001b[0;m\n'),
    () => world.job(id, 'job').log,
  );
  t.equal(world.job(id, 'job').status, 'running');
  t.ok(events.some((event) => event.kind === 'log' && event.job?.log.includes('\nfirst\n')));
  world.ci.cancel(id);
  await world.reaches(id, 'canceled');
});

t.test('a job that prints without end is cut off with a note, and still runs to its end', async (t) => {
  const config = 'job: { script: ["head -c 300000 /dev/zero | tr \'\\\\0\' x", "echo end"] }';
  const world = worldOf(t, [projectOf('ops/loud', { '.gitlab-ci.yml': config })], { logBytes: 20_000 });
  const { id } = world.start();
  await world.reaches(id, 'success');
  const { log } = world.job(id, 'job');
  t.ok(log.length < 21_000);
  t.match(log, "Job's log exceeded limit of 20000 bytes.");
  t.notMatch(log, '\nend\n');
});

t.test('a log is never cut within a character', async (t) => {
  let text = '';
  const log = createJobLog(
    (more) => (text += more),
    () => 0,
    5,
  );
  log.raw('ab\u{1F98A}c');
  log.raw('other');
  t.ok(text.startsWith('ab\n'), text);
  t.notMatch(text, '\uFFFD');
  t.notMatch(text, 'other');
});

t.test('every change is told in order, and time goes forward', async (t) => {
  const world = worldOf(t, [projectOf('ops/tell', { '.gitlab-ci.yml': 'job: { script: [echo hi] }' })]);
  const events: CiEvent[] = [];
  const stop = world.ci.subscribe((event) => events.push(event));
  const { id, status } = world.start();
  t.equal(status, 'created');
  await world.reaches(id, 'success');
  const changes = events.filter((event) => event.kind !== 'log');
  t.same(
    changes.map(({ kind, pipeline, job }) => `${kind} ${job?.status ?? pipeline.status}`),
    [
      'pipeline created',
      'job pending',
      'pipeline pending',
      'job running',
      'pipeline running',
      'job success',
      'pipeline success',
    ],
  );
  const times = changes.map(({ pipeline }) => pipeline.updatedAt);
  t.same(
    times,
    [...new Set(times)].sort((a, b) => a - b),
    'updatedAt grows with each',
  );
  stop();
  const told = events.length;
  await world.reaches(world.start().id, 'success');
  t.equal(events.length, told);
});

t.test('a job gets four names of its own and the variables of the job, nothing else', async (t) => {
  process.env.SANDBOX_CI_SECRET = 'must not be seen';
  t.teardown(() => {
    delete process.env.SANDBOX_CI_SECRET;
  });
  const script = `["env | cut -d= -f1 | sort | sed 's/^/name:/'", 'cat "$NOTE"; test -z "$CI_JOB_TOKEN"']`;
  const config = `job: { script: ${script} }`;
  const world = worldOf(t, [projectOf('ops/env', { '.gitlab-ci.yml': config })]);
  const { id } = world.start({ variables: [{ key: 'NOTE', value: 'a $HOME note', variable_type: 'file' }] });
  await world.reaches(id, 'success');
  const { log } = world.job(id, 'job');
  t.match(log, 'a $HOME note', 'a file variable is a file with its text as given');
  const names = [...log.matchAll(/^name:(\w+)$/gm)].map(([, name = '']) => name);
  // tap marks every process that it sees being started.
  const own = names.filter(
    (name) => !/^(CI|CI_\w+|GITLAB_CI|GITLAB_USER_\w+|NOTE|NODE_OPTIONS|_TAPJS_\w+)$/.test(name),
  );
  t.same(own, ['HOME', 'LANG', 'PATH', 'PWD', 'SHLVL', 'TERM', '_']);
});

for (const [name, value] of [
  ['too long for the system', 'x'.repeat(200_000)],
  ['with a NUL in it', 'a\0b'],
] as const) {
  t.test(`a variable ${name} fails the job and says so`, async (t) => {
    const world = worldOf(t, [projectOf('ops/odd', { '.gitlab-ci.yml': 'job: { script: [echo never] }' })]);
    const { id } = world.start({ variables: given({ ODD: value }) });
    await world.reaches(id, 'failed');
    t.match(world.job(id, 'job'), {
      failureReason: 'runner_system_failure',
      log: /WARNING: starting bash: /,
    });
    t.notMatch(world.job(id, 'job').log, 'never\n');
  });
}
