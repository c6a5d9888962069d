import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import t, { type Test } from 'tap';
import type { RunStore } from '../../src/core/run.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { connectRedis, plainCause } from '../../src/store/redis-client.ts';
import { settingsWarnings } from '../../src/store/redis-settings.ts';
import { aRun } from '../contracts/a-run.ts';
import { startRedis } from '../support/redis.ts';

const open = (t: Test, url: string) => {
  const problems: string[] = [];
  const connections = connectRedis(url, (words) => problems.push(words));
  const store = createRedisStore({ ...connections, doubt: (run) => run, began: () => undefined });
  t.teardown(() => store.close());
  return { store, problems, ...connections };
};

const everyCall: Readonly<Record<string, (store: RunStore) => Promise<unknown>>> = {
  create: (store) => store.create(aRun({ id: 'second' })),
  load: (store) => store.load('r1'),
  save: (store) => store.save(aRun({ version: 1 })),
  due: (store) => store.due(1, 1),
  list: (store) => store.list({ limit: 1 }),
  byPipeline: (store) => store.byPipeline('ops/ansible', 7),
  firstTime: (store) => store.firstTime('d1', 1000),
  allow: (store) => store.allow('a', 1, 1000),
  ping: (store) => store.ping(),
};

const refusesEverything = async (t: Test, store: RunStore) => {
  for (const [name, act] of Object.entries(everyCall)) {
    await t.rejects(act(store), { name: 'GatewayError', code: 'store.unavailable' }, name);
  }
};

const untilThere = async (store: RunStore) => {
  const there = () =>
    store.ping().then(
      () => true,
      () => false,
    );
  while (!(await there())) await pause(10);
};

t.test('Redis that was never there: every call is refused, none waits', async (t) => {
  const { store, problems } = open(t, '/tmp/chatops-no-such-redis.sock');
  await refusesEverything(t, store);
  t.ok(problems.length > 0, 'the lost connection was told');
});

t.test('Redis ends like in a power cut and comes back', async (t) => {
  const redis = await startRedis(t);
  const { store } = open(t, redis.url);
  t.equal(await store.create(aRun()), 'created');
  await redis.kill();
  await refusesEverything(t, store);
  await redis.restart();
  await untilThere(store);
  t.match(await store.load('r1'), { id: 'r1', version: 1 });
  t.equal(await store.load('second'), undefined, 'what was refused was not sent later');
  const stored = await store.load('r1');
  t.match(stored && (await store.save({ ...stored, state: 'running' })), { version: 2 });
});

t.test('Redis hangs: calls are refused, and it works again when Redis goes on', async (t) => {
  const redis = await startRedis(t);
  const { store } = open(t, redis.url);
  await store.create(aRun());
  redis.signal('SIGSTOP');
  await t.rejects(store.load('r1'), { code: 'store.unavailable' });
  redis.signal('SIGCONT');
  await untilThere(store);
  t.match(await store.load('r1'), { id: 'r1' });
});

t.test('a password is never shown', async (t) => {
  const redis = await startRedis(t, { port: 'any' });
  const admin = open(t, redis.url);
  await admin.store.ping();
  await admin.client.config('SET', 'requirepass', 'the-right-one');
  const { store, problems } = open(t, redis.url.replace('//', '//:open-sesame@'));
  const refusal = await store.load('r1').catch((error: unknown) => error);
  t.match(refusal, { code: 'store.unavailable' });
  t.notMatch(inspect([refusal, problems], { depth: 9, showHidden: true }), /open-sesame/);
  for (const url of ['redis://:open-sesame@host:port:1', 'http://:open-sesame@host', 'host:6379']) {
    const thrown = t.throws(() => connectRedis(url, () => undefined), {
      code: 'config.invalid',
      message: /REDIS_URL/,
    });
    t.notMatch(inspect(thrown, { depth: 9, showHidden: true }), /open-sesame/);
  }
});

t.test('what Redis refuses is told without the command, which may hold a password', async (t) => {
  const redis = await startRedis(t);
  const { store, client } = open(t, redis.url);
  await store.ping();
  const raw = await client.auth('ana', 'open-sesame').catch((error: unknown) => error);
  t.match(inspect(raw, { depth: 9 }), /open-sesame/, 'the client itself would show it');
  t.match(plainCause(raw), { message: /WRONGPASS/ });
  t.notMatch(inspect(plainCause(raw), { depth: 9, showHidden: true }), /open-sesame/);
  await client.call('ACL', 'SETUSER', 'default', '-@write');
  const refusal = await store.firstTime('open-sesame', 1000).catch((error: unknown) => error);
  t.match(refusal, { code: 'store.unavailable', cause: { message: /NOPERM/ } });
  t.notMatch(inspect(refusal, { depth: 9, showHidden: true }), /open-sesame/);
});

t.test('settings that endanger runs are told', async (t) => {
  const redis = await startRedis(t);
  const { store, client } = open(t, redis.url);
  t.same(await store.checkRedis(), []);
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await client.config('SET', 'appendonly', 'no');
  t.match(await store.checkRedis(), [/noeviction/, /appendonly yes/]);
  await client.config('SET', 'appendfsync', 'everysec');
  t.match(await store.checkRedis(), [/noeviction/, /appendonly yes/, /appendfsync always/]);
  t.match(await store.checkRedis(), { length: 3 });
  await client.call('ACL', 'SETUSER', 'default', '-config');
  t.match(await store.checkRedis(), { length: 2 }, 'without the right to use CONFIG the rest is told');
  t.match(settingsWarnings('redis_version:7\r\n'), { length: 4 }, 'what is not told is a warning');
});
