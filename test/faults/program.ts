import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A program of a campaign, as a process of its own. */
export interface Program {
  readonly pid: number;
  /** How it ended: an exit code or the name of a signal. */
  readonly ended: Promise<string>;
  readonly isOver: () => boolean;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** What to start, and who hears its lines. Everything it prints is appended to `log`. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  readonly onLine: (line: string) => void;
}

const endOf = async (child: ChildProcess): Promise<string> => {
  const [code, signal] = await once(child, 'exit');
  return String(signal ?? code);
};

/** Starts Node with exactly this environment, beside what Node itself needs. It ends with the campaign at the latest. */
export const startProgram = ({ args, env, log, onLine }: Start): Program => {
  const { PATH = '', HOME = '' } = process.env;
  // tap measures the coverage of every Node it sees started, by NODE_OPTIONS; a gateway then takes twice as long to start.
  const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false });
    createInterface({ input: stream }).on('line', onLine);
  }
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let over = false;
  const ended = endOf(child).finally(() => {
    over = true;
    process.removeListener('exit', kill);
    file.end();
  });
  return {
    pid: child.pid ?? 0,
    ended,
    isOver: () => over,
    signal: (signal) => {
      if (!over) child.kill(signal);
    },
  };
};

/** Starts a program and waits until it prints a line like this; rejects when it ends before or takes too long. */
export const startedOnce = async (
  start: Start,
  pattern: RegExp,
  withinMs = 30_000,
): Promise<{ readonly program: Program; readonly line: string }> => {
  let said: (line: string) => void = () => undefined;
  const heard = new Promise<string>((resolve) => {
    said = resolve;
  });
  const program = startProgram({
    ...start,
    onLine: (line) => {
      if (pattern.test(line)) said(line);
      start.onLine(line);
    },
  });
  const timeout = AbortSignal.timeout(withinMs);
  const late = once(timeout, 'abort').then(() => `nothing within ${withinMs} ms`);
  const line = await Promise.race([
    heard,
    program.ended.then((end) => new Error(end)),
    late.then((words) => new Error(words)),
  ]);
  if (line instanceof Error) {
    program.signal('SIGKILL');
    throw new Error(`${start.args.join(' ')} did not say ${pattern}: ${line.message}; see ${start.log}`);
  }
  return { program, line };
};
