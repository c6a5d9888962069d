import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import t from 'tap';
import { createChatClient, saidBy } from '../support/chat-client.ts';
import { freePort, gatewayEnv, startGatewayProcess, startWorldProcess } from '../support/gateway-process.ts';
import { startRedis } from '../support/redis.ts';

const port = await freePort();
const redis = await startRedis(t);
const world = await startWorldProcess(port);
t.teardown(() => world.kill());
const auditFile = join(t.testdir(), 'audit.jsonl');
const env = { ...gatewayEnv(world, port), REDIS_URL: redis.url, AUDIT_FILE: auditFile };
let gateway = await startGatewayProcess(env);
t.teardown(() => gateway.kill());
const chat = createChatClient(world.slackUrl);

const ops = 'C0OPSPROD';
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const auditLines = (): readonly Record<string, unknown>[] =>
  readFileSync(auditFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** GitLab's pipelines of a project, as its API tells. */
const pipelinesOf = async (
  project: string,
): Promise<readonly { id: number; name: string; status: string }[]> => {
  const path = `${world.gitlabUrl}/api/v4/projects/${encodeURIComponent(project)}/pipelines`;
  const response = await fetch(path, { headers: { 'private-token': 'glpat-sandbox-gateway' } });
  return (await response.json()) as { id: number; name: string; status: string }[];
};

t.test('direct, wait and link with Redis and BullMQ, gateway and sandbox apart', async (t) => {
  await chat.type('U0ANA', ops, '/chatops flag get checkout-v2');
  await chat.sees('U0ANA', /checkout-v2 is on/);

  await chat.type('U0ANA', ops, '/chatops lb weight web 10');
  const wait = await chat.sees('U0ANA', /web now takes 10 %/);
  t.equal(wait.edited, true);
  t.equal((await pipelinesOf('ops/ansible')).length, 1);

  await chat.type('U0ANA', ops, '/chatops release web v42');
  t.match(saidBy(await chat.sees('U0ANA', /waits for a person/)), /ops\/helm\/-\/pipelines\/\d+/);

  await chat.type('U0ANA', ops, '/chatops hello --who=team');
  await chat.sees('U0ANA', /hello.*succeeded/s);
});

t.test('a refusal and a typo leave nothing in GitLab', async (t) => {
  const before = (await pipelinesOf('ops/ansible')).length;
  await chat.type('U0BO', 'C0SHOPDEV', '/chatops lb weight web 60');
  t.match(await chat.sees('U0BO', /Not allowed/), { onlyFor: 'U0BO' });
  await chat.type('U0ANA', ops, '/chatops lb wieght web 60');
  await chat.sees('U0ANA', /Did you mean/);
  t.equal((await pipelinesOf('ops/ansible')).length, before);
});

t.test('a run is canceled by its button, by somebody who may run the same', async (t) => {
  await chat.type('U0ANA', ops, '/chatops lb weight api 40');
  const running = await chat.sees('U0ANA', /lb weight api 40.*is running/s);
  await chat.press('U0BO', running, 'chatops.cancel');
  await chat.sees('U0BO', /Not allowed.*cancel/s);
  await chat.press('U0ANA', running, 'chatops.cancel');
  await chat.sees('U0ANA', /lb weight api 40.*was canceled by/s);
  t.match((await pipelinesOf('ops/ansible'))[0], { status: 'canceled' });
});

t.test(
  'a gateway that is killed in the middle is replaced, and the run ends in its one message',
  async (t) => {
    await chat.type('U0ANA', ops, '/chatops lb weight web 20');
    const started = await chat.sees('U0ANA', /lb weight web 20.*is running/s);
    // Killed between showing a message and remembering it, a gateway shows it once more; here it has remembered.
    while (!(await chat.messages('U0ANA')).find(({ ts }) => ts === started.ts)?.edited) await pause();
    await gateway.kill('SIGKILL');
    gateway = await startGatewayProcess(env);
    const ended = await chat.sees('U0ANA', /web now takes 20 %/, 60_000);
    t.equal(ended.ts, started.ts);
    const mine = (await pipelinesOf('ops/ansible')).filter(({ id }) =>
      saidBy(ended).includes(`pipelines/${id}`),
    );
    t.equal(mine.length, 1);
  },
);

t.test(
  'a Redis that forgot everything: the run is stored again from the audit, and its pipeline found',
  async (t) => {
    const before = (await pipelinesOf('ops/ansible')).length;
    await chat.type('U0ANA', ops, '/chatops lb weight api 35');
    await chat.sees('U0ANA', /lb weight api 35.*is running/s);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await chat.sees('U0ANA', /api now takes 35 %/, 60_000);
    t.equal((await pipelinesOf('ops/ansible')).length, before + 1);
    const [decision] = auditLines().filter(({ line }) => String(line).startsWith('lb weight api 35'));
    t.ok(auditLines().some(({ kind, run }) => kind === 'restored' && run === decision?.run));
  },
);

t.test('who types the same again is asked whether it is meant, and does it with --again', async (t) => {
  await chat.type('U0ANA', ops, '/chatops lb weight web 25');
  await chat.sees('U0ANA', /lb weight web 25.*is running/s);
  const before = (await pipelinesOf('ops/ansible')).length;
  await chat.type('U0ANA', ops, '/chatops lb weight web 25');
  await chat.sees('U0ANA', /lb weight web 25 --again/);
  t.equal((await pipelinesOf('ops/ansible')).length, before);
  await chat.type('U0ANA', ops, '/chatops lb weight web 25 --again');
  while ((await pipelinesOf('ops/ansible')).length === before) await pause();
  t.equal((await pipelinesOf('ops/ansible')).length, before + 1);
});

t.test('every decision and what became of it is on record', async (t) => {
  const decisions = auditLines().filter(({ kind }) => kind === 'decision');
  t.ok(decisions.some(({ allowed, account }) => allowed === false && account === 'slack:T0SANDBOX/U0BO'));
  for (const line of auditLines().filter(({ kind }) => kind === 'intent')) {
    const decided = decisions.find(({ run }) => run === line.run);
    t.match(decided, { allowed: true }, 'no effect without a decision before it');
    t.ok(Number(decided?.seq) < Number(line.seq));
  }
  const text = JSON.stringify(auditLines());
  t.notMatch(text, /xoxb|glpat|hooks|response_url|\/commands\/T0/);
});

t.test('Redis that is gone: not accepted, nothing was done, and said so', async (t) => {
  const before = (await pipelinesOf('ops/ansible')).length;
  await redis.kill();
  await chat.type('U0ANA', ops, '/chatops lb weight web 30');
  await chat.sees('U0ANA', /Nothing was done/i);
  t.equal((await pipelinesOf('ops/ansible')).length, before);
  const ready = await fetch(`${gateway.url}/readyz`);
  t.equal(ready.status, 503);
});
