import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answersVersion, attempt } from './apt.ts';

/** A redis-server that can be started: its path, and what its environment needs to find its libraries. */
export interface RedisBinary {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A Redis of one's own. `url` suits the gateway's REDIS_URL: a `redis://` address, or the path of a Unix socket. */
export interface SpawnedRedis {
  readonly url: string;
  readonly pid: number;
  /** Ends it like an operator would; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it like a power cut; resolves when it is gone. */
  kill(): Promise<void>;
}

const cache = fileURLToPath(new URL('../../.cache/', import.meta.url));
const fetched = join(cache, 'redis');
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

const unpackedIn = async (folder: string): Promise<RedisBinary | undefined> => {
  const lib = join(folder, 'usr/lib');
  const names = await readdir(lib).catch(() => []);
  const env = { LD_LIBRARY_PATH: [lib, ...names.map((name) => join(lib, name))].join(':') };
  const path = join(folder, 'usr/bin/redis-server');
  const works = await attempt(path, ['--version'], { env: { ...process.env, ...env } });
  return works === undefined ? undefined : { path, env };
};

/** Package lists of one's own: needs no root, and meets no other apt that runs. */
const privateLists = async (folder: string): Promise<readonly string[]> => {
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'archives/partial'), { recursive: true });
  return [
    ['Dir::State::lists', join(folder, 'lists')],
    ['Dir::Cache', folder],
    ['APT::Sandbox::User', ''],
    ['Debug::NoLocking', 'true'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
};

const download = async (folder: string): Promise<boolean> => {
  const got = (args: readonly string[]) =>
    attempt('apt-get', [...args, 'download', '-q', ...packages], { cwd: folder });
  if ((await got(['-o', 'APT::Sandbox::User='])) !== undefined) return true;
  const own = await privateLists(join(folder, 'apt'));
  await attempt('apt-get', [...own, 'update', '-q']);
  return (await got(own)) !== undefined;
};

const fetchFromDistribution = async (): Promise<RedisBinary | undefined> => {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'redis-draft-'));
  try {
    if (!(await download(draft))) return undefined;
    for (const name of (await readdir(draft)).filter((name) => name.endsWith('.deb'))) {
      await attempt('dpkg-deb', ['-x', join(draft, name), draft]);
      await rm(join(draft, name));
    }
    await rm(join(draft, 'apt'), { recursive: true, force: true });
    if ((await unpackedIn(draft)) === undefined) return undefined;
    // Whoever is first wins; a second one that was fetching as well finds the folder taken and uses it.
    await rename(draft, fetched).catch(() => undefined);
    return await unpackedIn(fetched);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

/** The redis-server of the PATH, else one fetched from the distribution into `.cache/redis` (no root needed), else an error that says what to install. */
export const findRedis = async (): Promise<RedisBinary> => {
  if (await answersVersion('redis-server')) return { path: 'redis-server', env: {} };
  const found = (await unpackedIn(fetched)) ?? (await fetchFromDistribution());
  if (found !== undefined) return found;
  throw new Error(
    'These tests need a Redis server: install the package redis-server so that `redis-server` is on the PATH.',
  );
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free loopback port was found');
  return address.port;
};

type Where = { readonly path: string } | { readonly host: string; readonly port: number };

const answersPing = (where: Where): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(where);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (bytes) => {
      resolve(bytes.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(false));
  });

const untilAnswering = async (child: ChildProcess, where: Where): Promise<boolean> => {
  while (child.exitCode === null && child.signalCode === null) {
    if (await answersPing(where)) return true;
    await pause(10);
  }
  return false;
};

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

const argumentsFor = (dir: string, port: number): readonly string[] => [
  ...[
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--maxmemory-policy',
    'noeviction',
  ],
  ...['--logfile', join(dir, 'redis.log'), '--bind', '127.0.0.1', '--port', String(port)],
  ...(port === 0 ? ['--unixsocket', join(dir, 'redis.sock')] : []),
];

const spawnOnce = async (
  binary: RedisBinary,
  dir: string,
  port: number,
): Promise<SpawnedRedis | undefined> => {
  const env = { ...process.env, ...binary.env };
  const child = spawn(binary.path, argumentsFor(dir, port), { stdio: 'ignore', env });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  const where = port === 0 ? { path: join(dir, 'redis.sock') } : { host: '127.0.0.1', port };
  if (!(await untilAnswering(child, where)) || child.pid === undefined) return undefined;
  return {
    url: port === 0 ? join(dir, 'redis.sock') : `redis://127.0.0.1:${port}`,
    pid: child.pid,
    stop: () => ended(child, 'SIGTERM'),
    kill: () => ended(child, 'SIGKILL'),
  };
};

/**
 * Starts a Redis that keeps its files (append-only file on) in `dir`, and waits until it answers. Without a port it listens
 * on a Unix socket in `dir`; `'any'` picks a free loopback port.
 */
export const spawnRedis = async (
  dir: string,
  { port }: { readonly port?: number | 'any' } = {},
): Promise<SpawnedRedis> => {
  const binary = await findRedis();
  for (let tries = 0; tries < 5; tries++) {
    const wanted = port === 'any' ? await freePort() : (port ?? 0);
    const redis = await spawnOnce(binary, dir, wanted);
    if (redis !== undefined) return redis;
  }
  throw new Error(`redis-server ended at once; ${join(dir, 'redis.log')} says why`);
};
