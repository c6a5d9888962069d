import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { startFaulty, until } from './faulty.ts';

interface Hook {
  readonly key: string;
  readonly status: string;
}

/** A receiver that notes what came, in the order in which it came. */
const receive = async (t: Test): Promise<{ readonly url: string; readonly hooks: readonly Hook[] }> => {
  const hooks: Hook[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const { object_attributes: attributes } = JSON.parse(body);
      hooks.push({ key: String(request.headers['idempotency-key']), status: attributes.status });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/gitlab/webhook`, hooks };
};

const statuses = ['created', 'pending', 'running', 'success', 'failed', 'canceled'] as const;

const started = async (t: Test) => {
  const receiver = await receive(t);
  const gitlab = await startFaulty(t, { webhook: { url: receiver.url, token: 'secret' } });
  return { gitlab, hooks: receiver.hooks };
};

t.test('lost: none comes', async (t) => {
  const { gitlab, hooks } = await started(t);
  await gitlab.put({ webhooks: { lose: 1 } });
  await gitlab.start();
  t.strictSame((await gitlab.ledger()).faults, { 'webhooks.lose': 1 });
  await gitlab.put({});
  const [made] = (await gitlab.ledger()).pipelines;
  gitlab.ci.movePipeline(made?.id ?? 0, { status: 'running' });
  await until(
    async () => hooks.length,
    (count) => count > 0,
  );
  t.match(hooks, [{ status: 'running' }], 'only what came after');
  t.equal(hooks.length, 1);
});

t.test('twice: the same one comes again, by the same key', async (t) => {
  const { gitlab, hooks } = await started(t);
  await gitlab.put({ webhooks: { twice: 1 } });
  await gitlab.start();
  await until(
    async () => hooks.length,
    (count) => count === 2,
  );
  t.strictSame(hooks[0], hooks[1]);
  t.strictSame((await gitlab.ledger()).faults, { 'webhooks.twice': 1 });
});

t.test('delayed: all come, in another order', async (t) => {
  const { gitlab, hooks } = await started(t);
  await gitlab.start();
  await until(
    async () => hooks.length,
    (count) => count === 1,
  );
  await gitlab.put({ seed: 3, webhooks: { delayMs: [0, 200] } });
  const [made] = (await gitlab.ledger()).pipelines;
  const sent = Array.from({ length: 4 }, () => statuses).flat();
  for (const status of sent) gitlab.ci.movePipeline(made?.id ?? 0, { status });
  await until(
    async () => hooks.length,
    (count) => count === 1 + sent.length,
  );
  const came = hooks.slice(1).map(({ status }) => status);
  t.strictSame(came.toSorted(), sent.toSorted());
  t.notSame(came, sent);
});

t.test('what waits to be sent is forgotten when the GitLab closes', async (t) => {
  const { gitlab, hooks } = await started(t);
  await gitlab.put({ webhooks: { delayMs: [60, 60] } });
  await gitlab.start();
  await gitlab.gitlab.close();
  await new Promise((resolve) => setTimeout(resolve, 90));
  t.same(hooks, []);
});
