import type { FileHandle } from 'node:fs/promises';

/** One line of a file, without its newline. */
export interface PlacedLine {
  readonly bytes: Buffer;
  /** Where its first byte stands. */
  readonly start: number;
  /** False only for what stands after the last newline. */
  readonly whole: boolean;
}

const newline = 0x0a;

/** The bytes of a file from one place up to another; fewer when the file ends before. */
export const bytesBetween = async (file: FileHandle, from: number, to: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(to - from);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
};

/**
 * The lines of the first `size` bytes of a file, last one first. What stands after the last newline comes first and is not
 * whole; nothing comes for an empty end.
 */
export async function* linesBackwards(
  file: FileHandle,
  size: number,
  chunkBytes = 64 * 1024,
): AsyncGenerator<PlacedLine> {
  let rest: Buffer[] = [];
  let whole = false;
  let place = size;
  while (place > 0) {
    const from = Math.max(0, place - chunkBytes);
    let chunk = await bytesBetween(file, from, place);
    for (let at = chunk.lastIndexOf(newline); at !== -1; at = chunk.lastIndexOf(newline)) {
      const bytes = Buffer.concat([chunk.subarray(at + 1), ...rest]);
      if (whole || bytes.length > 0) yield { bytes, start: from + at + 1, whole };
      whole = true;
      rest = [];
      chunk = chunk.subarray(0, at);
    }
    rest = [chunk, ...rest];
    place = from;
  }
  const bytes = Buffer.concat(rest);
  if (whole || bytes.length > 0) yield { bytes, start: 0, whole };
}
