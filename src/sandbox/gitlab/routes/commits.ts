import { projectFor } from '../access.ts';
import { requiredText, text } from '../fields.ts';
import { changesBetween } from '../history/ancestors.ts';
import { commitsOf } from '../merging/merge-request.ts';
import { mayPush, pushBranch, pushCommit } from '../merging/pushing.ts';
import { forbidden, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { mergeRequestView } from '../views/merge-requests.ts';
import { commitView } from '../views/projects.ts';
import { level, type Project } from '../world.ts';
import { changesAsked } from './commit-actions.ts';
import { commitAt } from './found.ts';

const base = '/projects/:id/repository/commits';

/** Endpoints about a project's history (https://docs.gitlab.com/api/commits/). */
export const commitRoutes: readonly Route[] = [
  { method: 'GET', url: base, answer: listCommits },
  { method: 'POST', url: base, answer: addCommit },
  { method: 'GET', url: `${base}/:sha`, answer: showCommit },
  { method: 'GET', url: `${base}/:sha/merge_requests`, answer: listMergeRequests },
];

function listCommits(call: Call): Answer {
  const { project, commit } = commitAt(call, text(call.fields, 'ref_name'));
  const path = text(call.fields, 'path');
  const all = project.repository.history(commit);
  const commits = all.filter((one) => {
    if (path === undefined || path === '') return true;
    const [parent] = one.parents;
    const changed = changesBetween(parent === undefined ? undefined : project.repository.find(parent), one);
    return Object.keys(changed).some((name) => name === path || name.startsWith(`${path}/`));
  });
  return page(call, commits, (one) => commitView(project, one));
}

function showCommit(call: Call): Answer {
  const { project, commit } = commitAt(call, requiredText(call.path, 'sha'));
  const latest = call.world.ci.pipelines(project.ci.id).find(({ sha }) => sha === commit.sha);
  return ok({ ...commitView(project, commit), status: latest?.status ?? null, project_id: project.ci.id });
}

/** Merge requests that brought a commit, or made it when they were merged. */
function listMergeRequests(call: Call): Answer {
  const { project, commit } = commitAt(call, requiredText(call.path, 'sha'));
  const found = [...project.mergeRequests.values()].filter(
    (one) =>
      one.merged?.commitSha === commit.sha || commitsOf(project, one).some(({ sha }) => sha === commit.sha),
  );
  return page(call, found.reverse(), (one) => mergeRequestView(call.world, project, one));
}

function addCommit(call: Call): Answer {
  const { fields, world, actor } = call;
  const project = projectFor(call, level.developer);
  const branch = requiredText(fields, 'branch');
  const message = requiredText(fields, 'commit_message');
  if (!mayPush(project, branch, actor.user)) {
    throw forbidden('You are not allowed to push into this branch');
  }
  const isThere = project.repository.branches().some(({ name }) => name === branch);
  const start = isThere ? branch : startOf(call, project);
  const from = project.repository.find(start);
  if (!from) throw notFound('Branch');
  const changes = changesAsked(fields, from.files);
  if (!isThere) pushBranch(world, project, branch, from.sha, actor.user);
  const commit = pushCommit(world, project, { branch, message, changes, user: actor.user });
  return created({ ...commitView(project, commit), status: null, project_id: project.ci.id });
}

function startOf({ fields }: Call, project: Project): string {
  const start = text(fields, 'start_branch') ?? text(fields, 'start_sha');
  if (start !== undefined && project.repository.find(start)) return start;
  throw new Refusal(400, { message: 'You can only create or edit files when you are on a branch' });
}
