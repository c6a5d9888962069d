import t from 'tap';
import { type Started, startFake } from './fakes/gitlab.ts';

/** Starts a pipeline in ops/legacy; the fake gives it jobs `build`, `ship` (manual) and a bridge. */
async function start({ call, ci }: Started) {
  await call('POST', '/projects/104/pipeline?ref=main');
  const pipeline = ci.pipelines(104)[0];
  const [build, ship, bridge] = pipeline?.jobs ?? [];
  if (!pipeline || !build || !ship || !bridge) throw new Error('The fake made no pipeline');
  return {
    pipeline,
    build,
    ship,
    bridge,
    base: `/projects/104/pipelines/${pipeline.id}`,
    jobs: '/projects/104/jobs',
  };
}

t.test('what is not there', async (t) => {
  const started = await startFake(t);
  const { pipeline, build, bridge } = await start(started);
  const missing = { message: '404 Not Found' };
  const cases: readonly (readonly [name: string, path: string])[] = [
    ['a pipeline that does not exist', '/projects/104/pipelines/77'],
    ['a pipeline whose id is no number', '/projects/104/pipelines/x'],
    ['a pipeline of another project', `/projects/103/pipelines/${pipeline.id}`],
    ['a job of another project', `/projects/103/jobs/${build.id}`],
    ['the log of a job of another project', `/projects/103/jobs/${build.id}/trace`],
    ['a bridge asked for as a job', `/projects/104/jobs/${bridge.id}`],
  ];
  for (const [name, path] of cases) {
    t.same(await started.call('GET', path).then(({ status, body }) => [status, body]), [404, missing], name);
  }
});

t.test('filters with words that GitLab does not know are refused', async (t) => {
  const { call } = await startFake(t);
  const cases: readonly (readonly [query: string, error: string])[] = [
    ['status=done', 'status does not have a valid value'],
    ['scope=mine', 'scope does not have a valid value'],
    ['source=chatops', 'source does not have a valid value'],
    ['order_by=name', 'order_by does not have a valid value'],
    ['updated_after=yesterday', 'updated_after is invalid'],
    ['per_page=0', 'per_page has a value not allowed'],
  ];
  for (const [query, error] of cases) {
    const { status, body } = await call('GET', `/projects/104/pipelines?${query}`);
    t.same([status, body], [400, { error }], query);
  }
});

t.test('latest without a pipeline is forbidden, with one it is the newest', async (t) => {
  const started = await startFake(t);
  t.equal((await started.call('GET', '/projects/104/pipelines/latest')).status, 403);
  const { pipeline } = await start(started);
  t.match((await started.call('GET', '/projects/104/pipelines/latest?ref=main')).body, { id: pipeline.id });
});

t.test('the list is narrowed and ordered', async (t) => {
  const started = await startFake(t);
  const { call, ci, clock } = started;
  const first = (await start(started)).pipeline;
  clock.at += 1000;
  const second = (await start(started)).pipeline;
  clock.at += 1000;
  ci.movePipeline(first.id, { status: 'success' });
  const ids = async (query: string): Promise<unknown> => {
    const { body } = await call('GET', `/projects/104/pipelines?${query}`);
    return Array.isArray(body) ? body.map((one: { id: number }) => one.id) : body;
  };
  const times = (at: number): string => new Date(at).toISOString();
  t.same(await ids(''), [second.id, first.id]);
  t.same(await ids('sort=asc'), [first.id, second.id]);
  t.same(await ids('order_by=updated_at'), [first.id, second.id]);
  t.same(await ids('status=success'), [first.id]);
  t.same(await ids('scope=finished'), [first.id]);
  t.same(await ids('scope=tags'), []);
  t.same(await ids(`name=chatops%20${second.id}`), [second.id]);
  t.same(await ids('username=ana'), []);
  t.same(await ids('source=api&ref=main'), [second.id, first.id]);
  t.same(await ids(`sha=${first.sha}`), [second.id, first.id]);
  t.same(await ids(`updated_after=${times(second.createdAt)}`), [first.id]);
  t.same(await ids(`created_after=${times(first.createdAt)}`), [second.id]);
  t.same(await ids(`updated_before=${times(second.createdAt + 1)}`), [second.id]);
});

