import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import t from 'tap';
import { startFake } from './fakes/gitlab.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that keeps what it is sent. */
async function listen(t: { readonly teardown: (end: () => void) => void }, status = 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { received, url: `http://127.0.0.1:${port}/gitlab/webhook` };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const signingToken = `whsec_${Buffer.from('a key of thirty-two bytes, nearly').toString('base64')}`;

t.test('webhooks that cannot be', async (t) => {
  const { call } = await startFake(t);
  const hooks = '/projects/104/hooks';
  const blocked = { message: { url: ['is blocked: Only allowed schemes are http, https'] } };
  t.match(await call('POST', hooks, { json: {} }), { status: 400, body: { error: 'url is missing' } });
  t.match(await call('POST', hooks, { json: { url: 'ftp://x' } }), { status: 422, body: blocked });
  t.equal((await call('POST', hooks, { json: { url: 'http://x', signing_token: 'plain' } })).status, 422);
  t.same((await call('GET', hooks)).body, []);
  t.equal((await call('GET', `${hooks}/1`)).status, 404);
});

t.test('a webhook is made, changed and deleted, and never shows its secrets', async (t) => {
  const { call } = await startFake(t);
  const json = {
    url: 'http://127.0.0.1:9/x',
    token: 'very-secret',
    signing_token: signingToken,
    pipeline_events: true,
  };
  const made = await call('POST', '/projects/104/hooks', { json });
  t.equal(made.status, 201);
  t.notMatch(made.text, /very-secret|whsec_/);
  const { id }: { id: number } = JSON.parse(made.text);
  const changed = await call('PUT', `/projects/104/hooks/${id}`, { json: { job_events: true } });
  t.match(changed.body, { url: json.url, pipeline_events: true, job_events: true });
  t.equal((await call('DELETE', `/projects/104/hooks/${id}`)).status, 204);
  t.same((await call('GET', '/projects/104/hooks')).body, []);
});

t.test('each change is sent, signed, with the state at that moment', async (t) => {
  const { received, url } = await listen(t);
  const { call, ci, gitlab, clock } = await startFake(t, {
    webhook: { url, token: 'plain-secret', signingToken },
  });
  const variables = [{ key: 'CHATOPS_RUN_ID', value: 'r1' }];
  await call('POST', '/projects/104/pipeline', { json: { ref: 'main', variables } });
  await until(() => received.length === 1);
  const pipeline = ci.pipelines(104)[0];
  const build = pipeline?.jobs[0];
  if (!pipeline || !build) throw new Error('The fake made no pipeline');
  clock.at += 2000;
  ci.moveJob(build.id, { status: 'running', startedAt: clock.at });
  await until(() => received.length === 2);
  const bodies = received.map(({ body }) => JSON.parse(body));
  t.match(bodies[0], {
    object_kind: 'pipeline',
    object_attributes: {
      id: pipeline.id,
      name: `chatops ${pipeline.id}`,
      status: 'created',
      source: 'api',
      stages: ['build', 'ship'],
      variables,
      created_at: '2026-03-01 10:00:00 UTC',
      url: `${gitlab.url}/ops/legacy/-/pipelines/${pipeline.id}`,
    },
    merge_request: null,
    user: { username: 'chatops-bot' },
    project: { id: 104, path_with_namespace: 'ops/legacy', default_branch: 'main' },
    commit: { id: pipeline.sha },
    builds: [{ name: 'build' }, { name: 'ship', manual: true, environment: { name: 'production' } }],
  });
  t.equal(bodies[0].builds.length, 2, 'bridges are not builds');
  t.match(bodies[1], {
    object_kind: 'build',
    build_id: build.id,
    build_status: 'running',
    build_queued_duration: 2,
    pipeline_id: pipeline.id,
    project_name: 'ops / legacy',
  });
  const { headers = {}, body = '' } = received[0] ?? {};
  t.match(headers, {
    'content-type': 'application/json',
    'x-gitlab-event': 'Pipeline Hook',
    'x-gitlab-token': 'plain-secret',
    'x-gitlab-instance': gitlab.url,
    'webhook-timestamp': String(Date.parse('2026-03-01T10:00:00Z') / 1000),
  });
  t.equal(headers['webhook-id'], headers['idempotency-key']);
  t.not(headers['idempotency-key'], received[1]?.headers['idempotency-key']);
  const key = Buffer.from(signingToken.slice('whsec_'.length), 'base64');
  const message = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  t.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(message).digest('base64')}`);
  t.equal(received[1]?.headers['x-gitlab-event'], 'Job Hook');
});

t.test('without secrets nothing is signed; a failing receiver is not asked again', async (t) => {
  const { received, url } = await listen(t, 503);
  const { call, gitlab } = await startFake(t, { webhook: { url, token: '' } });
  await call('POST', '/projects/104/pipeline?ref=main');
  await until(() => gitlab.webhooks.recent().length === 1);
  t.match(gitlab.webhooks.recent(), [{ event: 'Pipeline Hook', outcome: 503 }]);
  const names = Object.keys(received[0]?.headers ?? {});
  t.same(
    names.filter((name) => /^webhook-|gitlab-token/.test(name)),
    [],
  );
  await call('POST', '/projects/104/pipeline?ref=main');
  await until(() => gitlab.webhooks.recent().length === 2);
  t.equal(received.length, 2);
});

t.test('a receiver that is not there harms nobody', async (t) => {
  const { call, gitlab } = await startFake(t, { webhook: { url: 'http://127.0.0.1:1/x', token: 'a' } });
  t.equal((await call('POST', '/projects/104/pipeline?ref=main')).status, 201);
  await until(() => gitlab.webhooks.recent().length === 1);
  t.type(gitlab.webhooks.recent()[0]?.outcome, 'string');
});
