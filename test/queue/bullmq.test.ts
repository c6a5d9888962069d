import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { createBullQueue } from '../../src/queue/bullmq.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import { queueContract, until } from '../contracts/queue.ts';
import { startRedis } from '../support/redis.ts';

const open = async (t: Test, url: string, closeWithinMs = 5000) => {
  const connections = connectRedis(url, () => undefined);
  const problems: string[] = [];
  const problem = (words: string) => void problems.push(words);
  const queue = createBullQueue({ connections, problem, closeWithinMs });
  t.teardown(async () => {
    await queue.close();
    await connections.close();
  });
  await connections.tried();
  return { queue, problems, client: connections.client };
};

t.test('the queue over BullMQ', async (t) => {
  const redis = await startRedis(t);

  await t.test('keeps the contract', async (t) => {
    await queueContract(t, async (t) => {
      const opened = await open(t, redis.url);
      await opened.client.flushall();
      return opened;
    });
  });

  await t.test('keeps every key in one slot of a cluster, and few of what is done', async (t) => {
    const { queue, client } = await open(t, redis.url);
    await client.flushall();
    let done = 0;
    queue.start(async () => {
      done += 1;
    });
    await Promise.all(Array.from({ length: 300 }, (_, n) => queue.wake(`r${n}`, 0, false)));
    await until(() => done === 300);
    await queue.close();
    const keys = await client.keys('*');
    t.same(
      keys.filter((key) => !key.startsWith('{chatops}:chatops-wake:')),
      [],
    );
    t.ok(keys.length < 120, `${keys.length} keys are left`);
  });

  await t.test('a wake-up sent by one instance is received by another', async (t) => {
    const sender = await open(t, redis.url);
    const receiver = await open(t, redis.url);
    const woken: string[] = [];
    receiver.queue.start(async (runId) => void woken.push(runId));
    await sender.queue.wake('r1', 0, false);
    await until(() => woken.length === 1);
    t.same(woken, ['r1']);
  });
});

t.test('without Redis a wake-up is refused, and closing ends', async (t) => {
  const { queue } = await open(t, '/tmp/chatops-no-such-redis.sock', 50);
  queue.start(async () => undefined);
  await t.rejects(queue.wake('r1', 0, false), { name: 'GatewayError', code: 'store.unavailable' });
  await t.resolves(queue.close());
});

t.test('Redis ends and comes back: wake-ups are refused meanwhile, kept ones arrive', async (t) => {
  const redis = await startRedis(t);
  const { queue } = await open(t, redis.url);
  const woken = new Set<string>();
  queue.start(async (runId) => void woken.add(runId));
  await queue.wake('before', 0, false);
  await until(() => woken.has('before'));
  await queue.wake('kept', 1500, false);
  await redis.kill();
  await t.rejects(queue.wake('lost', 0, false), { code: 'store.unavailable' });
  await redis.restart();
  const sent = () =>
    queue.wake('after', 0, false).then(
      () => true,
      () => false,
    );
  while (!(await sent())) await pause(20);
  await until(() => woken.has('after') && woken.has('kept'));
  t.notOk(woken.has('lost'));
});

t.test('Redis that appears only later is used from then on', async (t) => {
  const redis = await startRedis(t);
  await redis.kill();
  const { queue } = await open(t, redis.url);
  const woken = new Set<string>();
  queue.start(async (runId) => void woken.add(runId));
  await t.rejects(queue.wake('early', 0, false), { code: 'store.unavailable' });
  await redis.restart();
  const sent = () =>
    queue.wake('later', 0, false).then(
      () => true,
      () => false,
    );
  while (!(await sent())) await pause(20);
  await until(() => woken.has('later'));
  t.same([...woken], ['later']);
});

t.test('a queue whose first contact was refused by Redis begins again', async (t) => {
  const redis = await startRedis(t);
  const admin = await open(t, redis.url);
  await admin.client.call('ACL', 'SETUSER', 'default', '-info');
  const { queue, problems } = await open(t, redis.url);
  const woken = new Set<string>();
  queue.start(async (runId) => void woken.add(runId));
  await t.rejects(queue.wake('early', 0, false), { code: 'store.unavailable', message: /NOPERM/ });
  await until(() => problems.some((words) => words.includes('begins again')));
  await admin.client.call('ACL', 'SETUSER', 'default', '+info');
  await queue.wake('later', 0, false);
  await until(() => woken.has('later'));
  t.same([...woken], ['later']);
});

t.test('Redis goes away for good: closing ends', async (t) => {
  const redis = await startRedis(t);
  const { queue } = await open(t, redis.url, 100);
  let woken = 0;
  queue.start(async () => {
    woken += 1;
  });
  await queue.wake('r1', 0, false);
  await until(() => woken === 1);
  await redis.kill();
  await t.resolves(queue.close());
  t.equal(woken, 1);
});

t.test('work that hangs does not keep the queue from closing, and is told', async (t) => {
  const redis = await startRedis(t);
  const { queue, problems } = await open(t, redis.url, 50);
  let begun = false;
  queue.start(() => {
    begun = true;
    return new Promise(() => undefined);
  });
  await queue.wake('r1', 0, false);
  await until(() => begun);
  await queue.close();
  t.match(problems, [/work in hand/]);
});
