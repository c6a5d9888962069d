import { setTimeout as pause } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { GatewayError } from '../core/errors.ts';

export type RedisClient = Redis;

/** The connections to one Redis, by role. */
export interface RedisConnections {
  /** Answers or fails within two seconds, also while disconnected; a command is never sent a second time. */
  readonly client: RedisClient;
  /** Resolves when the first try to connect has ended, well or badly, or after half a second. */
  readonly tried: () => Promise<void>;
  /** Resolves when `client` is connected, however long that takes. */
  readonly ready: () => Promise<void>;
  /** A new connection that waits as long as it takes: for work that blocks, never for requests. It, and duplicates of it, are closed with the rest. */
  readonly patient: () => RedisClient;
  close(): Promise<void>;
}

const firstTryMs = 400;
const commandMs = 1500;

/** Reconnects at once after a failover: the old primary answers READONLY on a connection that looks fine. */
const reconnectOnError = (error: Error): boolean => error.message.startsWith('READONLY');

type Options = RedisOptions & { readonly replyMapping?: 'legacy' };

const always: Options = {
  lazyConnect: false,
  connectTimeout: commandMs,
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1000),
  reconnectOnError,
};

const quick: Options = {
  ...always,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: commandMs,
  // A Redis that hangs keeps the connection open: give the connection up as well, or its commands pile up here.
  socketTimeout: commandMs,
};

const patientOptions: Options = { ...always, maxRetriesPerRequest: null };

/** BullMQ opens further connections by duplicating the one it is given, and cannot end those that never got ready: `hear` learns of each. */
const duplicatesHeard = (client: RedisClient, hear: (duplicate: RedisClient) => void): RedisClient => {
  const duplicate = client.duplicate.bind(client);
  return Object.assign(client, {
    duplicate: (override?: Options) => {
      const copy = duplicate(override);
      hear(duplicatesHeard(copy, hear));
      return copy;
    },
  });
};

/** Checks an address: `redis://`, `rediss://` (TLS), or the absolute path of a Unix socket. The address may hold a password, so it is never shown. */
const checked = (url: string): string => {
  if (url.startsWith('/')) return url;
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return url;
  throw new GatewayError(
    'config.invalid',
    'REDIS_URL cannot be used: write redis://[user:password@]host[:port][/db], rediss://… for TLS, or the absolute path of a Unix socket',
  );
};

/** What went wrong with Redis, without the command: its arguments may hold a password. */
export const plainCause = (thrown: unknown): Error => {
  if (!(thrown instanceof Error)) return new Error(String(thrown));
  const cause = new Error(thrown.message);
  cause.name = thrown.name;
  if ('code' in thrown && typeof thrown.code === 'string') Object.assign(cause, { code: thrown.code });
  return cause;
};

const firstTry = (client: RedisClient): Promise<void> =>
  Promise.race([
    new Promise<void>((resolve) => {
      client.once('ready', () => resolve());
      client.once('close', () => resolve());
    }),
    pause(firstTryMs, undefined, { ref: false }),
  ]);

const untilReady = (client: RedisClient): Promise<void> =>
  new Promise((resolve) => {
    if (client.status === 'ready') resolve();
    else client.once('ready', () => resolve());
  });

/** Connects, and keeps connecting again by itself. `problem` hears every lost or failed connection, without secrets. */
export const connectRedis = (url: string, problem: (words: string) => void): RedisConnections => {
  const address = checked(url);
  const opened: RedisClient[] = [];
  const watch = (client: RedisClient): RedisClient => {
    client.on('error', (error) => problem(plainCause(error).message));
    opened.push(client);
    return client;
  };
  const open = (options: Options): RedisClient => watch(new Redis(address, options));
  const client = open(quick);
  const tried = firstTry(client);
  return {
    client,
    tried: () => tried,
    ready: () => untilReady(client),
    patient: () => duplicatesHeard(open(patientOptions), watch),
    close: async () => {
      for (const one of opened) one.disconnect();
    },
  };
};
