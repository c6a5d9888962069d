import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long Redis' append-only file was at a moment, in bytes. */
interface Mark {
  readonly at: number;
  readonly path: string;
  readonly size: number;
}

/** Remembers how the append-only file grew, so that its end can be cut off as a power cut would that loses unsynced writes. */
export interface TailRecord {
  /** Cuts the file to what it was `ms` before `now`, and `torn` bytes more, in the middle of a write. Redis must not run. Answers how many bytes are gone. */
  cut(now: number, ms: number, torn: number): Promise<number>;
  close(): Promise<void>;
}

const everyMs = 10;

/** More than any cut reaches back. */
const keepMs = 5000;

/** The last incremental file, as Redis 7 keeps it: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ */
const lastFile = async (dir: string): Promise<string | undefined> => {
  const folder = join(dir, 'appendonlydir');
  const names = await readdir(folder).catch(() => []);
  const numbered = names.flatMap((name) => {
    const number = /\.(\d+)\.incr\.aof$/.exec(name)?.[1];
    return number === undefined ? [] : [{ path: join(folder, name), number: Number(number) }];
  });
  return numbered.sort((a, b) => b.number - a.number)[0]?.path;
};

const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

/** Follows the append-only file of the Redis that keeps its files in `dir`. */
export const recordTail = (dir: string, now: () => number): TailRecord => {
  let marks: Mark[] = [];
  let closed = false;
  const mark = async (): Promise<void> => {
    const at = now();
    const path = await lastFile(dir);
    const size = path === undefined ? undefined : await sizeOf(path).catch(() => undefined);
    if (path !== undefined && size !== undefined) marks.push({ at, path, size });
    marks = marks.filter((each) => each.at > at - keepMs);
  };
  const follow = async (): Promise<void> => {
    while (!closed) {
      await mark();
      await pause(everyMs);
    }
  };
  const following = follow();
  return {
    cut: async (at, ms, torn) => {
      const path = await lastFile(dir);
      if (path === undefined) return 0;
      const size = await sizeOf(path);
      const known = marks.filter((each) => each.path === path);
      const then = (known.findLast((each) => each.at <= at - ms) ?? known[0])?.size ?? size;
      const wanted = Math.min(size, Math.max(0, then - torn));
      await truncate(path, wanted);
      marks = [{ at, path, size: wanted }];
      return size - wanted;
    },
    close: async () => {
      closed = true;
      await following;
    },
  };
};
