import { createHash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import { GitLabError, isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { fieldsOf, listOf, textOf } from './shapes.ts';

/** Something about a project's files that keeps them from being used. */
export interface FileProblem {
  readonly file: string;
  readonly text: string;
}

/** The files of a folder at one commit, by path inside the folder; or what is wrong with them as files. */
export interface FilesAt {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly FileProblem[];
}

/** Which files are asked for at all, and how many at most: nothing else is downloaded. */
export interface Wanted {
  /** Whether the file has a place in the folder, and how many bytes it may have; undefined when it is left aside or refused. */
  readonly mostBytes: (name: string) => number | undefined;
  readonly isIgnored: (name: string) => boolean;
  /** More entries than this, folders and ignored files among them, and nothing is downloaded. */
  readonly mostFiles: number;
  /** Bytes of all files together; 40 MB unless given. */
  readonly mostInAll?: number;
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  /** Git's own id of the content. */
  readonly id: string;
}

/** https://git-scm.com/docs/git-fast-import#_filemodify */
const link = '120000';

const perPage = 100;

const megabyte = 1024 * 1024;
const usuallyInAll = 40 * megabyte;

const entryFrom = (one: unknown, prefix: string): Entry => {
  const what = 'a file of a list';
  const fields = fieldsOf(one, what);
  const path = textOf(fields, 'path', what);
  if (!path.startsWith(prefix))
    throw new GatewayError('gitlab.unexpected', `listing ${prefix}: GitLab tells of a file elsewhere`);
  return {
    name: path.slice(prefix.length),
    type: textOf(fields, 'type', what),
    mode: textOf(fields, 'mode', what),
    id: textOf(fields, 'id', what),
  };
};

const treeOf = async (
  gitlab: Pick<GitLab, 'Repositories'>,
  project: string,
  folder: string,
  sha: string,
  mostFiles: number,
): Promise<readonly Entry[]> => {
  const prefix = folder === '' ? '' : `${folder}/`;
  // Enough pages to see that there is one too many: a list that was cut must not pass for a whole one.
  const maxPages = Math.ceil((mostFiles + 1) / perPage);
  const query = { ref: sha, recursive: true, perPage, maxPages, ...(folder === '' ? {} : { path: folder }) };
  try {
    const answer = await gitlab.Repositories.allRepositoryTrees(project, query);
    return listOf(answer, 'a list of files').map((one) => entryFrom(one, prefix));
  } catch (thrown) {
    if (isAbsent(thrown)) return [];
    throw thrown;
  }
};

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage */
const blobIdOf = (bytes: Uint8Array, like: string): string =>
  createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');

const bytesOf = async (
  gitlab: Pick<GitLab, 'RepositoryFiles'>,
  project: string,
  path: string,
  sha: string,
  id: string,
): Promise<Uint8Array> => {
  const fields = fieldsOf(await gitlab.RepositoryFiles.show(project, path, sha), 'a file');
  if (fields.encoding !== 'base64')
    throw new GatewayError('gitlab.unexpected', `reading ${path}: it is not base64`);
  const bytes = Buffer.from(textOf(fields, 'content', 'a file'), 'base64');
  if (blobIdOf(bytes, id) !== id)
    throw new GatewayError('gitlab.unexpected', `reading ${path}: what came is not what ${sha} holds`);
  return bytes;
};

const problemOf = ({ name, type, mode }: Entry, { mostBytes }: Wanted): string | undefined => {
  if (type === 'commit') return 'is a submodule; a policy folder holds plain files';
  if (mode === link) return 'is a link; a policy folder holds plain files';
  return mostBytes(name) === undefined
    ? 'has no place here: a policy folder holds model.conf, policy.csv, commands/*.yml, cases/*.yml'
    : undefined;
};

const isTooLong = (thrown: unknown): boolean =>
  thrown instanceof GitLabError && thrown.words.startsWith('the answer is longer than');

/** The bytes of a file, or what is wrong with it; GitLab's list does not tell sizes. */
const fileOf = async (
  { name }: Entry,
  read: () => Promise<Uint8Array>,
  { mostBytes }: Wanted,
): Promise<Uint8Array | FileProblem> => {
  const most = mostBytes(name) ?? 0;
  try {
    const bytes = await read();
    return bytes.length > most ? { file: name, text: `is larger than ${most / megabyte} MB` } : bytes;
  } catch (thrown) {
    if (isTooLong(thrown)) return { file: name, text: 'is larger than GitLab can be asked for' };
    throw thrown;
  }
};

/** An answer may be 20 MB, and nobody vouches yet for who wrote the files. */
const atOnce = 4;

/** Every file of the list, a few at a time; no further ones once they are too much together. */
const downloaded = async (
  entries: readonly Entry[],
  read: (entry: Entry) => Promise<Uint8Array>,
  wanted: Wanted,
): Promise<FilesAt> => {
  const files = new Map<string, Uint8Array>();
  const problems: FileProblem[] = [];
  const { mostInAll = usuallyInAll } = wanted;
  const left = [...entries];
  let inAll = 0;
  const take = async (): Promise<void> => {
    for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
      const one = entry;
      const found = await fileOf(one, () => read(one), wanted);
      if ('text' in found) problems.push(found);
      else files.set(one.name, found);
      inAll += 'text' in found ? 0 : found.length;
      if (inAll > mostInAll) left.length = 0;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take)).catch((thrown: unknown) => {
    left.length = 0;
    throw thrown;
  });
  return inAll > mostInAll ? tooMuch(`${mostInAll / megabyte} MB`) : { files, problems };
};

const tooMuch = (most: string): FilesAt => ({
  files: new Map(),
  problems: [{ file: '.', text: `holds more than ${most}` }],
});

/** Reads the files of a project's folder exactly as they are at a commit. Rejects when GitLab cannot tell. */
export const filesAt =
  (gitlab: Pick<GitLab, 'Repositories' | 'RepositoryFiles'>, wanted: Wanted) =>
  async (project: string, folder: string, sha: string): Promise<FilesAt> => {
    const entries = await treeOf(gitlab, project, folder, sha, wanted.mostFiles);
    if (entries.length > wanted.mostFiles) return tooMuch(`${wanted.mostFiles} files`);
    const files = entries.filter(({ type, name }) => type !== 'tree' && !wanted.isIgnored(name));
    const problems = files.flatMap((entry) => {
      const text = problemOf(entry, wanted);
      return text === undefined ? [] : [{ file: entry.name, text }];
    });
    const right = files.filter((entry) => problemOf(entry, wanted) === undefined);
    const prefix = folder === '' ? '' : `${folder}/`;
    const read = ({ name, id }: Entry) => bytesOf(gitlab, project, `${prefix}${name}`, sha, id);
    const found = await downloaded(right, read, wanted);
    return { files: found.files, problems: [...problems, ...found.problems] };
  };
