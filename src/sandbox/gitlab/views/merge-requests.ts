import { changesOf, isDraft, type MergeRequest, mergeability, type Note } from '../merging/merge-request.ts';
import type { CommitStatus } from '../merging/statuses.ts';
import { type Project, userOf, type World } from '../world.ts';
import { userBasic } from './people.ts';
import { iso } from './times.ts';

/** Address of a merge request's page. */
export function mergeRequestUrl(project: Project, { iid }: Pick<MergeRequest, 'iid'>): string {
  return `${project.ci.webUrl}/-/merge_requests/${iid}`;
}

/** A merge request as GitLab shows it (https://docs.gitlab.com/api/merge_requests/#get-single-mr). */
export function mergeRequestView(world: World, project: Project, one: MergeRequest) {
  const { status } = mergeability(project, one);
  const person = (id: number) => userBasic(world, userOf(world, id));
  const merger = one.merged && person(one.merged.userId);
  return {
    id: one.id,
    iid: one.iid,
    project_id: project.ci.id,
    title: one.title,
    description: one.description,
    state: one.state,
    created_at: iso(one.createdAt),
    updated_at: iso(one.updatedAt),
    // The older of two names for one thing; GitLab still sends both.
    merged_by: merger ?? null,
    merge_user: merger ?? null,
    merged_at: iso(one.merged?.at ?? null),
    closed_by: one.closed ? person(one.closed.userId) : null,
    closed_at: iso(one.closed?.at ?? null),
    target_branch: one.targetBranch,
    source_branch: one.sourceBranch,
    user_notes_count: one.notes.filter(({ system }) => !system).length,
    upvotes: 0,
    downvotes: 0,
    author: person(one.authorId),
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: project.ci.id,
    target_project_id: project.ci.id,
    labels: [],
    draft: isDraft(one),
    work_in_progress: isDraft(one),
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: status === 'conflict' ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: status,
    has_conflicts: status === 'conflict',
    sha: one.diff.headSha,
    merge_commit_sha: one.merged?.commitSha ?? null,
    squash_commit_sha: null,
    squash: false,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: false,
    prepared_at: iso(one.createdAt),
    reference: `!${one.iid}`,
    references: {
      short: `!${one.iid}`,
      relative: `!${one.iid}`,
      full: `${project.ci.path}!${one.iid}`,
    },
    web_url: mergeRequestUrl(project, one),
    changes_count: String(Object.keys(changesOf(project, one)).length),
    diff_refs: {
      base_sha: one.diff.baseSha,
      head_sha: one.diff.headSha,
      start_sha: one.diff.startSha,
    },
    merge_error: null,
    blocking_discussions_resolved: true,
    head_pipeline: null,
  };
}

/** Who has approved it (https://docs.gitlab.com/api/merge_request_approvals/). */
export function approvalsView(world: World, project: Project, one: MergeRequest, callerId: number) {
  const has = one.approvals.some(({ userId }) => userId === callerId);
  return {
    id: one.id,
    iid: one.iid,
    project_id: project.ci.id,
    title: one.title,
    state: one.state,
    user_has_approved: has,
    user_can_approve: !has && callerId !== one.authorId,
    approved: one.approvals.length > 0,
    approved_by: one.approvals.map(({ userId, at }) => ({
      user: userBasic(world, userOf(world, userId)),
      approved_at: iso(at),
    })),
  };
}

/** A comment as GitLab shows it (https://docs.gitlab.com/api/notes/). */
export function noteView(world: World, project: Project, one: MergeRequest, note: Note) {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: userBasic(world, userOf(world, note.authorId)),
    created_at: iso(note.createdAt),
    updated_at: iso(note.updatedAt),
    system: note.system,
    noteable_id: one.id,
    noteable_type: 'MergeRequest',
    project_id: project.ci.id,
    resolvable: false,
    confidential: false,
    internal: false,
    noteable_iid: one.iid,
    commands_changes: {},
  };
}

/** A commit's status as GitLab shows it (https://docs.gitlab.com/api/commits/#list-the-statuses-of-a-commit). */
export function statusView(world: World, status: CommitStatus) {
  return {
    id: status.id,
    sha: status.sha,
    ref: status.ref,
    status: status.state,
    name: status.name,
    target_url: status.targetUrl,
    description: status.description,
    created_at: iso(status.createdAt),
    started_at: iso(status.startedAt),
    finished_at: iso(status.finishedAt),
    allow_failure: false,
    coverage: null,
    author: userBasic(world, userOf(world, status.authorId)),
  };
}
