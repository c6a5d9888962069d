import { projectFor } from '../access.ts';
import { oneOf, requiredText, text, truth } from '../fields.ts';
import { hunksOf, unified } from '../history/hunks.ts';
import { approve, closeOrReopen, merge, openMergeRequest, reword } from '../merging/deeds.ts';
import { changesOf, commitsOf, type MergeRequest, mergeability } from '../merging/merge-request.ts';
import { mayMerge, pushNothing } from '../merging/pushing.ts';
import { forbidden, notFound, Refusal, unauthorized } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { approvalsView, mergeRequestView } from '../views/merge-requests.ts';
import { commitView } from '../views/projects.ts';
import { level, levelIn, type Project } from '../world.ts';

const all = '/projects/:id/merge_requests';
const one = `${all}/:iid`;

/** Endpoints for merge requests (https://docs.gitlab.com/api/merge_requests/). */
export const mergeRequestRoutes: readonly Route[] = [
  { method: 'GET', url: all, answer: list },
  { method: 'POST', url: all, answer: add },
  { method: 'GET', url: one, answer: (call) => shown(call, mergeRequestFor(call)) },
  { method: 'PUT', url: one, answer: change },
  { method: 'PUT', url: `${one}/merge`, answer: accept },
  { method: 'GET', url: `${one}/commits`, answer: listCommits },
  { method: 'GET', url: `${one}/diffs`, answer: listDiffs },
  { method: 'GET', url: `${one}/approvals`, answer: showApprovals },
  { method: 'POST', url: `${one}/approve`, answer: (call) => giveApproval(call, true) },
  { method: 'POST', url: `${one}/unapprove`, answer: (call) => giveApproval(call, false) },
];

/** A project's merge request that a request names. */
export interface FoundMergeRequest {
  readonly project: Project;
  readonly found: MergeRequest;
}

/** The merge request that `:iid` names, if the caller may see the project's code. */
export function mergeRequestFor(call: Call, least: number = level.reporter): FoundMergeRequest {
  const project = projectFor(call, least);
  const found = project.mergeRequests.get(Number(call.path.iid));
  if (!found) throw notFound();
  return { project, found };
}

function shown({ world }: Call, { project, found }: FoundMergeRequest): Answer {
  return ok(mergeRequestView(world, project, found));
}

function list(call: Call): Answer {
  const { fields } = call;
  const project = projectFor(call, level.reporter);
  const state = oneOf(fields, 'state', ['all', 'opened', 'closed', 'merged', 'locked']) ?? 'all';
  const source = text(fields, 'source_branch');
  const target = text(fields, 'target_branch');
  const rising = oneOf(fields, 'sort', ['asc', 'desc']) === 'asc';
  const by = oneOf(fields, 'order_by', ['created_at', 'updated_at', 'merged_at', 'title']) ?? 'created_at';
  const place = (it: MergeRequest): number => (by === 'updated_at' ? it.updatedAt : it.createdAt);
  const found = [...project.mergeRequests.values()]
    .filter((it) => state === 'all' || it.state === state)
    .filter((it) => source === undefined || it.sourceBranch === source)
    .filter((it) => target === undefined || it.targetBranch === target)
    .toSorted((a, b) => (rising ? 1 : -1) * (place(a) - place(b) || a.iid - b.iid));
  return page(call, found, (it) => mergeRequestView(call.world, project, it));
}

function add(call: Call): Answer {
  const { fields, world, actor } = call;
  const project = projectFor(call, level.developer);
  const sourceBranch = requiredText(fields, 'source_branch');
  const targetBranch = requiredText(fields, 'target_branch');
  const title = requiredText(fields, 'title');
  if (title.trim() === '') throw new Refusal(400, { message: { title: ["can't be blank"] } });
  if (sourceBranch === targetBranch) {
    throw new Refusal(422, { message: ["You can't use same project/branch for source and target"] });
  }
  const other = [...project.mergeRequests.values()].find(
    (it) => it.state === 'opened' && it.sourceBranch === sourceBranch && it.targetBranch === targetBranch,
  );
  if (other) {
    const words = `Another open merge request already exists for this source branch: !${other.iid}`;
    throw new Refusal(409, { message: [words] });
  }
  const description = text(fields, 'description') ?? '';
  const wish = { title, description, sourceBranch, targetBranch };
  const made = openMergeRequest(world, project, wish, actor.user);
  if (!made) throw new Refusal(400, { message: { source_branch: ['or target branch does not exist'] } });
  return created(mergeRequestView(world, project, made));
}

