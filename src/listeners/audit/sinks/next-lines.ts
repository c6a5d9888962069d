import { open } from 'node:fs/promises';
import type { Audit, Followed } from '../../audit.ts';
import { bytesBetween } from '../backwards.ts';
import { hashOf } from '../chain.ts';
import { readLine } from '../line.ts';
import { atBeginning, type Cursor } from './cursor.ts';
import type { SinkLine } from './sink.ts';

/** Lines to send, and where the cursor stands when they are sent. */
export interface NextLines {
  readonly lines: readonly SinkLine[];
  readonly cursor: Cursor;
}

const atMostBytes = 512 * 1024;

const split = (bytes: Buffer, most: number): readonly Buffer[] => {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf('\n'); at !== -1 && lines.length < most; at = bytes.indexOf('\n', from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return lines;
};

/** Some whole lines from a place on; a line longer than usual comes alone. */
const linesFrom = async ({ path, end }: Followed, from: number, most: number): Promise<readonly Buffer[]> => {
  const file = await open(path, 'r');
  try {
    for (let size = atMostBytes; ; size *= 4) {
      const to = Math.min(end(), from + size);
      const lines = split(await bytesBetween(file, from, to), most);
      if (lines.length > 0 || to === end()) return lines;
    }
  } finally {
    await file.close();
  }
};

const toSend = (lines: readonly Buffer[]): readonly SinkLine[] =>
  lines.map((bytes) => ({ id: hashOf(bytes), text: bytes.toString('utf8') }));

const lengthOf = (lines: readonly Buffer[]): number => lines.reduce((sum, { length }) => sum + length + 1, 0);

/** A cursor of another file, or from beyond the end of this one, counts for nothing. */
export const cursorIn = (audit: Pick<Audit, 'files' | 'chain'>, cursor: Cursor): Cursor => {
  const { files } = audit;
  if (files === undefined || cursor.file !== audit.chain().id || cursor.lines > files.lines.end())
    return atBeginning;
  const checkpoints = cursor.checkpoints > (files.checkpoints?.end() ?? 0) ? 0 : cursor.checkpoints;
  return { ...cursor, checkpoints };
};

/** What comes next, at most so many lines: of the audit as far as it is on disk, and then checkpoints. Undefined: nothing. */
export const nextLines = async (
  { files, chain }: Pick<Audit, 'files' | 'chain'>,
  cursor: Cursor,
  most: number,
): Promise<NextLines | undefined> => {
  if (files === undefined) return undefined;
  const file = chain().id;
  if (cursor.lines < files.lines.end()) {
    const lines = await linesFrom(files.lines, cursor.lines, most);
    const seq = readLine(lines.at(-1)?.toString('utf8') ?? '')?.seq ?? cursor.seq;
    return { lines: toSend(lines), cursor: { ...cursor, file, seq, lines: cursor.lines + lengthOf(lines) } };
  }
  if (files.checkpoints === undefined || cursor.checkpoints >= files.checkpoints.end()) return undefined;
  const lines = await linesFrom(files.checkpoints, cursor.checkpoints, most);
  return { lines: toSend(lines), cursor: { ...cursor, checkpoints: cursor.checkpoints + lengthOf(lines) } };
};
