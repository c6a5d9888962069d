import { type FileHandle, open } from 'node:fs/promises';
import type { AuditLine } from '../../core/audit-entry.ts';
import { linesBackwards } from './backwards.ts';
import { readLine } from './line.ts';

const openToRead = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const newest = async (file: FileHandle, since: number): Promise<AuditLine[]> => {
  const found: AuditLine[] = [];
  const { size } = await file.stat();
  for await (const { bytes, whole } of linesBackwards(file, size)) {
    const line = whole ? readLine(bytes.toString('utf8')) : undefined;
    if (line === undefined || line.kind === 'gap') continue;
    if (line.at < since) break;
    const { seq, at, kind, told } = line;
    found.push({ ...told, kind, seq, at } as AuditLine);
  }
  return found;
};

/**
 * The entries of the newest part of an audit file, oldest first: from the end back to the first one told before `since` (Unix
 * milliseconds). A file that is not there has none. A line cut off at the end, and any that is not ours, is passed over:
 * whether the file is whole is for its verification to say. Rejects when the file cannot be read.
 */
export const readBack = async (path: string, since: number): Promise<readonly AuditLine[]> => {
  const file = await openToRead(path);
  if (file === undefined) return [];
  try {
    return (await newest(file, since)).reverse();
  } finally {
    await file.close();
  }
};