function change(call: Call): Answer {
  const { fields, world, actor } = call;
  const { project, found } = mergeRequestFor(call);
  const isAuthor = found.authorId === actor.user.id;
  if (!isAuthor && levelIn(project, actor.user.id) < level.developer) throw forbidden();
  const event = oneOf(fields, 'state_event', ['close', 'reopen']);
  const title = text(fields, 'title') ?? found.title;
  const description = text(fields, 'description') ?? found.description;
  const reworded = reword(world, project, found, { title, description }, actor.user);
  const after = event ? closeOrReopen(world, project, reworded, event, actor.user) : reworded;
  return ok(mergeRequestView(world, project, after));
}

/** Merges, after GitLab's checks in GitLab's order: role (401), state (405), conflicts (422), head (409). */
function accept(call: Call): Answer {
  const { fields, world, actor } = call;
  const { project, found } = mergeRequestFor(call);
  if (!mayMerge(project, found.targetBranch, actor.user)) throw unauthorized();
  const able = mergeability(project, found);
  if (able.status === 'conflict') throw new Refusal(422, { message: 'Branch cannot be merged' });
  if (able.status !== 'mergeable') throw new Refusal(405, { message: '405 Method Not Allowed' });
  const sha = text(fields, 'sha');
  if (sha !== undefined && sha !== found.diff.headSha) {
    const words = `SHA does not match HEAD of source branch: ${found.diff.headSha}`;
    throw new Refusal(409, { message: words });
  }
  const done = merge(world, project, found, actor.user, text(fields, 'merge_commit_message'));
  if (!done.ok) throw new Refusal(405, { message: '405 Method Not Allowed' });
  if (truth(fields, 'should_remove_source_branch') === true) {
    pushNothing(world, project, found.sourceBranch, actor.user);
  }
  return ok(mergeRequestView(world, project, done.mergeRequest));
}

function listCommits(call: Call): Answer {
  const { project, found } = mergeRequestFor(call);
  return page(call, commitsOf(project, found), (commit) => commitView(project, commit));
}

function listDiffs(call: Call): Answer {
  const { project, found } = mergeRequestFor(call);
  const base = project.repository.find(found.diff.baseSha);
  return page(call, Object.entries(changesOf(project, found)), ([path, content]) => {
    const before = base?.files.get(path);
    return {
      old_path: path,
      new_path: path,
      a_mode: before === undefined ? '0' : '100644',
      b_mode: content === null ? '0' : '100644',
      diff: unified(hunksOf(before ?? '', content ?? '')),
      new_file: before === undefined,
      renamed_file: false,
      deleted_file: content === null,
      generated_file: false,
    };
  });
}

function showApprovals(call: Call): Answer {
  const { project, found } = mergeRequestFor(call);
  return ok(approvalsView(call.world, project, found, call.actor.user.id));
}

function giveApproval(call: Call, yes: boolean): Answer {
  const { world, actor } = call;
  const { project, found } = mergeRequestFor(call, level.developer);
  const has = found.approvals.some(({ userId }) => userId === actor.user.id);
  if (yes ? has || found.authorId === actor.user.id : !has) throw yes ? unauthorized() : notFound();
  const sha = text(call.fields, 'sha');
  if (yes && sha !== undefined && sha !== found.diff.headSha) {
    throw new Refusal(409, {
      message: `SHA does not match HEAD of source branch: ${found.diff.headSha}`,
    });
  }
  const after = approve(world, project, found, actor.user, yes);
  return created(approvalsView(world, project, after, actor.user.id));
}
