import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** What to run and within which bounds; times are milliseconds. */
export interface BashOrder {
  readonly scriptFile: string;
  readonly cwd: string;
  /** The whole environment, nothing is added to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** From asking the processes to end until they are killed. */
  readonly graceMs: number;
  readonly output: (text: string) => void;
}

/** How a script ended; `broken`: bash could not be started. */
export type BashEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'broken'; readonly message: string };

/** A script that runs: its end, and a way to end it and everything it started. */
export interface BashRun {
  readonly done: Promise<BashEnd>;
  stop(): void;
}

/** Runs a script in bash in its own process group; when it ends, whatever of the group is left is killed. */
export function runBash(order: BashOrder): BashRun {
  let ended: BashEnd['kind'] = 'exit';
  let child: ChildProcess | undefined;
  let killing: NodeJS.Timeout | undefined;

  const end = (kind: 'stopped' | 'timeout'): void => {
    if (ended !== 'exit') return;
    ended = kind;
    signal(child, 'SIGTERM');
    killing = setTimeout(() => signal(child, 'SIGKILL'), order.graceMs);
  };
  const timeout = setTimeout(() => end('timeout'), order.timeoutMs);

  const done = new Promise<BashEnd>((resolve) => {
    const finish = (result: BashEnd): void => {
      clearTimeout(timeout);
      clearTimeout(killing);
      resolve(result);
    };
    try {
      child = start(order);
    } catch (error) {
      finish({ kind: 'broken', message: String(error) });
      return;
    }
    const started = child;
    started.once('error', (error) => finish({ kind: 'broken', message: error.message }));
    started.once('exit', (code, name) => {
      signal(started, 'SIGKILL');
      drained(started).then(() =>
        finish(ended === 'stopped' || ended === 'timeout' ? { kind: ended } : exit(code, name)),
      );
    });
  });
  return { done, stop: () => end('stopped') };
}

function exit(code: number | null, signalName: NodeJS.Signals | null): BashEnd {
  if (code !== null) return { kind: 'exit', code };
  return { kind: 'exit', code: signalName === 'SIGKILL' ? 137 : 143 };
}

/** Bash runs "privileged" (-p) so that variables like BASH_ENV, which it would expand and source, mean nothing to it. */
function start(order: BashOrder): ChildProcess {
  const child = spawn('bash', ['--noprofile', '--norc', '-p', order.scriptFile], {
    cwd: order.cwd,
    env: { ...order.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream?.on('data', (chunk: Buffer) => order.output(decoder.write(chunk)));
    stream?.on('end', () => order.output(decoder.end()));
  }
  return child;
}

/** Sends a signal to the whole group; a group that is gone is what was wanted. */
function signal(child: ChildProcess | undefined, name: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')))
      throw error;
  }
}

/** Waits until the output is read; a process that left the group may hold it open, so not for long. */
function drained(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, 500);
    child.once('close', () => {
      clearTimeout(giveUp);
      resolve();
    });
  });
}

/** Kills processes that left a job's group but still carry its HOME, until none is left (Linux; elsewhere there is no `/proc` to look in). */
export async function killStrays(home: string): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds += 1) {
    const strays = await strayIds(home);
    if (strays.length === 0) return;
    for (const id of strays) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It ended between the look and the kill.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function strayIds(home: string): Promise<readonly number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(`HOME=${home}`) ? [Number(id)] : [];
    }),
  );
  return found.flat();
}
