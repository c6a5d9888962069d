import { readdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import { createQuickRun, quickLimits } from '../../../src/sandbox/ci/quick.ts';
import { given, projectOf, type World, worldOf } from './world.ts';

const quick = (t: Test, config: string, milliseconds = 1): World =>
  worldOf(
    t,
    [projectOf('ops/quick', { '.gitlab-ci.yml': config })],
    quickLimits,
    createQuickRun(milliseconds),
  );

/** The text of the log's `chat_reply` section. */
const replyIn = (log: string): string | undefined =>
  log.match(
    /section_start:\d+:chat_reply\r\u001b\[0K\n([\s\S]*?)section_end:\d+:chat_reply\r\u001b\[0K\n/,
  )?.[1];

t.test('a configuration with a mistake is refused as ever', async (t) => {
  const world = quick(t, 'a: { stage: nowhere, script: [exit 1] }');
  t.match(world.refusal(), [/chosen stage nowhere does not exist/]);
});

t.test('no script runs, and the log has a reply', async (t) => {
  const world = quick(t, 'a: { stage: test, script: [echo seen, exit 1] }');
  const { id } = world.start();
  await world.reaches(id, 'success');
  const { log } = world.job(id, 'a');
  t.notMatch(log, /seen/);
  t.equal(replyIn(log), 'a is done\n');
  t.match(log, /Job succeeded/);
  t.same(readdirSync(world.workDir), []);
});

t.test('a job whose name contains fail fails, and what follows is skipped', async (t) => {
  const world = quick(
    t,
    `
stages: [one, two]
will-fail: { stage: one, script: [exit 0] }
later: { stage: two, script: [exit 0] }
`,
  );
  const { id } = world.start();
  await world.reaches(id, 'failed');
  const failed = world.job(id, 'will-fail');
  t.strictSame([failed.status, failed.failureReason], ['failed', 'script_failure']);
  t.equal(replyIn(failed.log), 'will-fail has failed\n');
  t.equal(world.job(id, 'later').status, 'skipped');
});

t.test('names, inputs, rules, variables and manual jobs stay real', async (t) => {
  const world = quick(
    t,
    `
spec: { inputs: { run: { default: by-hand } } }
---
workflow: { name: 'chatops $[[ inputs.run ]]' }
stages: [one, two]
left-out: { stage: one, rules: [{ if: '$WANTED == "yes"' }], script: [exit 0] }
taken: { stage: one, script: [exit 0] }
ship: { stage: two, when: manual, allow_failure: false, script: [exit 0] }
`,
  );
  const { id, name, inputs } = world.start({ inputs: { run: 'ci_1' }, variables: given({ WANTED: 'no' }) });
  t.strictSame([name, inputs], ['chatops ci_1', { run: 'ci_1' }]);
  await world.reaches(id, 'manual');
  t.strictSame(
    world.pipeline(id).jobs.map((job) => [job.name, job.status]),
    [
      ['taken', 'success'],
      ['ship', 'manual'],
    ],
  );
  world.ci.play(world.job(id, 'ship').id, []);
  await world.reaches(id, 'success');
});

t.test('a cancelled job ends at once', async (t) => {
  const world = quick(t, 'a: { stage: test, script: [exit 0] }', 600_000);
  const { id } = world.start();
  await world.reaches(id, 'running');
  world.ci.cancel(id);
  await world.reaches(id, 'canceled');
  t.match(world.job(id, 'a').log, /Job failed: canceled/);
});

t.test('jobs of one resource group run one at a time', async (t) => {
  const world = quick(t, 'a: { stage: test, resource_group: one, script: [exit 0] }', 2);
  let most = 0;
  world.ci.subscribe(() => {
    const running = world.ci
      .pipelines(1)
      .flatMap((each) => each.jobs.filter((job) => job.status === 'running'));
    most = Math.max(most, running.length);
  });
  const ids = Array.from({ length: 8 }, () => world.start().id);
  for (const id of ids) await world.reaches(id, 'success');
  t.equal(most, 1);
});

t.test('a log that has grown is shown with what it grew by', async (t) => {
  const world = quick(t, 'a: { stage: test, script: [exit 0] }');
  const logs: unknown[] = [];
  world.ci.subscribe(({ kind, job, pipeline }) => {
    if (kind === 'log') logs.push([job?.status, job?.log === '', pipeline.jobs[0]?.log === job?.log]);
  });
  const { id } = world.start();
  await world.reaches(id, 'success');
  t.strictSame(logs, [['running', false, true]]);
});

t.test('what was shown of a pipeline stays as it was, and what is asked for now is new', async (t) => {
  const world = quick(t, 'a: { stage: test, script: [exit 0] }');
  const first = world.start();
  t.equal(world.pipeline(first.id), world.pipeline(first.id), 'nothing is made anew while nothing changes');
  await world.reaches(first.id, 'success');
  t.strictSame([first.status, first.jobs[0]?.status], ['created', 'created']);
  t.equal(world.ci.pipelines(1)[0], world.pipeline(first.id));
  t.equal(world.ci.retryJob(world.job(first.id, 'a').id).ok, true);
  t.equal(world.pipeline(first.id).jobs.length, 2);
  t.equal(world.pipeline(first.id).jobs[0]?.retried, true);
});
