import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type SpawnedRedis, spawnRedis } from './redis-binary.ts';

/** A Redis for one test. It can be ended and started again over the same files, at the same address. */
export interface TestRedis {
  readonly url: string;
  /** Ends it like a power cut. */
  kill(): Promise<void>;
  /** SIGSTOP makes it hang, SIGCONT lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Starts it again after `kill`, with what its files hold. */
  restart(): Promise<void>;
}

/** The same address as before. */
const again = (url: string): { readonly port?: number } =>
  url.startsWith('redis:') ? { port: Number(new URL(url).port) } : {};

/** Starts a Redis that is gone, with its files, when the test is over. */
export const startRedis = async (
  t: Pick<Test, 'teardown'>,
  options: { readonly port?: 'any' } = {},
): Promise<TestRedis> => {
  const dir = await mkdtemp(join(tmpdir(), 'chatops-redis-'));
  let redis: SpawnedRedis = await spawnRedis(dir, options);
  t.teardown(async () => {
    await redis.kill();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    url: redis.url,
    kill: () => redis.kill(),
    signal: (signal) => {
      process.kill(redis.pid, signal);
    },
    restart: async () => {
      redis = await spawnRedis(dir, again(redis.url));
    },
  };
};
