import type { RunStore, WakeQueue } from '../core/run.ts';
import { createBullQueue } from '../queue/bullmq.ts';
import { createMemoryQueue } from '../queue/memory.ts';
import { createMemoryStore } from '../store/memory.ts';
import { createRedisStore } from '../store/redis.ts';
import { connectRedis } from '../store/redis-client.ts';

/** Where runs are kept and who wakes them. */
export interface StoreWiring {
  readonly store: RunStore;
  readonly queue: WakeQueue;
  /** Settings of Redis under which accepted commands could be lost. */
  readonly warnings: () => Promise<readonly string[]>;
}

interface Log {
  readonly warn: (fields: object, message: string) => void;
}

/** Redis and BullMQ where there is an address, else this process's memory. */
export const wireStore = (redisUrl: string | undefined, now: () => number, log: Log): StoreWiring => {
  const problem = (words: string, cause: unknown): void => log.warn({ err: cause }, words);
  if (redisUrl === undefined) {
    const queue = createMemoryQueue({ problem });
    return { store: createMemoryStore({ now }), queue, warnings: async () => [] };
  }
  const connections = connectRedis(redisUrl, (words) => log.warn({ problem: words }, 'Redis has trouble'));
  const store = createRedisStore(connections);
  const queue = createBullQueue({ connections, problem });
  return { store, queue, warnings: store.checkRedis };
};
