import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../test/support/gateway-process.ts';
import { type SpawnedRedis, spawnRedis } from '../../test/support/redis-binary.ts';

const root = join(import.meta.dirname, '../..');

/** A process that was started for a measurement. */
export interface Program {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from its start until it answered. */
  readonly readyMs: number;
  /** All it has printed. */
  printed(): string;
  end(): Promise<void>;
}

const atExit: (() => void)[] = [];
process.once('exit', () => {
  for (const act of atExit.toReversed()) act();
});

/** A folder that is gone when the measurement is over; by default on the disk of the temporary files. */
export const throwAwayFolder = (below = tmpdir()): string => {
  const folder = mkdtempSync(join(below, 'chatops-bench-'));
  atExit.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
};

/** How a program of ours is started, and how to see that it is up. */
export interface Start {
  /** Arguments of `node`, the script's path relative to the root. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its address, as soon as it can be known. */
  readonly url: (printed: string) => string | undefined;
  /** Answers 200 there once the program is up. */
  readonly readyPath: string;
  readonly cwd?: string;
}

const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );

/** Starts a program and waits until it answers; at most half a minute. */
export const startProgram = async ({ args, env, url, readyPath, cwd = root }: Start): Promise<Program> => {
  const log = join(throwAwayFolder(), 'printed.log');
  const output = openSync(log, 'a');
  const { PATH = '', HOME = '' } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', output, output],
  });
  atExit.push(() => child.kill('SIGKILL'));
  const printed = (): string => readFileSync(log, 'utf8');
  for (;;) {
    const address = url(printed());
    if (address !== undefined && (await answers(`${address}${readyPath}`))) {
      const readyMs = performance.now() - began;
      return { pid: child.pid ?? 0, url: address, readyMs, printed, end: () => ended(child) };
    }
    if (child.exitCode !== null || performance.now() - began > 30_000)
      throw new Error(`${args.join(' ')} did not come up:\n${printed()}`);
    await pause(5);
  }
};

/** Secrets that the measurements share with the gateway. */
export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
export const webhookToken = 'bench-webhook-token';
export const gitlabToken = 'glpat-bench-0123456789';

/** What a gateway of a measurement stands in front of. */
export interface Around {
  readonly redisUrl: string;
  readonly gitlabUrl: string;
  readonly slackUrl: string;
  readonly policies: string;
  /** `memory`: the audit is written to a file system that is no disk, so that its fsync costs nothing. Default: `disk`. */
  readonly audit?: 'disk' | 'memory';
  /** Arguments of `node` before the script, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
}

const inMemory = (): string => {
  if (!existsSync('/dev/shm')) throw new Error('measuring without fsync: there is no /dev/shm here');
  return '/dev/shm';
};

/** Starts `chatops serve` as it would run in production: Redis, an audit file on disk, warnings logged. */
export const startGateway = async (around: Around): Promise<Program> => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const folder = around.audit === 'memory' ? throwAwayFolder(inMemory()) : throwAwayFolder();
  return startProgram({
    args: [...(around.nodeArgs ?? []), join(root, 'dist/cli/main.js'), 'serve'],
    env: {
      PORT: new URL(url).port,
      HOST: '127.0.0.1',
      PUBLIC_URL: url,
      LOG_LEVEL: 'warn',
      REDIS_URL: around.redisUrl,
      GITLAB_URL: around.gitlabUrl,
      GITLAB_TOKEN: gitlabToken,
      GITLAB_WEBHOOK_SECRET: webhookToken,
      POLICIES: around.policies,
      SLACK_SIGNING_SECRETS: signingSecret,
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_API_URL: `${around.slackUrl}/api`,
      SLACK_RESPONSE_URL_HOSTS: around.slackUrl,
      AUDIT_FILE: join(folder, 'audit.jsonl'),
      NODE_ENV: 'production',
    },
    url: () => url,
    readyPath: '/readyz',
  });
};

/** Starts the fastify that the gateway is compared with. */
export const startBare = async (): Promise<Program> => {
  const url = `http://127.0.0.1:${await freePort()}`;
  return startProgram({
    args: [join(root, '.cache/bench/bare-fastify.mjs')],
    env: { PORT: new URL(url).port, SECRET: signingSecret, NODE_ENV: 'production' },
    url: () => url,
    readyPath: '/readyz',
  });
};

/** A throw-away Redis with its append-only file on, synced as told. */
export const startRedis = async (sync: 'always' | 'everysec' | 'no'): Promise<SpawnedRedis> => {
  const redis = await spawnRedis(throwAwayFolder(), { port: 'any' });
  const client = new Redis(redis.url);
  await client.config('SET', 'appendfsync', sync);
  client.disconnect();
  return redis;
};
