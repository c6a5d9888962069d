import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Failpoint } from './failpoint.ts';
import { type Program, startedOnce } from './program.ts';

/** What an instance is started with, how it is treated when it ends or stops by itself, and who hears of it. */
export interface InstanceParts {
  readonly number: number;
  readonly env: Readonly<Record<string, string>>;
  readonly times: object;
  /** A rule that is switched off to see what it is good for. */
  readonly blind: 'generation' | 'requester' | undefined;
  readonly log: string;
  /** The failpoint of the next start, if any. */
  readonly failpoint: (number: number) => Failpoint | undefined;
  /** How long it stays down, and how long a process that stopped itself is left so. Milliseconds. */
  readonly downMs: () => number;
  readonly stopMs: () => number;
  readonly happened: (what: string, detail: object) => void;
}

/** One gateway of a campaign: whenever its process ends, another is started in its place. */
export interface Instance {
  readonly number: number;
  readonly url: string;
  /** Ends it, like a power cut or in good order. */
  end(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Stops it in the middle of whatever it does, and lets it go on after that time. */
  stop(ms: number): Promise<void>;
  /** Resolves when it listens; rejects when the start under way fails. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const entry = join(import.meta.dirname, '../../test/faults/gateway.mjs');

const launch = async (
  parts: InstanceParts,
  failpoint: Failpoint | undefined,
  onLine: (line: string) => void,
): Promise<Program> => {
  const { times, blind, env, log } = parts;
  const CAMPAIGN = JSON.stringify({ times, blind, failpoint });
  const start = { args: [entry], env: { ...env, CAMPAIGN }, log, onLine };
  return (await startedOnce(start, /"listening":/)).program;
};

/** Keeps one instance alive until it is closed. Resolves once the first process listens, rejects when that one cannot start. */
export const startInstance = async (parts: InstanceParts): Promise<Instance> => {
  const { number, happened } = parts;
  let program: Program | undefined;
  let closed = false;

  const letGoOn = async (ms: number): Promise<void> => {
    const stopped = program;
    await pause(ms);
    stopped?.signal('SIGCONT');
  };
  const onLine = (line: string): void => {
    if (!line.startsWith('{"failpoint":')) return;
    const { failpoint } = JSON.parse(line) as { failpoint: Failpoint };
    happened(`failpoint ${failpoint.do}`, { number, ...failpoint });
    if (failpoint.do === 'stop') void letGoOn(parts.stopMs());
  };

  const live = async (): Promise<void> => {
    while (!closed) {
      try {
        program = await launch(parts, parts.failpoint(number), onLine);
        listening();
        const end = await program.ended;
        happened('ended', { number, end });
      } catch (error) {
        happened('did not start', { number, error: String(error) });
        failing(error);
      }
      listens = waitForStart();
      if (!closed) await pause(parts.downMs());
    }
  };
  let listening: () => void = () => undefined;
  let failing: (error: unknown) => void = () => undefined;
  const waitForStart = (): Promise<void> => {
    const started = new Promise<void>((resolve, reject) => {
      listening = resolve;
      failing = reject;
    });
    started.catch(() => undefined);
    return started;
  };
  let listens = waitForStart();
  const living = live();
  await listens.catch((error: unknown) => {
    closed = true;
    throw error;
  });
  return {
    number,
    url: `http://127.0.0.1:${parts.env.PORT}`,
    end: (signal) => program?.signal(signal),
    stop: async (ms) => {
      program?.signal('SIGSTOP');
      await letGoOn(ms);
    },
    ready: () => listens,
    close: async () => {
      closed = true;
      program?.signal('SIGCONT');
      program?.signal('SIGTERM');
      const timer = setTimeout(() => program?.signal('SIGKILL'), 15_000);
      await living;
      clearTimeout(timer);
    },
  };
};
