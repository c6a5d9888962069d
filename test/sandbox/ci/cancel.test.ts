import { readdirSync } from 'node:fs';
import t from 'tap';
import { alive, projectOf, until, type World, worldOf } from './world.ts';

/** A job that ignores the polite signal and starts processes, one of which leaves the process group; it prints their numbers. */
const SLEEPER = `
job:
  script:
    - trap '' TERM
    - sleep 100 & echo "pid=$!"
    - setsid sleep 100 & echo "pid=$!"
    - bash -c 'echo "pid=$$"; while true; do sleep 0.2; done'
  after_script: ['echo "after $CI_JOB_STATUS"']
later: { stage: deploy, script: [echo later] }
`;

function pidsOf(world: World, id: number): readonly number[] {
  return [...world.job(id, 'job').log.matchAll(/^pid=(\d+)$/gm)].map(([, pid]) => Number(pid));
}

async function sleeping(t: Parameters<typeof worldOf>[0]) {
  const world = worldOf(t, [projectOf('ops/sleep', { '.gitlab-ci.yml': SLEEPER })]);
  const { id } = world.start();
  await until(
    () => pidsOf(world, id).length === 3,
    () => `three processes: ${world.job(id, 'job').log}`,
  );
  const pids = pidsOf(world, id);
  t.same(pids.map(alive), [true, true, true], 'all run before');
  return { world, id, pids };
}

t.test(
  'a cancelled pipeline kills everything its job started, even what ignores the polite signal',
  async (t) => {
    const { world, id, pids } = await sleeping(t);
    const done = world.ci.cancel(id);
    t.match(done, { ok: true, value: { status: 'canceling' } });
    t.equal(world.job(id, 'job').status, 'canceling');
    t.equal(world.job(id, 'later').status, 'canceled');
    await world.reaches(id, 'canceled');
    t.same(pids.map(alive), [false, false, false]);
    t.match(world.job(id, 'job'), { status: 'canceled', failureReason: null });
    t.match(world.job(id, 'job').log, /after canceled\n[\s\S]*ERROR: Job failed: canceled/);
    t.same(readdirSync(world.workDir), [], 'the working copy is gone');
  },
);

t.test('after close no process and no folder is left', async (t) => {
  const { world, id, pids } = await sleeping(t);
  await world.ci.close();
  t.same(pids.map(alive), [false, false, false]);
  t.same(readdirSync(world.workDir), []);
  t.notMatch(world.job(id, 'job').log, 'after canceled');
  t.equal(world.job(id, 'later').status, 'created', 'nothing starts any more');
});

t.test('a job that has ended leaves nothing running', async (t) => {
  const script = `['sleep 100 & echo "pid=$!"', 'setsid sleep 100 & echo "pid=$!"', sleep 0.3]`;
  const config = `job: { script: ${script} }`;
  const world = worldOf(t, [projectOf('ops/leave', { '.gitlab-ci.yml': config })]);
  const { id } = world.start();
  await world.reaches(id, 'success');
  t.same(pidsOf(world, id).map(alive), [false, false]);
});

t.test('cancelling one job lets the others go on', async (t) => {
  const config = `
slow: { script: [echo started, sleep 100] }
quick: { script: [echo quick] }
later: { stage: deploy, script: [echo later] }
`;
  const world = worldOf(t, [projectOf('ops/one', { '.gitlab-ci.yml': config })]);
  const { id } = world.start();
  await until(
    () => world.job(id, 'slow').log.includes('\nstarted\n'),
    () => 'the slow job to start',
  );
  t.match(world.ci.cancelJob(world.job(id, 'slow').id), { ok: true, value: { status: 'canceling' } });
  await world.reaches(id, 'canceled');
  t.equal(world.job(id, 'quick').status, 'success');
  t.equal(world.job(id, 'later').status, 'skipped');
});

t.test('cancelling an ended pipeline changes nothing', async (t) => {
  const world = worldOf(t, [projectOf('ops/done', { '.gitlab-ci.yml': 'job: { script: [echo done] }' })]);
  const { id } = world.start();
  const before = await world.reaches(id, 'success');
  t.match(world.ci.cancel(id), { ok: true });
  t.same(world.pipeline(id), before);
});

t.test('a pipeline that is cancelled before it starts never runs', async (t) => {
  const world = worldOf(t, [projectOf('ops/early', { '.gitlab-ci.yml': 'job: { script: [echo done] }' })]);
  const { id } = world.start();
  world.ci.cancel(id);
  await new Promise((resolve) => setImmediate(resolve));
  t.match(world.pipeline(id), {
    status: 'canceled',
    jobs: [{ status: 'canceled', startedAt: null, log: '' }],
  });
});

t.test('there is nothing to cancel under an unknown number', async (t) => {
  const world = worldOf(t, [projectOf('ops/none', {})]);
  t.match(world.ci.cancel(1), { ok: false });
  t.match(world.ci.cancelJob(1), { ok: false });
});
