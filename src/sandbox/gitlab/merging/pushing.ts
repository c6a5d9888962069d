import { commitsSince } from '../history/ancestors.ts';
import type { Changes, Commit } from '../repository.ts';
import { level, levelIn, type Project, type User } from '../world.ts';
import { followBranch, type Telling } from './deeds.ts';

/** Whether somebody may put commits on a branch directly. */
export function mayPush(project: Project, branch: string, user: User): boolean {
  const least = project.protectedBranches.get(branch)?.push ?? level.developer;
  return levelIn(project, user.id) >= least;
}

/** Whether somebody may merge into a branch. */
export function mayMerge(project: Project, branch: string, user: User): boolean {
  const least = project.protectedBranches.get(branch)?.merge ?? level.developer;
  return levelIn(project, user.id) >= least;
}

/** One commit that somebody pushes to a branch. */
export interface Pushed {
  readonly branch: string;
  readonly message: string;
  readonly changes: Changes;
  readonly user: User;
}

/** Commits to a branch, and tells everybody: webhooks, and the branch's open merge requests. */
export function pushCommit(world: Telling, project: Project, pushed: Pushed): Commit {
  const { branch, message, changes, user } = pushed;
  const before = project.repository.branches().find(({ name }) => name === branch)?.commit;
  const commit = project.repository.commit(branch, message, changes, { author: user, at: world.now() });
  tellPush(world, project, branch, before, commit, user);
  followBranch(world, project, branch, commitsSince(project.repository, before, commit), user);
  return commit;
}

/** Makes a branch from what a ref names, and tells everybody. The ref must be there. */
export function pushBranch(world: Telling, project: Project, name: string, ref: string, user: User): Commit {
  const commit = project.repository.branch(name, ref);
  tellPush(world, project, name, undefined, commit, user);
  return commit;
}

/** Takes a branch away, and tells everybody. */
export function pushNothing(world: Telling, project: Project, name: string, user: User): void {
  const before = project.repository.branches().find((one) => one.name === name)?.commit;
  if (!before) return;
  project.repository.removeBranch(name);
  tellPush(world, project, name, before, undefined, user);
}

function tellPush(
  world: Telling,
  project: Project,
  branch: string,
  before: Commit | undefined,
  after: Commit | undefined,
  user: User,
): void {
  const shas = { before: before?.sha ?? null, after: after?.sha ?? null };
  world.activity.tell({ kind: 'push', project, branch, ...shas, user });
}
