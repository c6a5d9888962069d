import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../dist');

/** A program of ours that runs as a process of its own. */
export interface Started {
  readonly pid: number;
  /** All it has printed. */
  readonly printed: () => string;
  /** Resolves with the first match in what it prints; rejects when it ends before, or after half a minute. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
}

const collect = (child: ChildProcess): (() => string) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
};

const until = async <T>(look: () => T | undefined | null, what: () => string, ms = 30_000): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null) return found;
    if (Date.now() > end) throw new Error(`waiting in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Starts a built program of ours with exactly this environment, beside what Node itself needs. */
export const startProgram = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started => {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(dist, program), ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = collect(child);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    pid: child.pid ?? 0,
    printed,
    ended,
    says: (pattern) =>
      until(
        () => {
          const match = pattern.exec(printed());
          if (match === null && over)
            throw new Error(`${program} ended without saying ${pattern}:\n${printed()}`);
          return match;
        },
        () => `${pattern} from ${program}:\n${printed()}`,
      ),
    kill: async (signal = 'SIGTERM') => {
      if (!over) child.kill(signal);
      await ended;
    },
  };
};
