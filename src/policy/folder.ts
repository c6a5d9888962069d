import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type FilesRead, fileProblem, isIgnored, mostFiles, policyFilesOf } from './files.ts';
import { createMistakeList, type MistakeList } from './mistakes.ts';

/** A file or folder inside the policy folder, after all symlinks. `stamp` changes when the content may have. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly stamp: string;
}

const folders = ['commands', 'cases'];

const isWithin = (path: string, root: string): boolean => path === root || path.startsWith(root + sep);

const entryOf = async (root: string, name: string, mistakes: MistakeList): Promise<Entry | undefined> => {
  const path = await realpath(join(root, name));
  // A mounted ConfigMap is made of symlinks through `..data`, all inside: https://kubernetes.io/docs/concepts/storage/volumes/#configmap
  if (!isWithin(path, root)) {
    mistakes.add(name, 1, 'is a link that leads out of the policy folder');
    return undefined;
  }
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) {
    mistakes.add(name, 1, 'is neither a file nor a folder');
    return undefined;
  }
  const stamp = `${path}:${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
  return { name, path, isFolder: found.isDirectory(), bytes: found.size, stamp };
};

const namesIn = async (root: string, prefix: string): Promise<readonly string[]> => {
  const names = (await readdir(join(root, prefix))).map((name) => `${prefix}${name}`);
  return names.filter((name) => !isIgnored(name)).toSorted();
};

const listFolder = async (root: string, prefix: string, mistakes: MistakeList): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  for (const name of await namesIn(root, prefix)) {
    const entry = await entryOf(root, name, mistakes);
    if (entry === undefined) continue;
    if (entry.isFolder && !folders.includes(name))
      mistakes.add(name, 1, `is a folder; only ${folders.join('/ and ')}/ have a place here`);
    else if (entry.isFolder) entries.push(...(await listFolder(root, `${name}/`, mistakes)));
    else entries.push(entry);
  }
  return entries;
};

const readEntries = async (
  entries: readonly Entry[],
  mistakes: MistakeList,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const contents = new Map<string, Uint8Array>();
  if (entries.length > mostFiles) {
    mistakes.add('.', 1, `holds more than ${mostFiles} files`);
    return contents;
  }
  for (const { name, path, bytes } of entries) {
    const problem = fileProblem(name, bytes);
    if (problem !== undefined) mistakes.add(name, 1, problem);
    else contents.set(name, await readFile(path));
  }
  return contents;
};

const stampOf = (entries: readonly Entry[]): string =>
  entries.map(({ name, stamp }) => `${name}=${stamp}`).join('\n');

/** What changes when anything in the folder may have changed. Reads no content. Rejects when the folder cannot be read. */
export const folderStamp = async (path: string): Promise<string> =>
  stampOf(await listFolder(await realpath(path), '', createMistakeList()));

const tries = 5;

type Attempt = FilesRead | 'changed meanwhile';

const readOnce = async (path: string): Promise<Attempt> => {
  const mistakes = createMistakeList();
  const root = await realpath(path);
  const before = await listFolder(root, '', mistakes);
  const contents = await readEntries(before, mistakes);
  if ((await folderStamp(path)) !== stampOf(before)) return 'changed meanwhile';
  const found = mistakes.all();
  const read = policyFilesOf(contents);
  if (found.length === 0) return read;
  if (read.ok) return { ok: false, mistakes: found, readable: read.files };
  return { ...read, mistakes: [...found, ...read.mistakes] };
};

const cannotRead = (thrown: unknown): FilesRead => {
  const because = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    ok: false,
    mistakes: [{ file: '.', line: 1, code: 'file', text: `the folder cannot be read: ${because}` }],
  };
};

/** A file that vanishes between being listed and being read is also a change; one that stays unreadable is a mistake. */
const attempt = async (path: string, last: boolean): Promise<Attempt> => {
  try {
    return await readOnce(path);
  } catch (thrown) {
    return last ? cannotRead(thrown) : 'changed meanwhile';
  }
};

/**
 * Reads a policy folder as it was at one moment: when something changes while it is read, it is read again.
 * What has no place there is a mistake, and so is a link that leads out.
 */
export const readPolicyFolder = async (path: string): Promise<FilesRead> => {
  for (let left = tries; left > 0; left--) {
    const read = await attempt(path, left === 1);
    if (read !== 'changed meanwhile') return read;
  }
  return cannotRead('it keeps changing while it is read');
};
