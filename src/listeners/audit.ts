import { createHash } from 'node:crypto';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import type { AuditEntry } from '../core/audit-entry.ts';
import { GatewayError } from '../core/errors.ts';

/** Where the audit goes. */
export interface AuditOptions {
  /** File of JSON lines, appended to; undefined: each line goes to `write`. One process per file. */
  readonly path: string | undefined;
  readonly now: () => number;
  readonly write: (line: string) => void;
}

/** The record of what was asked, decided and done. */
export interface Audit {
  /** Resolves once the entry is on disk. Rejects with `accept.unavailable` when it could not be written. */
  record(entry: AuditEntry): Promise<void>;
  /** Whether the last attempt to write went well. */
  writable(): boolean;
  close(): Promise<void>;
}

/** Where the chain of lines stands. */
interface Chain {
  seq: number;
  /** SHA-256 of the last line, hex; zeros before the first. */
  prev: string;
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: () => void;
  readonly reject: (error: GatewayError) => void;
}

const beginning = '0'.repeat(64);

const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex');

const lineOf = (entry: AuditEntry, chain: Chain, now: number): string =>
  JSON.stringify({ seq: chain.seq + 1, at: new Date(now).toISOString(), prev: chain.prev, ...entry });

/** Turns entries into chained lines, advancing the chain. */
const chained = (entries: readonly AuditEntry[], chain: Chain, now: number): readonly string[] =>
  entries.map((entry) => {
    const line = lineOf(entry, chain, now);
    chain.seq += 1;
    chain.prev = hashOf(line);
    return line;
  });

/** The longest line that a command of the longest length makes is far below this. */
const tailBytes = 256 * 1024;

const readTail = async (file: FileHandle): Promise<{ text: string; size: number }> => {
  const { size } = await file.stat();
  const from = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  return { text: buffer.subarray(0, bytesRead).toString('utf8'), size };
};

/** Keeps a line that was cut off by a crash aside, so that the chain goes on from the last whole one. */
const cutTorn = async (path: string, file: FileHandle, now: number): Promise<string> => {
  const { text, size } = await readTail(file);
  const end = text.lastIndexOf('\n') + 1;
  const torn = text.slice(end);
  if (torn !== '') {
    await writeFile(`${path}.torn-${now}`, torn, { mode: 0o600 });
    await file.truncate(size - Buffer.byteLength(torn));
  }
  return text.slice(0, end);
};

const chainAfter = (path: string, whole: string): Chain => {
  const last = whole.trimEnd().split('\n').at(-1) ?? '';
  if (last === '') return { seq: 0, prev: beginning };
  const seq: unknown = (JSON.parse(last) as { seq?: unknown }).seq;
  if (typeof seq !== 'number')
    throw new GatewayError(
      'config.invalid',
      `continuing the audit ${path}: its last line is not one of ours`,
    );
  return { seq, prev: hashOf(last) };
};

/** Puts one batch of lines where it is kept. */
type Append = (lines: readonly string[]) => Promise<void>;

/** Appends whole batches: what a failed write left behind is cut off before the next one, or nothing more is written. */
const appendTo = (file: FileHandle, size: number): Append => {
  let good = size;
  let clean = true;
  return async (lines) => {
    if (!clean) await file.truncate(good);
    clean = false;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    await file.appendFile(bytes);
    await file.datasync();
    good += bytes.length;
    clean = true;
  };
};

const refusal = (cause: unknown): GatewayError =>
  new GatewayError('accept.unavailable', 'writing the audit: it cannot be written', { cause });

/** Entries that arrive while a batch is being synced share the next one. */
const createBatches = (append: Append, chain: Chain, now: () => number) => {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let good = true;

  const writeBatch = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const before = { ...chain };
    try {
      await append(
        chained(
          batch.map(({ entry }) => entry),
          chain,
          now(),
        ),
      );
      good = true;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      good = false;
      Object.assign(chain, before);
      for (const { reject } of batch) reject(refusal(error));
    }
  };

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) await writeBatch();
    writing = undefined;
  };

  return {
    add: (entry: AuditEntry): Promise<void> =>
      new Promise((resolve, reject) => {
        waiting.push({ entry, resolve, reject });
        writing ??= Promise.resolve().then(writeAll);
      }),
    good: () => good,
    settled: async (): Promise<void> => writing,
  };
};

const openFile = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'a+', 0o600);
  } catch (cause) {
    throw new GatewayError('config.invalid', `opening the audit file ${path}: it cannot be written`, {
      cause,
    });
  }
};

/**
 * Opens the audit: append-only JSON lines, each with a number and the hash of the line before it, on disk before `record`
 * resolves. Rejects when the file cannot be opened or continued.
 */
export const createAudit = async ({ path, now, write }: AuditOptions): Promise<Audit> => {
  if (path === undefined) {
    const toWriter: Append = async (lines) => lines.forEach(write);
    const batches = createBatches(toWriter, { seq: 0, prev: beginning }, now);
    return { record: batches.add, writable: batches.good, close: batches.settled };
  }
  const file = await openFile(path);
  const chain = chainAfter(path, await cutTorn(path, file, now()));
  const { size } = await file.stat();
  const batches = createBatches(appendTo(file, size), chain, now);
  return {
    record: batches.add,
    writable: batches.good,
    close: async () => {
      await batches.settled();
      await file.close();
    },
  };
};
