import { GitLabError, isAbsent, oneLine } from './answers.ts';
import type { CommitState, GitLab } from './client.ts';
import { fieldsOf, listOf } from './shapes.ts';

/** What stands beside a commit. */
export interface CommitStatus {
  /** The numeric id or path of the project. */
  readonly project: string;
  readonly sha: string;
  /** The branch that the commit is on. */
  readonly ref: string;
  readonly name: string;
  readonly state: CommitState;
  /** Cut to what GitLab takes. */
  readonly description: string;
  readonly targetUrl: string | undefined;
  /** Whom the gateway acts as: the same status by somebody else does not count. */
  readonly author: number;
}

/** Whether the status stands there now. `refused`: the token may not set it, which is usual in somebody's fork. */
export type StatusSet =
  | { readonly outcome: 'set' | 'as before' }
  | { readonly outcome: 'refused'; readonly because: string };

type Commits = Pick<GitLab, 'Commits'>;

/** Characters of a description and of an address: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status */
const longest = 255;

/** Makes the status stand at the commit, unless it does already. `running` replaces nothing that we said before. */
export const setCommitStatus =
  (gitlab: Commits) =>
  async (status: CommitStatus): Promise<StatusSet> => {
    const { project, sha, state, ref, name } = status;
    const description = described(status.description);
    // An address that is cut off leads nowhere.
    const targetUrl = (status.targetUrl ?? '').length > longest ? undefined : status.targetUrl;
    try {
      if (await stands(gitlab, { ...status, description, targetUrl })) return { outcome: 'as before' };
      const body = { ref, name, description, ...(targetUrl === undefined ? {} : { targetUrl }) };
      await gitlab.Commits.editStatus(project, sha, state, body);
      return { outcome: 'set' };
    } catch (thrown) {
      if (!(thrown instanceof GitLabError)) throw thrown;
      // Another instance was quicker: a status cannot go from running to running.
      if (thrown.status === 400 && thrown.words.includes('Cannot transition'))
        return { outcome: 'as before' };
      if (isAbsent(thrown) || (thrown.status === 403 && thrown.fromGitLab))
        return { outcome: 'refused', because: thrown.message };
      throw thrown;
    }
  };

const described = (text: string): string => {
  const line = oneLine(text);
  return line.length > longest ? `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
};

/** Whether the newest status of that name is ours and says the same, or anything where we only begin. */
const stands = async (gitlab: Commits, status: CommitStatus): Promise<boolean> => {
  const { project, sha, ref, name } = status;
  const found = await gitlab.Commits.allStatuses(project, sha, { name, ref, perPage: 100, maxPages: 1 });
  const newest = listOf(found, 'a list of statuses')
    .map((one) => fieldsOf(one, 'a status'))
    .filter((one) => one.name === name)
    .toSorted((a, b) => Number(b.id) - Number(a.id))[0];
  if (newest === undefined) return false;
  const { status: state, description, target_url: url, author } = newest;
  const by = typeof author === 'object' && author !== null && 'id' in author ? author.id : undefined;
  if (by !== status.author) return false;
  if (status.state === 'running') return true;
  return (
    state === status.state && description === status.description && (url ?? undefined) === status.targetUrl
  );
};
