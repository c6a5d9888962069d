import type { Audit } from '../../audit.ts';
import type { Retry } from '../batches.ts';
import { type Cursor, loadCursor, saveCursor } from './cursor.ts';
import { cursorIn, nextLines } from './next-lines.ts';
import type { Sent, Sink, SinkHealth } from './sink.ts';

/** What a sink follows, and how patiently. */
export interface FollowOptions {
  readonly audit: Pick<Audit, 'files' | 'chain'>;
  readonly sink: Sink;
  /** File of its cursor. */
  readonly path: string;
  readonly retry: Retry;
  readonly problem: (words: string) => void;
}

/** Follows the audit file for one sink. */
export interface Follower {
  /** There is perhaps something new. */
  wake(): void;
  health(): SinkHealth;
  /** Sends what it can within that time and keeps the cursor. */
  close(withinMs: number): Promise<void>;
}

/** So much may be sent again after a crash. */
const saveEveryMs = 1000;

/** Keeps the cursor on disk, a little behind. A cursor that cannot be kept only means sending again. */
const createKeeper = (path: string, current: () => Cursor) => {
  let saved: Cursor | undefined;
  let saving: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const saveOnce = async (): Promise<void> => {
    const cursor = current();
    if (cursor === saved || cursor.file === undefined) return;
    await saveCursor(path, cursor);
    saved = cursor;
  };
  const save = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(saveOnce).catch(() => undefined);
    return saving;
  };
  return {
    save,
    soon: (): void => {
      timer ??= setTimeout(() => void save(), saveEveryMs).unref();
    },
  };
};

const atMostLines = 500;

const createTries = ({ retry, sink, problem }: FollowOptions) => {
  let failures = 0;
  let last: string | undefined;
  let passedOver = 0;
  const leftOut = (words: readonly string[]): void => {
    for (const each of words) problem(`the audit leaves out a line for ${sink.name}: ${each}`);
    passedOver += words.length;
  };
  return {
    last: () => last,
    passedOver: () => passedOver,
    /** How long to wait until the next try; 0: go on. */
    after: (sent: Sent): number => {
      if (sent.sent) {
        if (last !== undefined) problem(`the audit goes to ${sink.name} again`);
        leftOut(sent.passedOver);
        failures = 0;
        last = undefined;
        return 0;
      }
      if (sent.problem !== last) problem(`the audit does not reach ${sink.name}: ${sent.problem}`);
      failures += 1;
      last = sent.problem;
      const backoff = Math.min(retry.mostMs, retry.firstMs * 2 ** Math.min(failures - 1, 20));
      return Math.max(backoff, sent.notWithinMs ?? 0);
    },
  };
};

/** Sends what comes next, in fewer lines at a time when they are too large for the receiver. */
const createStep = (options: FollowOptions, ending: AbortSignal, from: Cursor) => {
  const { audit, sink } = options;
  let cursor = from;
  let most = atMostLines;
  const step = async (): Promise<Sent | 'nothing'> => {
    const next = await nextLines(audit, cursor, most);
    if (next === undefined || next.lines.length === 0) return 'nothing';
    const sent = await sink.send(next.lines, ending);
    if (!sent.sent && sent.tooLarge === true && next.lines.length > 1) {
      most = Math.ceil(next.lines.length / 2);
      return step();
    }
    const hopeless = !sent.sent && sent.tooLarge === true;
    if (!sent.sent && !hopeless) return sent;
    cursor = next.cursor;
    most = atMostLines;
    const passedOver = [`${next.lines[0]?.id} is too large`];
    return hopeless ? { sent: true, passedOver } : sent;
  };
  return { step, cursor: () => cursor };
};

/** Sends every line from the cursor on, in order and again until it is taken. What happens here delays nobody else. */
export const follow = async (options: FollowOptions): Promise<Follower> => {
  const { audit, sink, path } = options;
  const ending = new AbortController();
  const { step, cursor } = createStep(options, ending.signal, cursorIn(audit, await loadCursor(path)));
  const keeper = createKeeper(path, cursor);
  const tries = createTries(options);
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let again = false;

  const work = async (): Promise<void> => {
    for (;;) {
      const sent = await step().catch((error: unknown): Sent => {
        return { sent: false, problem: error instanceof Error ? error.message : String(error) };
      });
      const pause = sent === 'nothing' ? 0 : tries.after(sent);
      if (sent !== 'nothing' && pause === 0) keeper.soon();
      if ((sent !== 'nothing' || again) && pause === 0) {
        again = false;
        continue;
      }
      working = undefined;
      if (pause > 0 && !closing) arm(pause);
      return;
    }
  };
  const begin = (): void => {
    timer = undefined;
    working ??= work();
  };
  const arm = (ms: number): void => {
    timer ??= setTimeout(begin, ms).unref();
  };
  const finish = async (): Promise<void> => {
    await working;
    if (tries.last() === undefined) await work();
  };
  return {
    wake: () => {
      again = working !== undefined;
      if (!again && !closing) arm(sink.gatherMs);
    },
    health: () => ({
      sink: sink.name,
      lag: Math.max(0, audit.chain().seq - cursor().seq),
      problem: tries.last(),
      passedOver: tries.passedOver(),
    }),
    close: async (withinMs) => {
      closing = true;
      clearTimeout(timer);
      const giveUp = setTimeout(() => ending.abort(), withinMs);
      await finish();
      clearTimeout(giveUp);
      await keeper.save();
    },
  };
};
