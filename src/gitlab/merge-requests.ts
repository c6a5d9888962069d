import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { fieldsOf, listOf, textOf } from './shapes.ts';

/** A merge request, as far as reviewing it needs. */
export interface MergeRequest {
  readonly project: string;
  readonly iid: number;
  /** It can still be merged. */
  readonly open: boolean;
  /** The last commit of the source branch. */
  readonly sha: string;
  /** Where the source branch left the target branch; undefined while GitLab has not looked yet. */
  readonly base: string | undefined;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  /** The numeric id of the project of the source branch, as text; undefined when it is gone. */
  readonly sourceProject: string | undefined;
  /** The source branch stands in another project. */
  readonly fork: boolean;
  /** Its page; undefined where GitLab tells no address that can be followed. */
  readonly webUrl: string | undefined;
}

const what = 'a merge request';

/** A commit's full name: SHA-1, or SHA-256 in repositories that use it. */
export const isSha = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);

/** The merge request, or that there is none (any more) with a commit to look at. */
export const showMergeRequest =
  (gitlab: Pick<GitLab, 'MergeRequests'>) =>
  async (project: string, iid: number): Promise<MergeRequest | 'gone'> => {
    try {
      return mergeRequestFrom(await gitlab.MergeRequests.show(project, iid), project, iid);
    } catch (thrown) {
      if (isAbsent(thrown)) return 'gone';
      throw thrown;
    }
  };

/** The numbers of the open merge requests into the branch, at most 500, the ones last changed first. */
export const openMergeRequests =
  (gitlab: Pick<GitLab, 'MergeRequests'>) =>
  async (project: string, targetBranch: string): Promise<readonly number[]> => {
    const query = { state: 'opened', targetBranch, orderBy: 'updated_at', perPage: 100, maxPages: 5 };
    const found = listOf(
      await gitlab.MergeRequests.all({ projectId: project, ...query }),
      'a list of merge requests',
    );
    return found.map((one) => iidOf(fieldsOf(one, what))).filter((iid) => iid !== undefined);
  };

const mergeRequestFrom = (value: unknown, project: string, iid: number): MergeRequest | 'gone' => {
  const fields = fieldsOf(value, what);
  const { sha, source_project_id: source, target_project_id: target, diff_refs: refs } = fields;
  // A merge request whose branch was removed has no commit.
  if (!isSha(sha)) return 'gone';
  const base = refs === null || refs === undefined ? undefined : fieldsOf(refs, what).base_sha;
  return {
    project,
    iid,
    open: fields.state === 'opened',
    sha,
    base: isSha(base) ? base : undefined,
    sourceBranch: textOf(fields, 'source_branch', what),
    targetBranch: textOf(fields, 'target_branch', what),
    sourceProject: typeof source === 'number' ? String(source) : undefined,
    fork: source !== target,
    webUrl: pageOf(fields.web_url),
  };
};

const iidOf = ({ iid }: Readonly<Record<string, unknown>>): number | undefined =>
  typeof iid === 'number' && Number.isSafeInteger(iid) ? iid : undefined;

const pageOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
};
