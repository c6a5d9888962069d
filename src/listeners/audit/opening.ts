import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../../core/errors.ts';
import { bytesBetween, linesBackwards, type PlacedLine } from './backwards.ts';
import { beginning, type Chain, hashOf } from './chain.ts';
import { readLine } from './line.ts';

/** An audit file as it was found. */
export interface Found {
  readonly chain: Chain;
  /** Where its last whole line ends. */
  readonly end: number;
  /** What a crash left after that. */
  readonly torn: Buffer;
}

/** A process that is just writing needs less than this for one batch. */
const settleMs = 100;

/** The directory entry of a new file is not on disk before its folder is. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
};

/** Opens the file to append to, readable by its owner only; a new one is there for good. Rejects with `config.invalid`. */
export const openToAppend = async (path: string): Promise<FileHandle> => {
  try {
    const file = await open(path, 'a+', 0o600);
    if ((await file.stat()).size === 0) await syncFolder(path);
    return file;
  } catch (cause) {
    throw new GatewayError('config.invalid', `opening the audit file ${path}: it cannot be written`, {
      cause,
    });
  }
};

const firstLine = async (file: FileHandle, end: number): Promise<Buffer> => {
  for (let size = 64 * 1024; ; size *= 4) {
    const bytes = await bytesBetween(file, 0, Math.min(size, end));
    const at = bytes.indexOf('\n');
    if (at !== -1 || size >= end) return bytes.subarray(0, at === -1 ? bytes.length : at);
  }
};

const lastLines = async (file: FileHandle, size: number): Promise<{ torn: Buffer; last?: PlacedLine }> => {
  let torn: Buffer = Buffer.alloc(0);
  for await (const line of linesBackwards(file, size)) {
    if (line.whole) return { torn, last: line };
    torn = line.bytes;
  }
  return { torn };
};

const notOurs = (path: string): GatewayError =>
  new GatewayError(
    'config.invalid',
    `continuing the audit ${path}: its last line is not one of ours; name another AUDIT_FILE`,
  );

const lineBegins = Buffer.from('{"seq":');

/** A file without one whole line may be anybody's. */
const mayBeOurs = (torn: Buffer): boolean => {
  const length = Math.min(torn.length, lineBegins.length);
  return torn.subarray(0, length).equals(lineBegins.subarray(0, length));
};

const chainAfter = async (path: string, file: FileHandle, last: PlacedLine): Promise<Chain> => {
  const line = readLine(last.bytes.toString('utf8'));
  if (line === undefined) throw notOurs(path);
  const id = hashOf(await firstLine(file, last.start + last.bytes.length + 1));
  return { seq: line.seq, prev: hashOf(last.bytes), id };
};

/** Looks where the chain of a file stands. Rejects with `config.invalid` when it is not ours, or somebody is writing to it. */
export const find = async (path: string, file: FileHandle): Promise<Found> => {
  const { size } = await file.stat();
  const { torn, last } = await lastLines(file, size);
  if (last === undefined && !mayBeOurs(torn)) throw notOurs(path);
  if (torn.length > 0) {
    await pause(settleMs);
    if ((await file.stat()).size !== size)
      throw new GatewayError(
        'config.invalid',
        `continuing the audit ${path}: another process writes to it; each instance needs its own AUDIT_FILE`,
      );
  }
  const chain = last === undefined ? beginning : await chainAfter(path, file, last);
  return { chain, end: size - torn.length, torn };
};
