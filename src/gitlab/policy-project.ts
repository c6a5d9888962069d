import { GatewayError } from '../core/errors.ts';
import { isAbsent } from './answers.ts';
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
  readonly mostFiles: number;
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
}

/** https://git-scm.com/docs/git-fast-import#_filemodify */
const link = '120000';

const perPage = 100;

const treeOf = async (
  gitlab: Pick<GitLab, 'Repositories'>,
  project: string,
  folder: string,
  sha: string,
  mostFiles: number,
): Promise<readonly Entry[]> => {
  const prefix = folder === '' ? '' : `${folder}/`;
  // One page more than may be used, so that too many are seen to be too many.
  const maxPages = Math.ceil(mostFiles / perPage) + 1;
  const query = { ref: sha, recursive: true, perPage, maxPages, ...(folder === '' ? {} : { path: folder }) };
  try {
    const answer = await gitlab.Repositories.allRepositoryTrees(project, query);
    return listOf(answer, 'a list of files').map((one) => {
      const fields = fieldsOf(one, 'a file of a list');
      const [path, type, mode] = ['path', 'type', 'mode'].map((name) =>
        textOf(fields, name, 'a file of a list'),
      );
      return { name: (path ?? '').slice(prefix.length), type: type ?? '', mode: mode ?? '' };
    });
  } catch (thrown) {
    if (isAbsent(thrown)) return [];
    throw thrown;
  }
};

const bytesOf = async (
  gitlab: Pick<GitLab, 'RepositoryFiles'>,
  project: string,
  path: string,
  sha: string,
): Promise<Uint8Array> => {
  const fields = fieldsOf(await gitlab.RepositoryFiles.show(project, path, sha), 'a file');
  if (fields.encoding !== 'base64')
    throw new GatewayError('gitlab.unexpected', `reading ${path}: it is not base64`);
  return Buffer.from(textOf(fields, 'content', 'a file'), 'base64');
};

const problemOf = ({ name, type, mode }: Entry, { mostBytes }: Wanted): string | undefined => {
  if (type === 'commit') return 'is a submodule; a policy folder holds plain files';
  if (mode === link) return 'is a link; a policy folder holds plain files';
  return mostBytes(name) === undefined
    ? 'has no place here: a policy folder holds model.conf, policy.csv, commands/*.yml, cases/*.yml'
    : undefined;
};

const atOnce = 8;

/** Every file of the list, a few at a time. */
const downloaded = async (
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array>,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const files = new Map<string, Uint8Array>();
  const left = [...names];
  const take = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) files.set(name, await read(name));
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return files;
};

/** Reads the files of a project's folder exactly as they are at a commit. Rejects when GitLab cannot tell. */
export const filesAt =
  (gitlab: Pick<GitLab, 'Repositories' | 'RepositoryFiles'>, wanted: Wanted) =>
  async (project: string, folder: string, sha: string): Promise<FilesAt> => {
    const entries = await treeOf(gitlab, project, folder, sha, wanted.mostFiles);
    const files = entries.filter(({ type, name }) => type !== 'tree' && !wanted.isIgnored(name));
    if (files.length > wanted.mostFiles)
      return {
        files: new Map(),
        problems: [{ file: '.', text: `holds more than ${wanted.mostFiles} files` }],
      };
    const problems = files.flatMap((entry) => {
      const text = problemOf(entry, wanted);
      return text === undefined ? [] : [{ file: entry.name, text }];
    });
    const right = files.filter((entry) => problemOf(entry, wanted) === undefined).map(({ name }) => name);
    const prefix = folder === '' ? '' : `${folder}/`;
    return {
      files: await downloaded(right, (name) => bytesOf(gitlab, project, `${prefix}${name}`, sha)),
      problems,
    };
  };
