import { createActivity } from './activity.ts';
import { addNote, approve, merge, openMergeRequest, type Telling } from './merging/deeds.ts';
import { pushBranch, pushCommit, pushNothing } from './merging/pushing.ts';
import { type Changes, readFolder } from './repository.ts';
import type { Project, User } from './world.ts';

/** What seeding the policy project's history takes. */
export interface PolicySeed {
  /** Folder whose files become the project's, as they are. */
  readonly folder: string;
  /** Unix milliseconds; the history lies before it. */
  readonly now: () => number;
  readonly nextId: () => number;
  /** Who wrote the policies, who merged them, and who would like to change them. */
  readonly people: { readonly author: User; readonly merger: User; readonly asker: User };
}

const hour = 3_600_000;

/**
 * Fills an empty project with policies as a team would: through a merge request that somebody else approved and merged.
 * A second one, about a developers' rule for traffic, stays open where the folder has such a rule.
 */
export function seedPolicies(project: Project, { folder, now, nextId, people }: PolicySeed): void {
  const { author, merger, asker } = people;
  const clock = { at: now() - 12 * 24 * hour };
  const world: Telling = { now: () => clock.at, nextId, activity: createActivity() };
  const after = (hours: number): void => {
    clock.at += hours * hour;
  };
  pushCommit(world, project, { branch: 'main', message: 'Initial commit', changes: {}, user: author });
  after(20);
  const files = readFolder(folder);
  const first = {
    branch: 'first-rules',
    message: 'Who may run what, and where',
    changes: files,
    user: author,
  };
  pushBranch(world, project, first.branch, 'main', author);
  pushCommit(world, project, first);
  const wish = { title: first.message, description: firstWords, sourceBranch: first.branch };
  const made = openMergeRequest(world, project, { ...wish, targetBranch: 'main' }, author);
  if (!made) throw new Error('The sandbox cannot seed its policy project: the branch of !1 is missing');
  after(3);
  addNote(world, project, made, merger, 'Read line by line. Nobody gets more than they had.');
  merge(world, project, approve(world, project, latest(project, made.iid), merger, true), merger);
  pushNothing(world, project, first.branch, author);
  clock.at = now() - 2 * hour;
  seedOpen(world, project, files, asker);
}

const firstWords = `Everything the gateway allows, as files that are reviewed.

- SREs may do everything, where the others can see it.
- Developers read flags anywhere, and change things in staging only.`;

function seedOpen(
  world: Telling,
  project: Project,
  files: Readonly<Record<string, string>>,
  user: User,
): void {
  const changes = halfOfTraffic(files);
  if (!changes) return;
  const branch = 'half-of-staging';
  pushBranch(world, project, branch, 'main', user);
  pushCommit(world, project, { branch, message: 'Up to half of the traffic in staging', changes, user });
  const title = "Developers may move up to half of staging's traffic";
  openMergeRequest(
    world,
    project,
    { title, description: openWords, sourceBranch: branch, targetBranch: 'main' },
    user,
  );
}

const openWords = `A quarter of the traffic is too little to see how a new backend behaves under load.

In staging nobody is hurt, so **half of it** should be ours to move. Production stays as it is.`;

const rule = /^(p,.*\bweight <= )25\b/m;
const remark = /traffic only a quarter of it at most/;

/** What the policy's own cases say about that rule, and what they have to say then. */
const inCases = [
  [/(\ballow:.*\brun: lb weight \w+ )25\b/g, '$150'],
  [/^( *- lb weight \w+ )26$/gm, '$151'],
  [/a quarter of the traffic at most/g, 'half of the traffic at most'],
] as const;

/** The files that change when the traffic rule goes from a quarter to a half; undefined when there is no such rule. */
function halfOfTraffic(files: Readonly<Record<string, string>>): Changes | undefined {
  const policy = files['policy.csv'];
  if (policy === undefined || !rule.test(policy)) return undefined;
  const changes: Record<string, string> = {
    'policy.csv': policy.replace(rule, '$150').replace(remark, 'traffic only half of it at most'),
  };
  for (const [path, content] of Object.entries(files)) {
    if (!/^cases\/.*\.ya?ml$/.test(path)) continue;
    const changed = inCases.reduce((text, [from, to]) => text.replace(from, to), content);
    if (changed !== content) changes[path] = changed;
  }
  return changes;
}

function latest(project: Project, iid: number) {
  const found = project.mergeRequests.get(iid);
  if (!found) throw new Error(`The sandbox cannot seed its policy project: !${iid} is missing`);
  return found;
}
