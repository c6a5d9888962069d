import t from 'tap';
import { parseAllDocuments } from 'yaml';
import { cancelPipeline, playJob, retryJob, retryPipeline } from '../../src/gitlab/actions.ts';
import { currentUser, groupMembers } from '../../src/gitlab/people.ts';
import { createDeclaredInputs } from '../../src/gitlab/spec.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';

t.test('cancel, retry, play: what came of it', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  const pipeline = fake.pipelines[0];
  if (!pipeline) throw new Error('the fake made no pipeline');
  pipeline.status = 'success';
  t.match(
    await cancelPipeline(gitlab)('ops/ansible', 101),
    { outcome: 'nothing', because: /over already/ },
    'GitLab says 200 all the same',
  );
  t.match(await retryPipeline(gitlab)('ops/ansible', 101), { outcome: 'nothing' });
  t.match(await cancelPipeline(gitlab)('ops/ansible', 999), { outcome: 'refused', advice: /no longer/ });
  fake.fault({ kind: 'html', status: 502, after: true }, { method: 'POST' });
  t.match(await cancelPipeline(gitlab)('ops/ansible', 101), { outcome: 'unknown' });
  pipeline.status = 'running';
  t.match(await cancelPipeline(gitlab)('ops/ansible', 101), { outcome: 'done', now: { status: 'canceled' } });
  t.match(await retryPipeline(gitlab)('ops/ansible', 101), { outcome: 'done', now: { status: 'running' } });

  pipeline.jobs.push({ id: 7, name: 'go', stage: 'b', status: 'running', log: '' });
  t.match(await playJob(gitlab)('ops/ansible', 7), {
    outcome: 'refused',
    because: /Unplayable/,
    advice: /manual/,
  });
  t.match(await retryJob(gitlab)('ops/ansible', 7), { outcome: 'refused', advice: /newest try/ });
  pipeline.jobs[0] = { id: 7, name: 'go', stage: 'b', status: 'manual', log: '' };
  t.match(await playJob(gitlab)('ops/ansible', 7, [{ key: 'aB', value: '1' }]), {
    outcome: 'done',
    now: { phase: 'pending' },
  });
  t.same(fake.seen.at(-1)?.body, { job_variables_attributes: [{ key: 'aB', value: '1' }] });
  t.match(await retryJob(gitlab)('ops/ansible', 7), { outcome: 'done', now: { id: 1007 } });
});

t.test('people', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  t.same(await groupMembers(gitlab)('ops/sre'), ['ana', 'bo'], 'blocked ones are left out');
  t.equal(fake.seen[0]?.path, '/groups/ops%2Fsre/members/all');
  t.same(await currentUser(gitlab)(), { id: 9, username: 'gateway', name: 'Gateway' });
});

t.test('declared inputs', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  let now = 0;
  const declared = createDeclaredInputs(
    gitlab,
    (text) => parseAllDocuments(text).map((one) => one.toJS()),
    () => now,
  );
  const project = fake.projects[0];
  if (!project) throw new Error('the fake has no project');
  const put = (text: string, ref = 'main', path = '.gitlab-ci.yml') =>
    project.files.set(`${ref}:${path}`, text);
  const at = (ref: string) => declared({ project: 'ops/ansible', ref });

  t.match(await at('gone'), { kind: 'unreadable', because: /no \.gitlab-ci\.yml at "gone"/ });
  put('job: { script: x }', 'plain');
  t.same(await at('plain'), { kind: 'none' });
  put('spec: { inputs: { a: } }', 'headless');
  t.same(await at('headless'), { kind: 'none' }, 'a header is a document of its own');
  put(
    'spec:\n  inputs:\n    weight: { type: number, default: 1 }\n    env: { options: [a, b] }\n    bare:\n---\njob: {}',
  );
  const inputs = [
    { name: 'weight', type: 'number', required: false },
    { name: 'env', type: 'string', required: true, options: ['a', 'b'] },
    { name: 'bare', type: 'string', required: true },
  ];
  t.same(await at('main'), { kind: 'declared', inputs });
  const before = fake.seen.length;
  await at('main');
  t.equal(fake.seen.length, before, 'kept for a while');
  now += 31_000;
  project.ciConfigPath = 'ci/main.yml';
  put('spec: { inputs: { x: } }\n---\n', 'main', 'ci/main.yml');
  t.match(await at('main'), { inputs: [{ name: 'x' }] });
  now += 31_000;
  project.ciConfigPath = 'ci.yml@other/project';
  t.match(await at('main'), { kind: 'unreadable', because: /elsewhere/ });
  now += 31_000;
  fake.fault({ kind: 'html', status: 500 });
  t.match(await at('main'), { kind: 'unreadable', because: /500/ });
  project.ciConfigPath = null;
  t.match(await at('main'), { kind: 'declared' }, 'a failure is not kept');
});
