import type { MergeRequestAction } from '../activity.ts';
import type { Commit } from '../repository.ts';
import type { Project, User, World } from '../world.ts';
import { diffRefs, type MergeRequest, mergeability, type Note } from './merge-request.ts';

/** What of the world takes part when something is done: the clock (Unix milliseconds), fresh ids, and who hears of it. */
export type Telling = Pick<World, 'now' | 'nextId' | 'activity'>;

/** What a new merge request says. */
export interface Wish {
  readonly title: string;
  readonly description: string;
  readonly sourceBranch: string;
  readonly targetBranch: string;
}

/** Opens a merge request; undefined when one of its branches is not there. */
export function openMergeRequest(
  world: Telling,
  project: Project,
  wish: Wish,
  user: User,
): MergeRequest | undefined {
  const diff = diffRefs(project, wish.sourceBranch, wish.targetBranch);
  if (!diff) return undefined;
  const at = world.now();
  const made: MergeRequest = {
    id: world.nextId(),
    iid: project.mergeRequests.size + 1,
    ...wish,
    authorId: user.id,
    state: 'opened',
    diff,
    merged: undefined,
    closed: undefined,
    approvals: [],
    notes: [],
    createdAt: at,
    updatedAt: at,
  };
  return keep(world, project, made, 'open', user);
}

/** Writes a comment below it, and gives it back with its id. */
export function addNote(
  world: Telling,
  project: Project,
  one: MergeRequest,
  user: User,
  body: string,
  system = false,
): Note {
  const at = world.now();
  const note = { id: world.nextId(), authorId: user.id, body, system, createdAt: at, updatedAt: at };
  project.mergeRequests.set(one.iid, { ...one, notes: [...one.notes, note], updatedAt: at });
  return note;
}

/** Puts another text into a comment. */
export function editNote(
  world: Telling,
  project: Project,
  one: MergeRequest,
  note: Note,
  body: string,
): Note {
  const edited = { ...note, body, updatedAt: world.now() };
  const notes = one.notes.map((other) => (other.id === note.id ? edited : other));
  project.mergeRequests.set(one.iid, { ...one, notes, updatedAt: edited.updatedAt });
  return edited;
}

/** Gives it another title or description. */
export function reword(
  world: Telling,
  project: Project,
  one: MergeRequest,
  words: Pick<MergeRequest, 'title' | 'description'>,
  user: User,
): MergeRequest {
  if (one.title === words.title && one.description === words.description) return one;
  return keep(world, project, { ...one, ...words }, 'update', user);
}

/** Closes an open one, or opens a closed one again; anything else stays as it is. */
export function closeOrReopen(
  world: Telling,
  project: Project,
  one: MergeRequest,
  wanted: 'close' | 'reopen',
  user: User,
): MergeRequest {
  const at = world.now();
  if (wanted === 'close' && one.state === 'opened') {
    const closed: MergeRequest = { ...one, state: 'closed', closed: { userId: user.id, at } };
    return told(world, project, keep(world, project, closed, 'close', user), user, 'closed');
  }
  if (wanted === 'reopen' && one.state === 'closed') {
    const reopened: MergeRequest = { ...one, state: 'opened', closed: undefined };
    return told(world, project, keep(world, project, reopened, 'reopen', user), user, 'reopened');
  }
  return one;
}

/** Approves it, or takes that back. */
export function approve(
  world: Telling,
  project: Project,
  one: MergeRequest,
  user: User,
  yes: boolean,
): MergeRequest {
  const others = one.approvals.filter(({ userId }) => userId !== user.id);
  const approvals = yes ? [...others, { userId: user.id, at: world.now() }] : others;
  const kept = keep(world, project, { ...one, approvals }, yes ? 'approved' : 'unapproved', user);
  return told(world, project, kept, user, `${yes ? 'approved' : 'unapproved'} this merge request`);
}

/** What became of a merge: done, or why it cannot be. */
export type Merge =
  | { readonly ok: true; readonly mergeRequest: MergeRequest }
  | { readonly ok: false; readonly why: Exclude<ReturnType<typeof mergeability>['status'], 'mergeable'> };

/** Puts a merge commit on the target branch. Whether this user may do that is asked before. */
export function merge(
  world: Telling,
  project: Project,
  one: MergeRequest,
  user: User,
  message = mergeMessage(project, one),
): Merge {
  const able = mergeability(project, one);
  if (able.status !== 'mergeable') return { ok: false, why: able.status };
  const before = able.target.sha;
  const signed = { author: user, at: world.now() };
  const made = project.repository.merge(one.targetBranch, able.head, message, able.changes, signed);
  const merged = { userId: user.id, at: made.at, commitSha: made.sha };
  const done: MergeRequest = { ...one, state: 'merged', merged };
  world.activity.tell({ kind: 'push', project, branch: one.targetBranch, before, after: made.sha, user });
  const kept = keep(world, project, done, 'merge', user);
  return { ok: true, mergeRequest: told(world, project, kept, user, 'merged') };
}

/** GitLab's text of a merge commit (https://docs.gitlab.com/user/project/merge_requests/commit_templates/). */
export function mergeMessage(project: Project, one: MergeRequest): string {
  const branches = `Merge branch '${one.sourceBranch}' into '${one.targetBranch}'`;
  return `${branches}\n\n${one.title}\n\nSee merge request ${project.ci.path}!${one.iid}`;
}

/** Makes every open merge request of a branch that has moved know its new head. */
export function followBranch(
  world: Telling,
  project: Project,
  branch: string,
  added: readonly Commit[],
  user: User,
): void {
  for (const one of project.mergeRequests.values()) {
    if (one.state !== 'opened' || one.sourceBranch !== branch) continue;
    const diff = diffRefs(project, one.sourceBranch, one.targetBranch);
    if (!diff || diff.headSha === one.diff.headSha) continue;
    const list = added.map(({ sha, title }) => `* ${sha.slice(0, 8)} - ${title}`).join('\n');
    const words = `added ${added.length} ${added.length === 1 ? 'commit' : 'commits'}\n\n${list}`;
    const kept = keep(world, project, { ...one, diff }, 'update', user, one.diff.headSha);
    told(world, project, kept, user, words);
  }
}

function keep(
  world: Telling,
  project: Project,
  changed: MergeRequest,
  action: MergeRequestAction,
  user: User,
  oldrev?: string,
): MergeRequest {
  const mergeRequest = { ...changed, updatedAt: world.now() };
  project.mergeRequests.set(changed.iid, mergeRequest);
  world.activity.tell({ kind: 'merge-request', project, mergeRequest, action, oldrev, user });
  return mergeRequest;
}

/** Notes below the merge request what was done; gives it back as it stands then. */
function told(world: Telling, project: Project, one: MergeRequest, user: User, words: string): MergeRequest {
  addNote(world, project, one, user, words, true);
  return project.mergeRequests.get(one.iid) ?? one;
}
