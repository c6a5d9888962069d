import t from 'tap';
import { GatewayError } from '../../src/core/errors.ts';
import type { WebhookNews } from '../../src/http/gitlab-webhook.ts';
import { serve } from './served.ts';

const operations = {
  metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
  version: () => ({ name: 'chatops-gateway', version: '0.1.0', policyRevision: 'ab12cd3' }),
  keys: () => ({ keys: [{ kty: 'EC' }] }),
};

t.test('not ready as long as one check fails, each with its sentence', async (t) => {
  const ready = [
    { name: 'policies', check: async () => ({ ready: true, sentence: '3 commands' }) },
    { name: 'store', check: () => Promise.reject(new GatewayError('store.unavailable', 'Redis refuses')) },
    { name: 'gitlab', check: async () => ({ ready: false, sentence: 'token expired' }) },
  ];
  const { app } = serve(t, {}, { operations: { ...operations, ready } });
  const response = await app.inject('/readyz');
  t.equal(response.statusCode, 503);
  t.same(response.json(), {
    ready: false,
    checks: [
      { name: 'policies', ready: true, sentence: '3 commands' },
      { name: 'store', ready: false, sentence: 'Redis refuses' },
      { name: 'gitlab', ready: false, sentence: 'token expired' },
    ],
  });
});

t.test('operators get life, readiness, metrics, version and keys', async (t) => {
  const ready = [{ name: 'store', check: async () => ({ ready: true, sentence: 'in memory' }) }];
  const { app } = serve(t, {}, { operations: { ...operations, ready } });
  t.same((await app.inject('/livez')).json(), { alive: true });
  t.equal((await app.inject('/readyz')).statusCode, 200);
  t.equal((await app.inject('/metrics')).body, 'up 1\n');
  t.match((await app.inject('/version')).json(), { version: '0.1.0', policyRevision: 'ab12cd3' });
  t.same((await app.inject('/.well-known/jwks.json')).json(), { keys: [{ kty: 'EC' }] });
});

t.test('a fault of a route is told as a problem without its details, and logged in one line', async (t) => {
  const metrics = () => Promise.reject(new Error('secret detail'));
  const { app, lines } = serve(t, {}, { operations: { ...operations, ready: [], metrics } });
  const response = await app.inject('/metrics');
  t.equal(response.statusCode, 500);
  t.match(response.json(), { code: 'internal', status: 500 });
  t.notMatch(response.body, 'secret detail');
  t.match(lines, [{ msg: 'request failed', err: { message: 'secret detail' } }]);
  t.equal(lines.length, 1);
});

t.test('every answer forbids framing, guessing and keeping', async (t) => {
  const { app } = serve(t);
  for (const url of ['/livez', '/nowhere']) {
    t.match((await app.inject(url)).headers, {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': /default-src 'none'/,
    });
  }
});

const delivery = {
  method: 'POST' as const,
  url: '/gitlab/webhook',
  headers: { 'content-type': 'application/json' },
  payload: '{"object_kind":"pipeline"}',
};

const webhookSaying = (news: WebhookNews, woken: string[]) => ({
  verify: ({ headers }: { headers: Readonly<Record<string, unknown>> }) =>
    headers['x-gitlab-token'] === 'right'
      ? ({ ok: true } as const)
      : ({ ok: false, code: 'request.unverified', because: 'X-Gitlab-Token is wrong' } as const),
  read: () => ({ ok: true, news }) as const,
  wake: async (project: string, pipelineId: number) => {
    woken.push(`${project}#${pipelineId}`);
    throw new Error('the queue is away');
  },
});
const news = { kind: 'pipeline', project: 'ops/ansible', pipelineId: 7 } as const;
const genuine = { ...delivery, headers: { ...delivery.headers, 'x-gitlab-token': 'right' } };

t.test('without a secret there is no webhook route', async (t) => {
  const { app } = serve(t);
  t.equal((await app.inject(delivery)).statusCode, 404);
});

t.test('a webhook delivery with a wrong token is refused, logged, and wakes nobody', async (t) => {
  const woken: string[] = [];
  const { app, lines } = serve(t, {}, { gitlabWebhook: webhookSaying(news, woken) });
  t.equal((await app.inject(delivery)).statusCode, 401);
  t.match(lines, [{ msg: 'request refused', code: 'request.unverified', route: '/gitlab/webhook' }]);
  t.same(woken, []);
});

t.test('a webhook delivery over 2 MiB is refused', async (t) => {
  const { app } = serve(t, {}, { gitlabWebhook: webhookSaying(news, []) });
  const payload = `"${'x'.repeat(2 * 1024 * 1024)}"`;
  t.equal((await app.inject({ ...genuine, payload })).statusCode, 413);
});

t.test(
  'a pipeline event wakes its run, and a failure to do so is not the sender\u2019s business',
  async (t) => {
    const woken: string[] = [];
    const { app, lines } = serve(t, {}, { gitlabWebhook: webhookSaying(news, woken) });
    t.equal((await app.inject(genuine)).statusCode, 204);
    await app.close();
    t.same(woken, ['ops/ansible#7']);
    t.match(lines, [{ msg: /waking a run failed/ }]);
  },
);

t.test('another event is taken and ignored', async (t) => {
  const woken: string[] = [];
  const ignored = { kind: 'ignored', because: 'a push' } as const;
  const { app } = serve(t, {}, { gitlabWebhook: webhookSaying(ignored, woken) });
  t.equal((await app.inject(genuine)).statusCode, 204);
  await app.close();
  t.same(woken, []);
});

t.test(
  'a push and a merge request are hints, and one that is lost is not the sender\u2019s business',
  async (t) => {
    const merge = {
      kind: 'merge-request',
      project: 'chatops/policies',
      iid: 3,
      sha: undefined,
      targetBranch: 'main',
      sourceProject: undefined,
      action: 'open',
      state: 'opened',
    } as const;
    const push = { kind: 'push', project: 'chatops/policies', ref: 'refs/heads/main', after: 'a' } as const;
    for (const news of [merge, push]) {
      const hints: WebhookNews[] = [];
      const hint = (one: WebhookNews) => {
        hints.push(one);
        throw new Error('nobody is there');
      };
      const { app, lines } = serve(t, {}, { gitlabWebhook: { ...webhookSaying(news, []), hint } });
      t.equal((await app.inject(genuine)).statusCode, 204);
      await app.close();
      t.same(hints, [news]);
      t.match(lines, [{ msg: /hint of GitLab was lost/ }]);
      const without = serve(t, {}, { gitlabWebhook: webhookSaying(news, []) });
      t.equal((await without.app.inject(genuine)).statusCode, 204, 'also where nobody wants hints');
    }
  },
);
