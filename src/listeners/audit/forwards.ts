import { createReadStream } from 'node:fs';

/** One line of a file, without its newline. */
export interface Line {
  readonly bytes: Buffer;
  /** False only for what stands after the last newline. */
  readonly whole: boolean;
}

/** Far above any line of ours; so much of a file without newlines is taken into memory. */
const longest = 16 * 1024 * 1024;

/**
 * The lines of a file from its beginning, or of its bytes `from` up to `to`, some at a time. Memory does not grow with the
 * file. Rejects when the file cannot be read.
 */
export async function* linesForwards(path: string, from = 0, to?: number): AsyncGenerator<readonly Line[]> {
  if (to !== undefined && to <= from) return;
  const upTo = to === undefined ? {} : { end: to - 1 };
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path, { start: from, ...upTo, highWaterMark: 256 * 1024 })) {
    const lines: Line[] = [];
    let place = 0;
    for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', place)) {
      lines.push({ bytes: Buffer.concat([...rest, chunk.subarray(place, at)]), whole: true });
      rest = [];
      size = 0;
      place = at + 1;
    }
    rest.push(chunk.subarray(place));
    size += chunk.length - place;
    if (size > longest) {
      lines.push({ bytes: Buffer.concat(rest), whole: true });
      rest = [];
      size = 0;
    }
    if (lines.length > 0) yield lines;
  }
  const bytes = Buffer.concat(rest);
  if (bytes.length > 0) yield [{ bytes, whole: false }];
}