t.test('jobs and bridges are listed apart, earlier tries only when asked for', async (t) => {
  const started = await startFake(t);
  const { call, ci } = started;
  const { base, build, ship, bridge, jobs, pipeline } = await start(started);
  ci.moveJob(build.id, { status: 'failed', failureReason: 'script_failure' });
  const again = await call('POST', `${jobs}/${build.id}/retry`);
  t.equal(again.status, 201);
  t.match(again.body, { name: 'build', status: 'pending' });
  const newest = ci.pipeline(pipeline.id)?.jobs.at(-1);
  t.match((await call('GET', `${base}/jobs`)).body, [{ id: newest?.id }, { id: ship.id, status: 'manual' }]);
  const all = await call('GET', `${base}/jobs?include_retried=true&scope[]=failed`);
  t.match(all.body, [{ id: build.id, failure_reason: 'script_failure' }]);
  t.match((await call('GET', `${base}/bridges`)).body, [{ id: bridge.id, downstream_pipeline: null }]);
  ci.moveJob(bridge.id, { downstreamPipelineId: pipeline.id });
  const bridges = await call('GET', `${base}/bridges`);
  t.match(bridges.body, [{ downstream_pipeline: { id: pipeline.id, project_id: 104 } }]);
  t.equal((await call('GET', `${base}/jobs?scope[]=done`)).status, 400);
});

t.test('a job is played once, and only when it waits', async (t) => {
  const started = await startFake(t);
  const { call, ci } = started;
  const { build, ship, jobs } = await start(started);
  const unplayable = { message: '400 Bad request - Unplayable Job' };
  t.match(await call('POST', `${jobs}/${build.id}/play`), { status: 400, body: unplayable });
  const bad = { job_variables_attributes: [{ key: 'A' }] };
  t.equal((await call('POST', `${jobs}/${ship.id}/play`, { json: bad })).status, 400);
  t.equal(ci.job(ship.id)?.status, 'manual');
  const json = { job_variables_attributes: [{ key: 'A', value: '1' }] };
  t.match(await call('POST', `${jobs}/${ship.id}/play`, { json }), {
    status: 200,
    body: { status: 'pending' },
  });
  t.equal((await call('POST', `${jobs}/${ship.id}/play`)).status, 400);
});

t.test('cancelling answers 200 even when nothing is left; retrying what still runs is refused', async (t) => {
  const started = await startFake(t);
  const { call, ci } = started;
  const { base, build, jobs, pipeline } = await start(started);
  const refused = { message: '403 Forbidden - Job is not retryable' };
  t.match(await call('POST', `${jobs}/${build.id}/retry`), { status: 403, body: refused });
  t.match(await call('POST', `${base}/cancel`), { status: 200, body: { status: 'canceled' } });
  t.equal(ci.job(build.id)?.status, 'canceled');
  t.equal((await call('POST', `${base}/cancel`)).status, 200);
  t.match(await call('POST', `${jobs}/${build.id}/cancel`), { status: 403 });
  t.equal((await call('POST', `${base}/retry`)).status, 201);
  t.equal(pipeline.id, ci.pipelines(104)[0]?.id);
});

t.test('the log is plain text, byte by byte', async (t) => {
  const started = await startFake(t);
  const { build, jobs } = await start(started);
  const log = 'section_start:1:chat_reply\r\u001b[0K\n狸 ❤️\n';
  started.ci.moveJob(build.id, { log });
  const { headers, text } = await started.call('GET', `${jobs}/${build.id}/trace`);
  t.equal(text, log);
  t.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
  t.match(headers.get('content-disposition'), `${build.id}.log`);
});

t.test('a pipeline is renamed; details, variables and deployments are shown', async (t) => {
  const started = await startFake(t);
  const { call, ci, clock } = started;
  const { base, pipeline } = await start(started);
  t.equal((await call('PUT', `${base}/metadata`, { json: {} })).status, 400);
  await call('PUT', `${base}/metadata`, { json: { name: 'chatops run-9' } });
  t.match((await call('GET', '/projects/104/pipelines?name=chatops%20run-9')).body, [{ id: pipeline.id }]);
  ci.movePipeline(pipeline.id, {
    status: 'success',
    warnings: true,
    startedAt: clock.at,
    finishedAt: clock.at + 4000,
  });
  const group = 'success-with-warnings';
  t.match((await call('GET', base)).body, { name: 'chatops run-9', duration: 4, detailed_status: { group } });
  t.same((await call('GET', `${base}/variables`)).body, []);
  t.equal((await call('GET', `${base}/variables`, { token: 'glpat-sandbox-bo' })).status, 403);
  t.match((await call('GET', '/projects/104/environments')).body, [{ name: 'production' }]);
  t.match((await call('GET', '/projects/104/deployments')).body, [
    { status: 'blocked', environment: { name: 'production' } },
  ]);
});
