import type { RunStore, WakeQueue } from '../core/run.ts';
import { createBullQueue } from '../queue/bullmq.ts';
import { createMemoryQueue } from '../queue/memory.ts';
import { createMemoryStore } from '../store/memory.ts';
import { createRedisStore, type RedisStoreOptions } from '../store/redis.ts';
import { connectRedis } from '../store/redis-client.ts';
import { type Surroundings, watched } from './surroundings.ts';

/** Where runs are kept and who wakes them. */
export interface StoreWiring {
  readonly store: RunStore;
  readonly queue: WakeQueue;
  /** Settings of Redis under which accepted commands could be lost. */
  readonly warnings: () => Promise<readonly string[]>;
}

/** What the store and the queue need. */
export interface StoreParts extends Pick<RedisStoreOptions, 'began'> {
  readonly redisUrl: string | undefined;
  readonly now: () => number;
  readonly log: { readonly warn: (fields: object, message: string) => void };
  readonly surroundings: Surroundings;
}

const around = (wired: StoreWiring, { around }: Surroundings): StoreWiring => {
  const { store, queue } = wired;
  return {
    ...wired,
    store: {
      ...store,
      create: watched(around, 'store.create', store.create),
      load: watched(around, 'store.load', store.load),
      save: watched(around, 'store.save', store.save),
      due: watched(around, 'store.due', store.due),
    },
    queue: { ...queue, wake: watched(around, 'queue.wake', queue.wake) },
  };
};

/** Redis and BullMQ where there is an address, else this process's memory. */
export const wireStore = ({ redisUrl, now, log, surroundings, began }: StoreParts): StoreWiring => {
  const problem = (words: string, cause: unknown): void => log.warn({ err: cause }, words);
  if (redisUrl === undefined) {
    const queue = createMemoryQueue({ problem });
    return around({ store: createMemoryStore({ now }), queue, warnings: async () => [] }, surroundings);
  }
  const connections = connectRedis(redisUrl, (words) => log.warn({ problem: words }, 'Redis has trouble'));
  const store = createRedisStore({ ...connections, doubt: surroundings.doubt, began });
  const queue = createBullQueue({ connections, problem });
  return around({ store, queue, warnings: store.checkRedis }, surroundings);
};
