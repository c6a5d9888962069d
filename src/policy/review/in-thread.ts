import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CommandSettings } from '../commands/command.ts';
import type { Checked, CheckTask, Reviewed, ReviewTask, Task } from './tasks.ts';

/** What came of a task. `time` and `memory`: it was ended because it used more than it may. */
export type InThread<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly because: 'time' | 'memory' | 'fault' | 'closed'; readonly words: string };

/** What a task may use. */
export interface ThreadLimits {
  /** Milliseconds, the start of the thread included. */
  readonly withinMs: number;
  /** Megabytes of JavaScript objects. */
  readonly heapMb: number;
}

export const usualThreadLimits: ThreadLimits = { withinMs: 20_000, heapMb: 512 };

/** Looks at policy files that nobody vouches for yet, in a thread of its own, so that the worst they can do is to be refused. */
export interface PolicyThread {
  /** Lint and cases, as before files are put in force. */
  check(task: Omit<CheckTask, 'kind'>): Promise<InThread<Checked>>;
  /** Lint, cases and what changes, as a note. */
  review(task: Omit<ReviewTask, 'kind'>): Promise<InThread<Reviewed>>;
  /** Ends what is in hand and begins nothing more. */
  close(): Promise<void>;
}

const endedEarly = 'it was ended before it was done';

/** The worker stands beside this file, compiled or not. */
const usualEntry = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

/** Makes threads for tasks, one for each; `entry` is the file that they run. */
export const createPolicyThread = (
  limits: ThreadLimits = usualThreadLimits,
  entry: URL = usualEntry,
): PolicyThread => {
  const inHand = new Set<() => Promise<unknown>>();
  let closed = false;
  const run = async <Answer>(task: Task): Promise<InThread<Answer>> => {
    if (closed) return { ok: false, because: 'closed', words: endedEarly };
    const worker = new Worker(entry, {
      name: `policy ${task.kind}`,
      workerData: { ...task, settings: plain(task.settings) },
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: 64 },
    });
    const end = () => worker.terminate();
    inHand.add(end);
    try {
      return await answerOf<Answer>(worker, limits);
    } finally {
      inHand.delete(end);
      await end();
    }
  };
  return {
    check: (task) => run<Checked>({ kind: 'check', ...task }),
    review: (task) => run<Reviewed>({ kind: 'review', ...task }),
    close: async () => {
      closed = true;
      await Promise.all([...inHand].map((end) => end()));
    },
  };
};

/** A declaration may come with the function that carries it out, and functions do not go into another thread. */
const plain = ({ reserved, uses, plainHttp }: CommandSettings): CommandSettings => ({
  reserved,
  uses: uses.map(({ name, settings, inputs }) => ({ name, settings, inputs })),
  ...(plainHttp === undefined ? {} : { plainHttp }),
});

/** Resolves once: with what the thread says, or with how it ended without a word. */
const answerOf = <Answer>(worker: Worker, { withinMs, heapMb }: ThreadLimits): Promise<InThread<Answer>> =>
  new Promise((resolve) => {
    const fail = (because: 'time' | 'memory' | 'fault' | 'closed', words: string): void => {
      clearTimeout(timer);
      resolve({ ok: false, because, words });
    };
    const timer = setTimeout(
      () => fail('time', `it was not done after ${withinMs / 1000} s and was ended`),
      withinMs,
    );
    // The worker is ours and says one thing: the answer to the task it was given.
    worker.once('message', (answer: Answer) => {
      clearTimeout(timer);
      resolve({ ok: true, answer });
    });
    worker.once('error', (error: unknown) =>
      isOutOfMemory(error)
        ? fail('memory', `it needed more than ${heapMb} MB and was ended`)
        : fail('fault', `it broke off: ${error instanceof Error ? error.message : String(error)}`),
    );
    worker.once('exit', () => fail('closed', endedEarly));
  });

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
