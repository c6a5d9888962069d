import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { GitLabSandbox } from '../../../src/sandbox/gitlab/build.ts';
import { startGitLab } from '../../../src/sandbox/gitlab/server.ts';
import { callApi, projectsDir } from './fakes/gitlab.ts';

/** The whole sandbox: jobs really run. One for all tests of this file. */
const workDir = await mkdtemp(join(tmpdir(), 'sandbox-gitlab-'));
const gitlab: GitLabSandbox = await startGitLab({
  port: 0,
  host: '127.0.0.1',
  now: Date.now,
  projectsDir,
  workDir,
});
t.teardown(async () => {
  await gitlab.close();
  await rm(workDir, { recursive: true, force: true });
});

const call: (method: string, path: string, json?: unknown) => ReturnType<typeof callApi> = (
  method,
  path,
  json,
) => callApi(gitlab.url, method, path, json === undefined ? {} : { json });

/** Starts a pipeline and answers its id, once it stands still. */
async function run(project: number, order: unknown): Promise<number> {
  const started = await call('POST', `/projects/${project}/pipeline`, order);
  if (started.status !== 201) throw new Error(`Pipeline not started: ${started.text}`);
  const id = gitlab.ci.pipelines(project)[0]?.id ?? 0;
  await settled(id);
  return id;
}

async function settled(id: number): Promise<void> {
  const still = ['success', 'failed', 'canceled', 'skipped', 'manual'];
  while (!still.includes(gitlab.ci.pipeline(id)?.status ?? ''))
    await new Promise((resolve) => setTimeout(resolve, 25));
}

async function traceOf(pipelineId: number, job: string): Promise<string> {
  const found = gitlab.ci.pipeline(pipelineId)?.jobs.findLast((one) => one.name === job);
  return (await call('GET', `/projects/${found?.projectId}/jobs/${found?.id}/trace`)).text;
}

/** The text of the log's `chat_reply` section. */
function replyIn(trace: string): string | undefined {
  return trace.match(/section_start:\d+:chat_reply\r\u001b\[0K\n([\s\S]*?)section_end:\d+:chat_reply/)?.[1];
}

t.test('inputs that the project does not accept start nothing', async (t) => {
  const cases: readonly (readonly [name: string, project: number, inputs: unknown, message: RegExp])[] = [
    ['an unknown input', 102, { backend: 'web', weight: 1, colour: 'red' }, /colour/],
    ['a missing input', 102, { backend: 'web' }, /weight/],
    ['a value that is not among the options', 102, { backend: 'db', weight: 1 }, /backend.*db/],
    ['a text for a number', 102, { backend: 'web', weight: '<b>' }, /weight/],
    ['a version of another form', 103, { service: 'web', version: 'v1; rm -rf /' }, /version/],
  ];
  for (const [name, project, inputs, message] of cases) {
    const reply = await call('POST', `/projects/${project}/pipeline`, { ref: 'main', inputs });
    t.match(reply, { status: 400, body: { message: { base: [message] } } }, name);
  }
  t.same([...gitlab.ci.pipelines(102), ...gitlab.ci.pipelines(103)], []);
});

t.test('ops/ansible refuses a weight over 100 in its check, with the reason on the last line', async (t) => {
  const id = await run(102, { ref: 'main', inputs: { backend: 'web', weight: 101 } });
  t.match(gitlab.ci.pipeline(id), {
    status: 'failed',
    jobs: [{ status: 'failed' }, { status: 'skipped' }, { status: 'skipped' }],
  });
  t.match(await traceOf(id, 'check'), /\nA weight of 101 % is too much: 100 % is all there is\n/);
});

t.test('ops/ansible sets a weight and answers in chat', async (t) => {
  const inputs = { backend: 'web', weight: 10, chatops_run_id: 'r-1' };
  const id = await run(102, { ref: 'main', inputs });
  t.match(gitlab.ci.pipeline(id), {
    status: 'success',
    name: 'chatops r-1',
    stages: ['check', 'apply', 'verify'],
  });
  t.match(await traceOf(id, 'apply'), 'changed: [lb-stg-5] => web 50 -> 10, api 50 -> 90');
  t.equal(
    replyIn(await traceOf(id, 'verify')),
    'web now takes 10 % on 5 hosts (was 50 %)\nstaging: api takes the other 90 %\n',
  );
  t.match((await call('GET', '/projects/102/pipelines?name=chatops%20r-1')).body, [{ id }]);
});

t.test('ops/helm stops before the release until somebody plays it', async (t) => {
  const id = await run(103, { ref: 'main', inputs: { service: 'web', version: 'v42' } });
  t.equal(gitlab.ci.pipeline(id)?.status, 'manual');
  t.match(replyIn(await traceOf(id, 'render')), /^web v41 -> v42 changes 3 lines/);
  const release = gitlab.ci.pipeline(id)?.jobs.find(({ name }) => name === 'release');
  t.equal(release?.status, 'manual');
  t.equal((await call('POST', `/projects/103/jobs/${release?.id}/play`)).status, 200);
  await settled(id);
  t.equal(gitlab.ci.pipeline(id)?.status, 'success');
  t.equal(replyIn(await traceOf(id, 'release')), 'web v42 is live in production (was v41)\n');
  t.match((await call('GET', '/projects/103/deployments?status=success')).body, [
    { environment: { name: 'production' } },
  ]);
});

t.test('ops/legacy answers with what was typed, as text and not as shell', async (t) => {
  const typed = 'Ana\'s `id` ; exit 3 | "x" <b>';
  const variables = [
    { key: 'CHATOPS_RUN_ID', value: 'r-2' },
    { key: 'CHAT_INPUT', value: typed },
  ];
  const id = await run(104, { ref: 'main', variables });
  t.match(gitlab.ci.pipeline(id), { status: 'success', name: 'chatops r-2' });
  t.equal(replyIn(await traceOf(id, 'hello')), `Hello ${typed}\n`);
  const broken = await run(104, { ref: 'main', variables: [{ key: 'INPUT_JOB', value: 'broken' }] });
  t.match(gitlab.ci.pipeline(broken), { status: 'failed', jobs: [{ name: 'broken', status: 'failed' }] });
});

t.test('app/shop checks its prices', async (t) => {
  const id = await run(101, { ref: 'main' });
  t.match(gitlab.ci.pipeline(id), { status: 'success', name: 'shop on main' });
});

const triggering = `
tell-ops:
  trigger:
    project: ops/legacy
    strategy: depend
`;

t.test('a bridge starts a pipeline in another project and shows it', async (t) => {
  const shop = gitlab.world.projects.find(({ ci }) => ci.path === 'app/shop');
  shop?.repository.commit('ops', 'Tell ops', { '.gitlab-ci.yml': triggering });
  const id = await run(101, { ref: 'ops' });
  const downstream = gitlab.ci.pipelines(104)[0];
  t.match(downstream, { status: 'success', source: 'pipeline', upstream: { pipelineId: id } });
  t.same((await call('GET', `/projects/101/pipelines/${id}/jobs`)).body, []);
  const bridges = await call('GET', `/projects/101/pipelines/${id}/bridges`);
  const web_url = `${gitlab.url}/ops/legacy/-/pipelines/${downstream?.id}`;
  t.match(bridges.body, [
    { name: 'tell-ops', status: 'success', downstream_pipeline: { status: 'success', web_url } },
  ]);
  const page = await (await fetch(`${gitlab.url}/app/shop/-/pipelines/${id}`)).text();
  t.match(page, `ops/legacy #${downstream?.id}`);
});
