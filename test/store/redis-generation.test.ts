import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { doubted, type Generation } from '../../src/core/generation.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import { aRun } from '../contracts/a-run.ts';
import { startRedis } from '../support/redis.ts';

const open = async (t: Test, url: string) => {
  const began: Generation[] = [];
  const connections = connectRedis(url, () => undefined);
  const store = createRedisStore({
    ...connections,
    doubt: (run, generation) => doubted(run, generation, 30_000),
    began: (generation) => void began.push(generation),
  });
  t.teardown(() => store.close());
  const untilThere = async (): Promise<Generation> => {
    for (;;) {
      const there = await store.ping().then(
        () => true,
        () => false,
      );
      if (there) return store.generation();
      await pause(5);
    }
  };
  await untilThere();
  return { store, began, client: connections.client, untilThere };
};

t.test('a connection that is lost and found again is the same life of Redis', async (t) => {
  const redis = await startRedis(t);
  const { store, began, client, untilThere } = await open(t, redis.url);
  const before = await store.generation();
  await store.create(aRun());
  client.disconnect(true);
  await t.rejects(store.ping());
  t.same(await untilThere(), before);
  t.equal(began.length, 1);
  t.match(await store.load('r1'), { state: 'queued', intent: null });
});

t.test('two gateways live in the same life, and the first one there begins it', async (t) => {
  const redis = await startRedis(t);
  const first = await open(t, redis.url);
  const second = await open(t, redis.url);
  t.same(await first.store.generation(), await second.store.generation());
  t.match(await first.store.generation(), { first: true });
});

t.test('a Redis that was started again lives another life', async (t) => {
  const redis = await startRedis(t);
  const { store, began, untilThere } = await open(t, redis.url);
  await store.create(aRun());
  const before = await store.load('r1');
  await redis.kill();
  await redis.restart();
  const now = await untilThere();

  await t.test('it is told', async (t) => {
    t.match(began, [{ first: true }, { first: false }]);
    t.ok(now.beganAt >= (began[0]?.beganAt ?? Number.POSITIVE_INFINITY));
  });

  await t.test('what was saved before is in doubt when it is loaded', async (t) => {
    t.match(await store.load('r1'), { state: 'starting', intent: { sendUntil: now.beganAt + 30_000 } });
  });

  await t.test('doubt is saved with the next save, and what is saved after that is believed', async (t) => {
    const loaded = await store.load('r1');
    const taken = loaded && (await store.save({ ...loaded, intent: null, state: 'queued' }));
    t.match(taken, { version: 2, generation: now.id, state: 'starting', intent: { attempt: 1 } });
    if (taken === undefined || taken === 'conflict') return;
    await store.save({ ...taken, intent: null, state: 'queued' });
    t.match(await store.load('r1'), { version: 3, state: 'queued', intent: null });
  });

  await t.test('whoever knows the run from the life before cannot save it', async (t) => {
    t.equal(before && (await store.save(before)), 'conflict');
    t.equal(before && (await store.save({ ...before, version: 2 })), 'conflict', 'not even by its number');
  });
});

t.test('whoever loaded a run before Redis forgot what followed saves it in doubt', async (t) => {
  const redis = await startRedis(t);
  const { store, untilThere } = await open(t, redis.url);
  await store.create(aRun());
  const before = await store.load('r1');
  await redis.kill();
  await redis.restart();
  const now = await untilThere();
  const canceledBy = { account: 'slack:T1/U2', name: 'Bo', at: 1 };
  const saved = before && (await store.save({ ...before, canceledBy }));
  const doubtful = { state: 'starting', intent: { sendUntil: now.beganAt + 30_000 }, canceledBy };
  t.match(saved, doubtful);
  t.match(await store.load('r1'), { ...doubtful, generation: now.id });
});

t.test('a Redis that was emptied while it ran takes no write of somebody who did not notice', async (t) => {
  const redis = await startRedis(t);
  const { store, began, client } = await open(t, redis.url);
  await store.create(aRun());
  await client.flushall();
  await t.rejects(store.create(aRun({ id: 'r2' })), { code: 'store.unavailable' });
  t.equal(await store.create(aRun({ id: 'r2' })), 'created', 'and the next one, who did');
  t.equal(began.length, 2);
});

t.test(
  'a Redis that was emptied is noticed by looking for what is due, which happens all the time',
  async (t) => {
    const redis = await startRedis(t);
    const { store, began, client } = await open(t, redis.url);
    await client.flushall();
    t.same(await store.due(Date.now(), 10), []);
    t.equal(began.length, 2);
  },
);
