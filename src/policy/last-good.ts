import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyFiles } from './files.ts';

/** The policy that was last in force, as it is kept on disk for a start without its source. */
export interface LastGood {
  readonly files: PolicyFiles;
  /** Unix milliseconds at which it was last known to be right. */
  readonly at: number;
}

/** Keeps the last good policy of one source in a folder. */
export interface LastGoodStore {
  save(files: PolicyFiles, at: number): Promise<void>;
  /** The kept policy; why there is none that could be used, otherwise. */
  load(): Promise<LastGood | string>;
}

const fileName = 'last-good-policy.json';

interface Kept {
  readonly version: 1;
  readonly source: string;
  readonly revision: string;
  readonly at: number;
  readonly files: readonly (readonly [string, string])[];
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string');

const isKept = (value: unknown): value is Kept => {
  if (typeof value !== 'object' || value === null) return false;
  const { version, source, revision, at, files } = value as Record<string, unknown>;
  return (
    version === 1 &&
    [source, revision].every((text) => typeof text === 'string') &&
    typeof at === 'number' &&
    Array.isArray(files) &&
    files.every(isPair)
  );
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const sealOf = (content: string, secret: string): Buffer =>
  createHmac('sha256', `last good policy\n${secret}`).update(content).digest();

const synced = async (path: string, flags: 'r' | 'wx', text?: string): Promise<void> => {
  const handle = await open(path, flags, 0o600);
  try {
    if (text !== undefined) await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Puts a file in the place of another, whole or not at all, whoever else does so at the same moment and whenever the power fails. */
const replaced = async (folder: string, name: string, text: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = await mkdtemp(join(folder, '.new-'));
  try {
    await synced(join(aside, name), 'wx', text);
    await rename(join(aside, name), join(folder, name));
    await synced(folder, 'r');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
};

/**
 * Keeps the last good policy of `source` in a folder. What is kept is sealed with a secret of the gateway: whoever can write in
 * the folder, but does not know it, cannot put a policy of their own in force.
 */
export const createLastGood = (folder: string, source: string, secret: string): LastGoodStore => {
  const path = join(folder, fileName);
  let last: Promise<unknown> = Promise.resolve();
  return {
    save({ files, revision }, at) {
      const save = async (): Promise<void> => {
        const content = JSON.stringify({
          version: 1,
          source,
          revision,
          at,
          files: [...files],
        } satisfies Kept);
        await replaced(folder, fileName, `${sealOf(content, secret).toString('hex')}\n${content}\n`);
      };
      // One after the other: the version that came into force last must be the one that stays.
      const saved = last.then(save, save);
      last = saved.catch(() => undefined);
      return saved;
    },
    async load() {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) return `nothing is kept in ${folder}`;
      const [seal = '', content = ''] = text.split('\n');
      const right = sealOf(content, secret);
      const given = Buffer.from(seal, 'hex');
      if (given.length !== right.length || !timingSafeEqual(given, right))
        return `${path} was changed, or kept by a gateway with another SIGNING_KEY or GITLAB_TOKEN`;
      const kept = parsed(content);
      if (!isKept(kept)) return `${path} cannot be read`;
      if (kept.source !== source) return `${path} is of ${kept.source}`;
      return { files: { files: new Map(kept.files), revision: kept.revision }, at: kept.at };
    },
  };
};
