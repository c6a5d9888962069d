import type { KeyObject } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { GatewayError } from '../../core/errors.ts';
import { bytesBetween, linesBackwards } from './backwards.ts';
import type { Chain } from './chain.ts';
import { type CheckpointReason, checkpointLine, signed } from './checkpoint.ts';

/** How often checkpoints are made: whichever comes first, and only when there is something new. */
export interface CheckpointPace {
  readonly everyMs: number;
  readonly everyLines: number;
}

/** What checkpoints are made with. */
export interface CheckpointOptions {
  readonly path: string;
  readonly key: KeyObject;
  readonly now: () => number;
  readonly pace: CheckpointPace;
  readonly problem: (words: string, error?: unknown) => void;
  /** A checkpoint is on disk. */
  readonly written: () => void;
}

/** Signs from time to time how far the audit has come. */
export interface Checkpoints {
  /** Makes the checkpoint of a file that is continued. Rejects when it cannot; then nothing may be appended yet. */
  open(chain: Chain): Promise<void>;
  /** The audit has come so far. Never waits: what cannot be written now is made up for by the next one. */
  reached(chain: Chain): void;
  close(): Promise<void>;
  /** So many bytes are checkpoints on disk. */
  end(): number;
}

/** A checkpoint that a crash cut off tells nothing: the next one covers it. */
const cutTorn = async (file: FileHandle): Promise<number> => {
  const { size } = await file.stat();
  for await (const { start, whole } of linesBackwards(file, size)) {
    if (whole) return size;
    await file.truncate(start);
    return start;
  }
  return 0;
};

const openFile = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'a+', 0o600);
  } catch (cause) {
    throw new GatewayError('config.invalid', `opening the checkpoints ${path}: they cannot be written`, {
      cause,
    });
  }
};

/** Appends whole lines. Only what a write of its own left behind is ever cut off. */
const appendTo = (file: FileHandle, found: number) => {
  let end = found;
  let leftover: Buffer | undefined;
  const clear = async (bytes: Buffer): Promise<void> => {
    const { size } = await file.stat();
    const there = await bytesBetween(file, end, Math.max(end, size));
    if (there.equals(bytes.subarray(0, there.length))) await file.truncate(end);
    leftover = undefined;
  };
  return {
    end: () => end,
    append: async (line: string): Promise<void> => {
      if (leftover !== undefined) await clear(leftover);
      const { size } = await file.stat();
      const bytes = Buffer.from(`${line}\n`);
      leftover = bytes;
      await file.appendFile(bytes);
      await file.datasync();
      leftover = undefined;
      end = size + bytes.length;
    },
  };
};

/** Opens the file of checkpoints. Rejects with `config.invalid` when it cannot be written. */
export const openCheckpoints = async (options: CheckpointOptions): Promise<Checkpoints> => {
  const { key, now, pace, problem, written } = options;
  const file = await openFile(options.path);
  const { append, end } = appendTo(file, await cutTorn(file));
  let newest: Chain | undefined;
  let done = 0;
  let asked = 0;
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const make = async (chain: Chain, reason: CheckpointReason): Promise<void> => {
    if (chain.id === undefined) return;
    const { seq, prev: hash, id } = chain;
    const at = new Date(now()).toISOString();
    await append(checkpointLine(signed({ file: id, seq, hash, at, reason }, key)));
    done = seq;
    written();
  };
  /** One after the other, so that their numbers only grow. */
  const next = (reason: CheckpointReason): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    asked = newest?.seq ?? 0;
    working = working.then(async () => {
      if (newest === undefined || (newest.seq === done && reason === 'going')) return;
      await make(newest, reason).catch((error: unknown) => {
        problem('a checkpoint of the audit could not be written', error);
        arm();
      });
    });
    return working;
  };
  const arm = (): void => {
    timer ??= setTimeout(() => void next('going'), pace.everyMs).unref();
  };
  return {
    open: async (chain) => {
      await make(chain, 'open');
      newest = chain;
    },
    reached: (chain) => {
      newest = chain;
      if (chain.seq - Math.max(asked, done) >= pace.everyLines) void next('going');
      else arm();
    },
    close: async () => {
      await next('close');
      clearTimeout(timer);
      await file.close();
    },
    end,
  };
};
