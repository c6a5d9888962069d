import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type SpawnedRedis, spawnRedis } from '../support/redis-binary.ts';
import { recordTail } from './redis-tail.ts';

/** What is to be lost when Redis is killed: its last `ms`, and `torn` bytes more, in the middle of a write. */
export interface Cut {
  readonly ms: number;
  readonly torn: number;
}

/** A Redis that dies and comes back, at the same address, with what its files hold. */
export interface MortalRedis {
  readonly url: string;
  readonly isUp: () => boolean;
  /** Kills it, cuts the end off its file if told so, and starts it again after `downMs`. Answers how many bytes were cut. */
  strike(downMs: number, cut?: Cut): Promise<number>;
  close(): Promise<void>;
}

/** Starts it; its files are in `dir`. */
export const startMortalRedis = async (dir: string, now: () => number): Promise<MortalRedis> => {
  const folder = join(dir, 'redis');
  await mkdir(folder);
  let redis: SpawnedRedis = await spawnRedis(folder, { port: 'any' });
  const { url } = redis;
  const tail = recordTail(folder, now);
  let up = true;
  const strike: MortalRedis['strike'] = async (downMs, cut) => {
    up = false;
    const killedAt = now();
    await redis.kill();
    const gone = cut === undefined ? 0 : await tail.cut(killedAt, cut.ms, cut.torn);
    await pause(downMs);
    redis = await spawnRedis(folder, { port: Number(new URL(url).port) });
    up = true;
    return gone;
  };
  return {
    url,
    isUp: () => up,
    strike,
    close: async () => {
      await tail.close();
      await redis.kill();
    },
  };
};
