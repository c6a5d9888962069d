import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { spawnRedis } from '../support/redis-binary.ts';
import { recordTail } from './redis-tail.ts';

const strict = { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, retryStrategy: () => null };

/** Writes numbers one after the other until Redis is gone; answers the last that Redis acknowledged. */
const writeUntilGone = async (url: string): Promise<number> => {
  const client = new Redis(url, strict);
  client.on('error', () => undefined);
  for (let number = 1; ; number += 1) {
    const kept = await client.set('last', number).catch(() => undefined);
    if (kept === undefined) return number - 1;
  }
};

const lastKept = async (url: string): Promise<number> => {
  const client = new Redis(url, strict);
  const kept = Number((await client.get('last')) ?? 0);
  client.disconnect();
  return kept;
};

const world = async (t: Test) => {
  const dir = await mkdtemp(join(tmpdir(), 'chatops-tail-'));
  const redis = await spawnRedis(dir, { port: 'any' });
  const tail = recordTail(dir, Date.now);
  let running = redis;
  t.teardown(async () => {
    await tail.close();
    await running.kill();
    await rm(dir, { recursive: true, force: true });
  });
  /** Writes for a while, kills Redis, does something to its files, starts it again: how many acknowledged writes are gone? */
  const lost = async (meddle: (killedAt: number) => Promise<unknown>): Promise<number> => {
    const writing = writeUntilGone(redis.url);
    await pause(900);
    const killedAt = Date.now();
    await running.kill();
    const acknowledged = await writing;
    await meddle(killedAt);
    running = await spawnRedis(dir, { port: Number(new URL(redis.url).port) });
    return acknowledged - (await lastKept(redis.url));
  };
  return { tail, lost };
};

t.test('a kill alone loses no acknowledged write', async (t) => {
  const { lost } = await world(t);
  // The write in hand at the end may have been kept without its answer.
  t.ok((await lost(async () => undefined)) <= 0);
});

t.test('a cut of 400 ms loses acknowledged writes, and Redis starts again', async (t) => {
  const { lost, tail } = await world(t);
  const count = await lost((killedAt) => tail.cut(killedAt, 400, 0));
  t.comment(`${count} acknowledged writes were lost`);
  t.ok(count > 10);
});

t.test('a cut in the middle of a write loses that write too, and Redis starts again', async (t) => {
  const { lost, tail } = await world(t);
  t.ok((await lost((killedAt) => tail.cut(killedAt, 200, 5))) > 10);
  t.ok((await lost((killedAt) => tail.cut(killedAt, 200, 1))) > 10);
});
