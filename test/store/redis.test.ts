import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { RunStore } from '../../src/core/run.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import { aRun, aRunWithPipeline } from '../contracts/a-run.ts';
import { storeContract } from '../contracts/store.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** Empties Redis as if it were new; what the store knew of its life is refused once, and asked again. */
const empty = async (client: { flushall(): Promise<unknown> }, store: RunStore): Promise<void> => {
  await store.generation();
  await client.flushall();
  await store.create(aRun()).catch(() => undefined);
};

const open = async (t: Test, redis: TestRedis) => {
  const connections = connectRedis(redis.url, () => undefined);
  const store = createRedisStore({ ...connections, doubt: (run) => run, began: () => undefined });
  t.teardown(() => store.close());
  await store.ping();
  return { store, client: connections.client };
};

t.test('the store in Redis', async (t) => {
  const redis = await startRedis(t);

  await t.test('keeps the contract', async (t) => {
    await storeContract(t, async (t) => {
      const { store, client } = await open(t, redis);
      await empty(client, store);
      return store;
    });
  });

  await t.test('leaves nothing behind of runs, keys and uses whose time is over', async (t) => {
    const { store, client } = await open(t, redis);
    await empty(client, store);
    for (let n = 0; n < 50; n++) {
      const old = { id: `old ${n}`, state: 'failed', changedAt: 1, createdAt: 1, dueAt: 1 } as const;
      await store.create(aRunWithPipeline('ops/ansible', n, old));
    }
    await store.firstTime('d1', 5);
    await store.allow('a', 1, 5);
    await store.create(aRun({ id: 'last', state: 'failed', changedAt: 1 }));
    await store.save(aRun({ id: 'last' }));
    const life = '{chatops}:generation';
    while ((await client.keys('*')).length > 1) await pause(5);
    t.same(await client.keys('*'), [life]);
  });

  await t.test('keeps every key in one slot of a cluster', async (t) => {
    const { store, client } = await open(t, redis);
    await store.create(aRunWithPipeline('ops/ansible', 7, { id: randomUUID(), dueAt: 5, state: 'failed' }));
    await store.firstTime('d1', 60_000);
    await store.allow('a', 1, 60_000);
    const keys = await client.keys('*');
    t.ok(keys.length >= 9, 'every kind of key is there');
    t.same(
      keys.filter((key) => !key.startsWith('{chatops}:')),
      [],
    );
  });

  await t.test('works after Redis forgot the scripts', async (t) => {
    const { store, client } = await open(t, redis);
    await client.script('FLUSH');
    t.equal(await store.create(aRun({ id: randomUUID() })), 'created');
  });

  await t.test('says when an account is not allowed to write', async (t) => {
    const { store, client } = await open(t, redis);
    await client.call(
      'ACL',
      'SETUSER',
      'reader',
      'on',
      '>open-sesame',
      '~*',
      '+@read',
      '+@connection',
      '+info',
    );
    await client.auth('reader', 'open-sesame');
    await t.rejects(store.create(aRun({ id: randomUUID() })), {
      code: 'store.unavailable',
      message: /NOPERM/,
    });
  });
});
