import { type FileHandle, open, stat } from 'node:fs/promises';
import { GatewayError } from '../../core/errors.ts';
import { bytesBetween } from './backwards.ts';
import type { Chain } from './chain.ts';
import { find, openToAppend } from './opening.ts';

/** A file of lines that this process alone appends to. */
export interface AuditFile {
  /** Where its chain stood when it was opened. */
  readonly chain: Chain;
  /** Puts whole lines on disk. Rejects when that failed or somebody else writes to the file; then none of them counts. */
  append(lines: readonly string[]): Promise<void>;
  /** Clears away what a crash or a failed batch left behind. Rejects when it cannot, or when it is not ours. */
  mend(): Promise<void>;
  /** So many bytes are lines on disk. */
  end(): number;
  close(): Promise<void>;
}

/** Bytes after the last line that may be there and do not count. */
interface Leftover {
  readonly bytes: Buffer;
  readonly from: 'a crash' | 'a failed batch';
}

const notAlone = (path: string, how: string): GatewayError =>
  new GatewayError(
    'accept.unavailable',
    `writing the audit ${path}: ${how}, so nothing is written; each instance needs its own AUDIT_FILE`,
  );

/** Keeps bytes in a file of their own, on disk before they are cut off where they were. */
const keepAside = async (path: string, bytes: Buffer): Promise<void> => {
  const file = await open(path, 'w', 0o600);
  await file
    .writeFile(bytes)
    .then(() => file.sync())
    .finally(() => file.close());
};

interface Opened {
  readonly path: string;
  readonly file: FileHandle;
  readonly now: () => number;
  /** Which file it is, whatever the path leads to later. */
  readonly ino: number;
  readonly dev: number;
}

/** Cuts off what stands after `end` if it is what was left there, and nothing else. */
const clear = async ({ path, file, now }: Opened, end: number, { bytes, from }: Leftover): Promise<void> => {
  const { size } = await file.stat();
  if (size === end) return;
  const there = size < end ? Buffer.alloc(0) : await bytesBetween(file, end, size);
  const ours = there.length <= bytes.length && there.equals(bytes.subarray(0, there.length));
  if (size < end || !ours) throw notAlone(path, 'another process has changed it');
  if (from === 'a crash') await keepAside(`${path}.torn-${now()}`, there);
  await file.truncate(end);
};

/** Rejects unless the path still leads to this very file and it is as long as we left it. */
const checkAlone = async ({ path, ino, dev }: Opened, end: number): Promise<void> => {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.ino !== ino || there.dev !== dev)
    throw notAlone(path, 'the file was moved away or replaced while the gateway runs');
  if (there.size > end) throw notAlone(path, 'another process has written to it');
  if (there.size < end) throw notAlone(path, 'another process has cut it off');
};

/** Both are waited for: a batch is not cut off while it is being synced. */
const syncAlone = async (opened: Opened, end: number): Promise<void> => {
  const both = await Promise.allSettled([checkAlone(opened, end), opened.file.datasync()]);
  for (const one of both) if (one.status === 'rejected') throw one.reason;
};

/** Opens an audit file and finds where its chain stands. Rejects with `config.invalid` when it cannot be continued. */
export const openAuditFile = async (path: string, now: () => number): Promise<AuditFile> => {
  const file = await openToAppend(path);
  const { ino, dev } = await file.stat();
  const opened = { path, file, now, ino, dev };
  const {
    chain,
    end: found,
    torn,
  } = await find(path, file).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  let end = found;
  let leftover: Leftover | undefined = torn.length === 0 ? undefined : { bytes: torn, from: 'a crash' };

  const mend = async (): Promise<void> => {
    if (leftover !== undefined) await clear(opened, end, leftover);
    leftover = undefined;
  };
  const append = async (lines: readonly string[]): Promise<void> => {
    await mend();
    await checkAlone(opened, end);
    if (lines.length === 0) return;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    leftover = { bytes, from: 'a failed batch' };
    try {
      await file.appendFile(bytes);
      await syncAlone(opened, end + bytes.length);
    } catch (error) {
      // What cannot be cleared now is cleared before the next batch.
      await mend().catch(() => undefined);
      throw error;
    }
    leftover = undefined;
    end += bytes.length;
  };
  return { chain, append, mend, end: () => end, close: () => file.close() };
};
