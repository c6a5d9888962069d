import { changesBetween, commitsSince, mergeBase, mergeChanges } from '../history/ancestors.ts';
import type { Changes, Commit } from '../repository.ts';
import type { Project } from '../world.ts';

/** One comment; `system` ones tell what happened and are nobody's to edit. Times are Unix milliseconds. */
export interface Note {
  readonly id: number;
  readonly authorId: number;
  readonly body: string;
  readonly system: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The three commits between which GitLab compares (https://docs.gitlab.com/api/merge_requests/). */
export interface DiffRefs {
  readonly baseSha: string;
  readonly headSha: string;
  readonly startSha: string;
}

/** Who did something, and when (Unix milliseconds). */
export interface Deed {
  readonly userId: number;
  readonly at: number;
}

/** A merge request as it stands; a change makes a new one in its project. Times are Unix milliseconds. */
export interface MergeRequest {
  readonly id: number;
  /** Its number within the project: `!iid`. */
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly authorId: number;
  readonly state: 'opened' | 'closed' | 'merged';
  readonly diff: DiffRefs;
  readonly merged: (Deed & { readonly commitSha: string }) | undefined;
  readonly closed: Deed | undefined;
  readonly approvals: readonly Deed[];
  readonly notes: readonly Note[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a merge request would bring, by its commits as they are known: undefined for a head that is gone. */
export function headOf(project: Project, { diff }: MergeRequest): Commit | undefined {
  return project.repository.find(diff.headSha);
}

/** The commits that the source branch has beyond the target, newest first. */
export function commitsOf(project: Project, one: MergeRequest): readonly Commit[] {
  const head = headOf(project, one);
  const base = project.repository.find(one.diff.baseSha);
  return head ? commitsSince(project.repository, base, head) : [];
}

/** The files that it changes: path -> new content, or null. */
export function changesOf(project: Project, one: MergeRequest): Changes {
  const head = headOf(project, one);
  return head ? changesBetween(project.repository.find(one.diff.baseSha), head) : {};
}

/** The commits to compare for two branches as they stand; undefined when one is not there. */
export function diffRefs(project: Project, source: string, target: string): DiffRefs | undefined {
  const { repository } = project;
  const head = repository.branches().find(({ name }) => name === source)?.commit;
  const start = repository.branches().find(({ name }) => name === target)?.commit;
  if (!head || !start) return undefined;
  const base = mergeBase(repository, start, head) ?? start;
  return { baseSha: base.sha, headSha: head.sha, startSha: start.sha };
}

/** Whether it could be merged now: nothing stands against it, or what does. */
export type Mergeability =
  | {
      readonly status: 'mergeable';
      readonly target: Commit;
      readonly head: Commit;
      readonly changes: Changes;
    }
  | { readonly status: 'not_open' | 'draft_status' | 'commits_status' }
  | { readonly status: 'conflict'; readonly paths: readonly string[] };

/** GitLab's `detailed_merge_status`, with what a merge would bring. */
export function mergeability(project: Project, one: MergeRequest): Mergeability {
  if (one.state !== 'opened') return { status: 'not_open' };
  if (isDraft(one)) return { status: 'draft_status' };
  const head = headOf(project, one);
  const target = project.repository.branches().find(({ name }) => name === one.targetBranch)?.commit;
  if (!head || !target || commitsOf(project, one).length === 0) return { status: 'commits_status' };
  const { changes, conflicts } = mergeChanges(project.repository, target, head);
  if (conflicts.length > 0) return { status: 'conflict', paths: conflicts };
  return { status: 'mergeable', target, head, changes };
}

/** Whether its title says that it is not ready (https://docs.gitlab.com/user/project/merge_requests/drafts/). */
export function isDraft({ title }: Pick<MergeRequest, 'title'>): boolean {
  return /^\s*(draft:|\[draft\]|\(draft\))/i.test(title);
}
