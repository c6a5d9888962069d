import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Times } from '../../src/core/times.ts';
import { freePort, gatewayEnv } from '../support/gateway-process.ts';
import type { Dice } from './dice.ts';
import type { Failpoint } from './failpoint.ts';
import { type FaultySandbox, startSandbox } from './faulty-sandbox.ts';
import { type Instance, type InstanceParts, startInstance } from './instance.ts';
import { type MortalRedis, startMortalRedis } from './redis-life.ts';
import { longestStop } from './times.ts';

/** One thing that happened to the world. Milliseconds since its beginning. */
export interface Happened {
  readonly at: number;
  readonly what: string;
  readonly detail: object;
}

/** How a world is made. */
export interface WorldParts {
  /** A folder of its own, for Redis' files, the audits and the logs. */
  readonly dir: string;
  readonly dice: Dice;
  readonly instances: number;
  readonly times: Times;
  readonly blind?: InstanceParts['blind'];
  /** How long a job takes. Default: 20. */
  readonly jobMs?: number;
  /** The failpoint of an instance's next start; default: none. */
  readonly failpoint?: (number: number) => Failpoint | undefined;
}

/** A few gateways over one Redis, with a GitLab and a Slack that may misbehave. */
export interface World {
  readonly dir: string;
  readonly redis: MortalRedis;
  readonly sandbox: FaultySandbox;
  readonly instances: readonly Instance[];
  readonly urls: readonly string[];
  readonly happenings: readonly Happened[];
  readonly happened: (what: string, detail: object) => void;
  /** A look into Redis that waits while Redis is away. */
  readonly look: Redis;
  close(): Promise<void>;
}

const policies = join(import.meta.dirname, '../../test/faults/policies');

const envFor = (
  parts: WorldParts,
  sandbox: FaultySandbox,
  redisUrl: string,
  number: number,
  port: number,
) => ({
  ...gatewayEnv(sandbox, port),
  POLICIES: policies,
  REDIS_URL: redisUrl,
  AUDIT_FILE: join(parts.dir, `audit-${number}.jsonl`),
  LOG_LEVEL: 'warn',
  NODE_ENV: 'production',
});

/** Starts everything and waits until every gateway listens. */
export const startWorld = async (parts: WorldParts): Promise<World> => {
  const { dir, dice, times, blind } = parts;
  await mkdir(dir, { recursive: true });
  const began = performance.now();
  const happenings: Happened[] = [];
  const happened = (what: string, detail: object): void => {
    happenings.push({ at: Math.round(performance.now() - began), what, detail });
  };
  const ports = await Promise.all(Array.from({ length: parts.instances }, freePort));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const redis = await startMortalRedis(dir, Date.now);
  const sandbox = await startSandbox(dir, urls[0] ?? '', parts.jobMs ?? 20);
  const rests = dice.apart('rests');
  const instances = await Promise.all(
    ports.map((port, number) =>
      startInstance({
        number,
        env: envFor(parts, sandbox, redis.url, number, port),
        times,
        blind,
        log: join(dir, `gateway-${number}.log`),
        failpoint: parts.failpoint ?? (() => undefined),
        downMs: () => rests.between(20, 400),
        stopMs: () => rests.between(300, longestStop),
        happened,
      }),
    ),
  );
  const look = new Redis(redis.url, { maxRetriesPerRequest: null });
  look.on('error', () => undefined);
  const close = async (): Promise<void> => {
    look.disconnect();
    await Promise.all(instances.map((instance) => instance.close()));
    await Promise.all([sandbox.close(), redis.close()]);
  };
  return { dir, redis, sandbox, instances, urls, happenings, happened, look, close };
};

/** Runs that are not over, and those of which something is still to be told. */
const openRuns = async (look: Redis): Promise<readonly string[]> => {
  const lists = ['active', 'due'].map((name) => look.zrange(`{chatops}:runs:${name}`, '0', '-1'));
  return [...new Set((await Promise.all(lists)).flat())];
};

const quietMs = 2500;

/**
 * Waits until every gateway answers and no run is open for a while: what a process that just came back finds in its audit may
 * still make new ones. Gives up after `withinMs` and tells what was left.
 */
export const untilQuiet = async (world: World, withinMs: number): Promise<void> => {
  const { instances, look, happened } = world;
  const end = performance.now() + withinMs;
  const ready = Promise.allSettled(instances.map((instance) => instance.ready()));
  await Promise.race([ready, pause(withinMs, undefined, { ref: false })]);
  let quietSince = performance.now();
  while (performance.now() - quietSince < quietMs) {
    const open = await openRuns(look);
    if (open.length > 0) quietSince = performance.now();
    if (performance.now() > end) return happened('never quiet', { open });
    await pause(50);
  }
};
