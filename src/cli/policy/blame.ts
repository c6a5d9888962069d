import { execFile } from 'node:child_process';

/** Where a line of a file comes from. `mergeRequest` is GitLab's number of the merge request that brought it. */
export interface Blame {
  readonly commit: string;
  readonly summary: string;
  readonly mergeRequest?: number;
}

const longestMs = 5000;

/** What git prints, or undefined when it cannot: no git, no checkout, no such line, too slow. */
const git = (folder: string, args: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const options = { timeout: longestMs, maxBuffer: 1 << 24 };
    execFile('git', ['-C', folder, ...args], options, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });

// How GitLab ends the message of a merge: https://docs.gitlab.com/user/project/merge_requests/commit_templates/
const seeMergeRequest = /^See merge request \S*!(\d+)\s*$/m;

const numberIn = (message: string): number | undefined => {
  const [, number] = seeMergeRequest.exec(message) ?? [];
  return number === undefined ? undefined : Number(number);
};

/** Merges above a commit, oldest first: the commit, its first parent, its message. */
const mergesAbove = async (folder: string, commit: string) => {
  const format = '--format=%H%x00%P%x00%B%x01';
  const above = `${commit}..HEAD`;
  const args = ['log', '--merges', '--ancestry-path', '--reverse', '--topo-order', format, above];
  const printed = (await git(folder, args)) ?? '';
  return printed.split('\x01').flatMap((one) => {
    const [, parents, message] = one.trim().split('\0');
    return parents === undefined || message === undefined
      ? []
      : [{ first: parents.split(' ')[0] ?? '', message }];
  });
};

/** The merge request whose merge brought the commit. A merge whose first parent already had it brought something else. */
const mergeRequestOf = async (folder: string, commit: string): Promise<number | undefined> => {
  const own = numberIn((await git(folder, ['log', '-1', '--format=%B', commit])) ?? '');
  if (own !== undefined) return own;
  for (const { first, message } of await mergesAbove(folder, commit)) {
    const number = numberIn(message);
    if (number === undefined) continue;
    const had = await git(folder, ['merge-base', '--is-ancestor', commit, first]);
    if (had === undefined) return number;
  }
  return undefined;
};

/** Who brought a line of a file of a git checkout; undefined when git cannot tell, or the line is not committed. */
export const blameLine = async (folder: string, file: string, line: number): Promise<Blame | undefined> => {
  const printed = await git(folder, ['blame', '-L', `${line},${line}`, '--porcelain', '--', file]);
  const [, commit] = /^([0-9a-f]{40,64}) /.exec(printed ?? '') ?? [];
  if (commit === undefined || /^0+$/.test(commit)) return undefined;
  const [, summary = ''] = /^summary (.*)$/m.exec(printed ?? '') ?? [];
  const mergeRequest = await mergeRequestOf(folder, commit);
  return { commit, summary, ...(mergeRequest === undefined ? {} : { mergeRequest }) };
};
