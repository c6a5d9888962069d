import { GatewayError } from '../core/errors.ts';
import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { isSha } from './merge-requests.ts';
import { fieldsOf, listOf } from './shapes.ts';

/** Where a branch ends, and whether it is protected. */
export interface Head {
  readonly sha: string;
  readonly isProtected: boolean;
}

/** Where the branch ends now; undefined when there is no such branch. Rejects when GitLab cannot tell. */
export const headOf =
  (gitlab: Pick<GitLab, 'Branches'>) =>
  async (project: string, ref: string): Promise<Head | undefined> => {
    try {
      const fields = fieldsOf(await gitlab.Branches.show(project, ref), 'a branch');
      const { id: sha } = fieldsOf(fields.commit, 'the commit of a branch');
      if (!isSha(sha)) throw new GatewayError('gitlab.unexpected', `${ref} of ${project} ends at no commit`);
      return { sha, isProtected: fields.protected === true };
    } catch (thrown) {
      if (isAbsent(thrown)) return undefined;
      throw thrown;
    }
  };

/** A merge request that brought a commit into a branch. */
export interface Origin {
  readonly iid: number;
  /** User ids; undefined where GitLab does not tell. */
  readonly author: number | undefined;
  readonly merger: number | undefined;
}

const userIn = (value: unknown): number | undefined => {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'number' ? value.id : undefined;
};

/**
 * What merging it left at the end of the branch: a merge commit, a squashed one, or its own last commit when it was fast-forwarded.
 * GitLab also tells of merge requests in whose middle a commit stands, and nobody agreed to that state.
 */
const endedAt = (one: Readonly<Record<string, unknown>>): unknown =>
  [one.merge_commit_sha, one.squash_commit_sha].find(isSha) ?? one.sha;

/** The merged merge request by which the branch came to end at the commit; undefined when there is none. Rejects when GitLab cannot tell. */
export const originOf =
  (gitlab: Pick<GitLab, 'Commits'>) =>
  async (project: string, ref: string, sha: string): Promise<Origin | undefined> => {
    const found = listOf(await gitlab.Commits.allMergeRequests(project, sha), 'a list of merge requests')
      .map((one) => fieldsOf(one, 'a merge request'))
      .find((one) => one.state === 'merged' && one.target_branch === ref && endedAt(one) === sha);
    if (found === undefined || typeof found.iid !== 'number') return undefined;
    // `merge_user` since GitLab 14.7, `merged_by` before: https://docs.gitlab.com/api/merge_requests/
    const merger = userIn(found.merge_user) ?? userIn(found.merged_by);
    return { iid: found.iid, author: userIn(found.author), merger };
  };
