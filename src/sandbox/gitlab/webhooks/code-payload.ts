import type { MergeRequestChange, Push } from '../activity.ts';
import { changesBetween, commitsSince } from '../history/ancestors.ts';
import { headOf, isDraft, mergeability } from '../merging/merge-request.ts';
import type { Commit } from '../repository.ts';
import { mergeRequestUrl } from '../views/merge-requests.ts';
import type { Project, World } from '../world.ts';
import { hookCommit, hookProject, hookTime, hookUser, noSha } from './shared.ts';

/** GitLab lists no more commits than these in one push. */
const mostCommits = 20;

/** Body of a `Push Hook` (https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events). */
export function pushPayload(world: World, { project, branch, before, after, user }: Push) {
  const { repository } = project;
  const head = after === null ? undefined : repository.find(after);
  const base = before === null ? undefined : repository.find(before);
  const commits = head && base ? commitsSince(repository, base, head).toReversed() : [];
  return {
    object_kind: 'push',
    event_name: 'push',
    before: before ?? noSha,
    after: after ?? noSha,
    ref: `refs/heads/${branch}`,
    ref_protected: project.protectedBranches.has(branch),
    checkout_sha: after,
    message: null,
    user_id: user.id,
    user_name: user.name,
    user_username: user.username,
    user_email: '',
    user_avatar: null,
    project_id: project.ci.id,
    project: hookProject(world, project),
    commits: commits.slice(-mostCommits).map((commit) => listed(project, commit)),
    total_commits_count: commits.length,
    push_options: {},
    repository: repositoryOf(project),
  };
}

function listed(project: Project, commit: Commit) {
  const parent = project.repository.find(commit.parents[0] ?? '');
  const changes = Object.entries(changesBetween(parent, commit));
  const paths = (wanted: (path: string, content: string | null) => boolean): readonly string[] =>
    changes.filter(([path, content]) => wanted(path, content)).map(([path]) => path);
  const had = (path: string): boolean => parent?.files.has(path) ?? false;
  return {
    ...hookCommit(project, commit),
    added: paths((path) => !had(path)),
    modified: paths((path, content) => had(path) && content !== null),
    removed: paths((_path, content) => content === null),
  };
}

/** Body of a `Merge Request Hook` (https://docs.gitlab.com/user/project/integrations/webhook_events/#merge-request-events). */
export function mergeRequestPayload(world: World, change: MergeRequestChange) {
  const { project, mergeRequest: one, action, oldrev, user } = change;
  const head = headOf(project, one);
  const { status } = mergeability(project, one);
  const shownProject = hookProject(world, project);
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: hookUser(user),
    project: shownProject,
    repository: repositoryOf(project),
    object_attributes: {
      id: one.id,
      iid: one.iid,
      title: one.title,
      description: one.description,
      state: one.state,
      action,
      ...(oldrev === undefined ? {} : { oldrev }),
      source_branch: one.sourceBranch,
      target_branch: one.targetBranch,
      source_project_id: project.ci.id,
      target_project_id: project.ci.id,
      source: shownProject,
      target: shownProject,
      author_id: one.authorId,
      merge_user_id: one.merged?.userId ?? null,
      merge_commit_sha: one.merged?.commitSha ?? null,
      merge_status: status === 'conflict' ? 'cannot_be_merged' : 'can_be_merged',
      detailed_merge_status: status,
      draft: isDraft(one),
      work_in_progress: isDraft(one),
      created_at: hookTime(one.createdAt),
      updated_at: hookTime(one.updatedAt),
      last_commit: head ? hookCommit(project, head) : null,
      url: mergeRequestUrl(project, one),
    },
    labels: [],
    changes: {},
  };
}

function repositoryOf({ ci, description }: Project) {
  return { name: ci.name, url: `${ci.webUrl}.git`, description, homepage: ci.webUrl };
}
