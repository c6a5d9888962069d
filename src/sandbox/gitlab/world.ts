import type { Ci, CiProject, CiUser } from '../ci/types.ts';
import type { Activity } from './activity.ts';
import type { MergeRequest } from './merging/merge-request.ts';
import type { CommitStatus } from './merging/statuses.ts';
import type { Repository } from './repository.ts';

/** GitLab's access levels (https://docs.gitlab.com/api/members/#roles). */
export const level = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** One account of the sandbox's GitLab. */
export interface User extends CiUser {
  readonly bot: boolean;
  /** What the web pages say beside the name. */
  readonly title: string;
}

/** A personal access token; `api` may write, `read_api` may not. */
export interface AccessToken {
  readonly id: number;
  readonly token: string;
  readonly name: string;
  readonly userId: number;
  readonly scopes: readonly ('api' | 'read_api')[];
  readonly expiresAt: string;
  readonly createdAt: number;
}

/** A group; `members` holds direct members: user id -> access level. */
export interface Group {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly parentId: number | null;
  readonly members: ReadonlyMap<number, number>;
}

/** Lets whoever knows the token start pipelines of one project in the name of its owner. */
export interface TriggerToken {
  readonly id: number;
  readonly token: string;
  readonly description: string;
  readonly ownerId: number;
}

/** One way a feature flag is switched on, in the environments that its scopes match. */
export interface FlagStrategy {
  readonly id: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly scopes: readonly { readonly id: number; readonly environment_scope: string }[];
}

/** A feature flag of a project. Times are Unix milliseconds. */
export interface Flag {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly strategies: readonly FlagStrategy[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A project's webhook. `token` and `signingToken` are never shown again. */
export interface Hook {
  readonly id: number;
  readonly uuid: string;
  readonly projectId: number;
  readonly url: string;
  readonly name: string;
  readonly description: string;
  readonly token: string;
  readonly signingToken: string;
  readonly pipelineEvents: boolean;
  readonly jobEvents: boolean;
  readonly pushEvents: boolean;
  readonly mergeRequestEvents: boolean;
  readonly createdAt: number;
}

/** Least role that may give variables to a new pipeline (https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables). */
export type VariablesRole = 'developer' | 'maintainer' | 'owner' | 'no_one_allowed';

/** Least levels that may push to a protected branch, and merge into it (https://docs.gitlab.com/user/project/repository/branches/protected/). */
export interface Protection {
  readonly push: number;
  readonly merge: number;
}

/** A project with all that GitLab keeps beside its files. */
export interface Project {
  readonly ci: CiProject;
  readonly groupId: number;
  readonly description: string;
  readonly variablesRole: VariablesRole;
  /** User id -> access level, inherited ones too. */
  readonly members: ReadonlyMap<number, number>;
  readonly triggers: readonly TriggerToken[];
  readonly flags: Map<string, Flag>;
  readonly hooks: Map<number, Hook>;
  readonly repository: Repository;
  /** By the branch's name. */
  readonly protectedBranches: ReadonlyMap<string, Protection>;
  /** By their number within the project, in the order of their making. */
  readonly mergeRequests: Map<number, MergeRequest>;
  /** All that were ever set, the newest last. */
  readonly statuses: CommitStatus[];
}

/** How often something may be asked for; `Infinity` switches a limit off. */
export interface Limits {
  readonly requestsPerMinute: number;
  readonly pipelinesPerMinute: number;
}

/** Everything the sandbox's GitLab knows. */
export interface World {
  readonly now: () => number;
  readonly uuid: () => string;
  readonly nextId: () => number;
  readonly serverUrl: () => string;
  readonly limits: Limits;
  readonly users: readonly User[];
  readonly tokens: readonly AccessToken[];
  readonly groups: readonly Group[];
  readonly projects: readonly Project[];
  /** Names given to pipelines after their start; they win over `workflow: name`. */
  readonly pipelineNames: Map<number, string>;
  readonly ci: Ci;
  /** Hears of every push and of what becomes of merge requests. */
  readonly activity: Activity;
  /** Asked once per list of pipelines: tells whether the list does not show yet what was made then (Unix milliseconds). */
  readonly unlisted: () => (createdAt: number) => boolean;
}

/** The project of a number or a full path; undefined when there is none. */
export function projectOf(world: Pick<World, 'projects'>, idOrPath: string | number): Project | undefined {
  const key = String(idOrPath);
  return world.projects.find((project) => String(project.ci.id) === key || project.ci.path === key);
}

/** The account with this id; every id stored in the world has one. */
export function userOf(world: Pick<World, 'users'>, id: number): User {
  const user = world.users.find((one) => one.id === id);
  if (!user) throw new Error(`The sandbox has no user ${id}: seed it before something refers to it`);
  return user;
}

/** A member's level in a project; 0 for somebody who is no member. */
export function levelIn(project: Project, userId: number): number {
  return project.members.get(userId) ?? 0;
}
