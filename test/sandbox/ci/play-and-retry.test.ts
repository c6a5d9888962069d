import t from 'tap';
import { given, projectOf, worldOf } from './world.ts';

const RELEASE = `
stages: [check, release, tell]
check: { stage: check, script: [echo checked] }
release:
  stage: release
  rules: [{ when: manual }]
  script: ['echo "released $WHAT by $GITLAB_USER_LOGIN"']
tell: { stage: tell, script: [echo told] }
`;

const FLAKY = `
stages: [one, two]
flaky: { stage: one, script: ['test -n "$FIXED"'] }
good: { stage: one, script: [echo good] }
after: { stage: two, script: [echo after] }
press: { stage: one, when: manual, script: ['test -n "$FIXED"'] }
`;

t.test('only a manual job can be played, and only once it is its turn', async (t) => {
  const world = worldOf(t, [projectOf('ops/release', { '.gitlab-ci.yml': RELEASE })]);
  const { id } = world.start();
  const refused = { ok: false, error: 'Unplayable Job' };
  t.same(world.ci.play(world.job(id, 'release').id, []), refused, 'not yet');
  await world.reaches(id, 'manual');
  t.same(world.ci.play(world.job(id, 'check').id, []), refused);
  t.same(world.ci.play(world.job(id, 'tell').id, []), refused);
  t.match(world.ci.play(1, []), { ok: false });
  t.equal(world.pipeline(id).status, 'manual');
});

t.test('a blocked pipeline goes on once its job is played, as the one who pressed', async (t) => {
  const world = worldOf(t, [projectOf('ops/release', { '.gitlab-ci.yml': RELEASE })]);
  const { id } = world.start({ variables: given({ WHAT: 'v1' }) });
  const blocked = await world.reaches(id, 'manual');
  t.equal(blocked.finishedAt, null);
  const bo = { id: 8, username: 'bo', name: 'Bo', email: 'bo@example.com' };
  const played = world.ci.play(world.job(id, 'release').id, given({ WHAT: 'v2' }), bo);
  t.match(played, { ok: true, value: { name: 'release', manual: true } });
  await world.reaches(id, 'success');
  t.match(world.job(id, 'release').log, '\nreleased v2 by bo\n');
  t.equal(world.job(id, 'tell').status, 'success');
});

t.test('a job that runs, waits or was replaced cannot be retried', async (t) => {
  const world = worldOf(t, [projectOf('ops/flaky', { '.gitlab-ci.yml': FLAKY })]);
  const { id } = world.start();
  await world.reaches(id, 'failed');
  const refused = { ok: false, error: 'Job is not retryable' };
  t.same(world.ci.retryJob(world.job(id, 'press').id), refused);
  t.same(world.ci.retryJob(world.job(id, 'after').id), refused, 'it was skipped');
  const old = world.job(id, 'flaky').id;
  t.match(world.ci.retryJob(old), { ok: true });
  t.same(world.ci.retryJob(old), refused, 'it was replaced');
  t.match(world.ci.retryJob(1), { ok: false });
});

t.test('a retried job is a new job, and the pipeline goes on where it had failed', async (t) => {
  const world = worldOf(t, [projectOf('ops/flaky', { '.gitlab-ci.yml': FLAKY })]);
  const { id } = world.start();
  const failed = await world.reaches(id, 'failed');
  t.match(world.job(id, 'flaky'), { failureReason: 'script_failure' });
  const old = world.job(id, 'flaky');
  const retried = world.ci.retryJob(old.id);
  t.ok(retried.ok && retried.value.id > old.id);
  t.equal(world.ci.job(old.id)?.retried, true);
  t.equal(world.pipeline(id).finishedAt, null, 'it is open again');
  const again = await world.reaches(id, 'failed');
  t.ok(again.updatedAt > failed.updatedAt);
  t.same(
    again.jobs.map((job) => [job.name, job.retried, job.status]),
    [
      ['flaky', true, 'failed'],
      ['good', false, 'success'],
      ['press', false, 'manual'],
      ['after', false, 'skipped'],
      ['flaky', false, 'failed'],
    ],
  );
});

t.test('retrying a pipeline retries what failed and revives what was skipped', async (t) => {
  const config = `
stages: [one, two]
once: { stage: one, script: ['test -e "$FLAG" || { touch "$FLAG"; false; }'] }
after: { stage: two, script: [echo after] }
`;
  const world = worldOf(t, [projectOf('ops/once', { '.gitlab-ci.yml': config })]);
  const { id } = world.start({ variables: given({ FLAG: `${world.workDir}/flag` }) });
  await world.reaches(id, 'failed');
  t.match(world.ci.retry(id), { ok: true });
  const pipeline = await world.reaches(id, 'success');
  t.same(
    pipeline.jobs.map((job) => job.status),
    ['failed', 'success', 'success'],
  );
  t.match(world.ci.retry(1), { ok: false });
});

t.test('a played job that fails can be played again, with its variables', async (t) => {
  const world = worldOf(t, [projectOf('ops/flaky', { '.gitlab-ci.yml': FLAKY })]);
  const { id } = world.start({ variables: [] });
  await world.reaches(id, 'failed');
  const first = world.ci.play(world.job(id, 'press').id, []);
  t.ok(first.ok);
  await world.reaches(id, 'failed');
  const second = world.ci.play(world.job(id, 'press').id, given({ FIXED: 'yes' }));
  t.ok(first.ok && second.ok && second.value.id > first.value.id, 'a new job');
  await world.reaches(id, 'failed');
  t.equal(world.job(id, 'press').status, 'success');
});

t.test('`retry` in the configuration tries so often and keeps every try', async (t) => {
  const config =
    'job: { retry: 2, script: [exit 1] }\nother: { retry: { max: 2, when: [runner_system_failure] }, script: [exit 1] }';
  const world = worldOf(t, [projectOf('ops/again', { '.gitlab-ci.yml': config })]);
  const { id } = world.start();
  const { jobs } = await world.reaches(id, 'failed');
  t.same(jobs.map((job) => job.name).sort(), ['job', 'job', 'job', 'other']);
  t.same(jobs.filter((job) => !job.retried).length, 2);
});
