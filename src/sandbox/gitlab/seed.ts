import { join } from 'node:path';
import { createRepository, readFolder } from './repository.ts';
import { seedPolicies } from './seed-policies.ts';
import {
  type AccessToken,
  type Flag,
  type Group,
  type Hook,
  level,
  type Project,
  type User,
  userOf,
  type VariablesRole,
} from './world.ts';

/** The people of the sandbox. Their GitLab ids are stable: policies and tests may name them. */
export const seededUsers: readonly User[] = [
  { id: 1, username: 'ana', name: 'Ana Silva', email: 'ana@example.com', bot: false, title: 'SRE' },
  { id: 2, username: 'bo', name: 'Bo Chen', email: 'bo@example.com', bot: false, title: 'Developer' },
  { id: 3, username: 'gus', name: 'Gus Moreau', email: 'gus@example.com', bot: false, title: 'Guest' },
  { id: 4, username: 'carol', name: 'Carol Diaz', email: 'carol@example.com', bot: false, title: 'SRE' },
  { id: 9, username: 'chatops-bot', name: 'ChatOps', email: 'chatops@example.com', bot: true, title: 'Bot' },
];

const [ana, bo, gus, carol, bot] = [1, 2, 3, 4, 9];
const { guest, reporter, developer, maintainer, owner } = level;

/** The groups, with their direct members. */
export const seededGroups: readonly Group[] = [
  { id: 10, path: 'ops', name: 'Operations', parentId: null, members: new Map([[bot, maintainer]]) },
  { id: 11, path: 'ops/sre', name: 'SRE', parentId: 10, members: new Map([[ana, owner]]) },
  { id: 20, path: 'app', name: 'Application', parentId: null, members: new Map([[bot, maintainer]]) },
  { id: 21, path: 'app/dev', name: 'Developers', parentId: 20, members: new Map([[bo, developer]]) },
  { id: 30, path: 'chatops', name: 'ChatOps', parentId: null, members: new Map([[bot, developer]]) },
];

/** The access tokens: one for a gateway, one that may only read, one per person, one that has run out. */
export const seededTokens: readonly AccessToken[] = [
  token(1, 'glpat-sandbox-gateway', 'gateway', bot, ['api']),
  token(2, 'glpat-sandbox-reader', 'reader', bot, ['read_api']),
  token(3, 'glpat-sandbox-ana', 'ana', ana, ['api']),
  token(4, 'glpat-sandbox-bo', 'bo', bo, ['api']),
  token(5, 'glpat-sandbox-gus', 'gus', gus, ['api']),
  token(7, 'glpat-sandbox-carol', 'carol', carol, ['api']),
  { ...token(6, 'glpat-sandbox-expired', 'old', bot, ['api']), expiresAt: '2020-01-01T00:00:00Z' },
];

function token(id: number, value: string, name: string, userId: number, scopes: AccessToken['scopes']) {
  return { id, token: value, name, userId, scopes, expiresAt: '2099-01-01T00:00:00Z', createdAt: 0 };
}

interface Plan {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly groupId: number;
  readonly description: string;
  readonly variablesRole: VariablesRole;
  readonly members: ReadonlyMap<number, number>;
}

const opsMembers = new Map([
  [bot, maintainer],
  [ana, maintainer],
  [bo, reporter],
]);

const plans: readonly Plan[] = [
  {
    id: 101,
    path: 'app/shop',
    name: 'Shop',
    groupId: 20,
    description: 'The shop itself. Its feature flags are switched from chat.',
    variablesRole: 'developer',
    members: new Map([
      [bot, maintainer],
      [ana, developer],
      [bo, developer],
      [gus, guest],
    ]),
  },
  {
    id: 102,
    path: 'ops/ansible',
    name: 'Ansible',
    groupId: 10,
    description: 'Load-balancer weights: checked, applied to five hosts, verified.',
    variablesRole: 'no_one_allowed',
    members: opsMembers,
  },
  {
    id: 103,
    path: 'ops/helm',
    name: 'Helm',
    groupId: 10,
    description: 'Releases: the change is shown first, then a person presses the button.',
    variablesRole: 'no_one_allowed',
    members: opsMembers,
  },
  {
    id: 104,
    path: 'ops/legacy',
    name: 'Legacy',
    groupId: 10,
    description: 'Jobs written for GitLab ChatOps, unchanged.',
    variablesRole: 'developer',
    members: opsMembers,
  },
];

const policyPlan: Plan = {
  id: 105,
  path: 'chatops/policies',
  name: 'Policies',
  groupId: 30,
  description: 'Who may run what, where and with which input. Changed by merge request only.',
  variablesRole: 'no_one_allowed',
  members: new Map([
    [bot, developer],
    [ana, maintainer],
    [carol, maintainer],
    [bo, developer],
  ]),
};

/** What the seed needs from outside. */
export interface SeedParts {
  readonly now: () => number;
  readonly nextId: () => number;
  readonly uuid: () => string;
  readonly serverUrl: () => string;
  /** Folder with the projects' files: `<group>/<project>/...`. */
  readonly projectsDir: string;
  readonly webhook?: { readonly url: string; readonly token: string; readonly signingToken?: string };
  /** Folder with the policies of `chatops/policies`; without it there is no such project. */
  readonly policiesDir?: string;
}

/** The projects with their first commit, flags, trigger tokens and webhooks. */
export function seedProjects(parts: SeedParts): readonly Project[] {
  const projects = plans.map((plan) => {
    const project = emptyProject(parts, plan);
    const files = readFolder(join(parts.projectsDir, plan.path));
    project.repository.commit('main', 'Everything that works', files);
    project.repository.tag('v1.0.0', 'main');
    return project;
  });
  const { policiesDir, now, nextId } = parts;
  if (policiesDir === undefined) return projects;
  const policies = emptyProject(parts, policyPlan);
  const person = (id: number): User => userOf({ users: seededUsers }, id);
  const people = { author: person(carol), merger: person(ana), asker: person(bo) };
  seedPolicies(policies, { folder: policiesDir, now, nextId, people });
  return [...projects, policies];
}

function emptyProject(parts: SeedParts, plan: Plan): Project {
  const repository = createRepository(parts.now, { name: 'Ana Silva', email: 'ana@example.com' });
  const hook = seedHook(parts, plan);
  return {
    ci: {
      id: plan.id,
      path: plan.path,
      name: plan.name,
      get webUrl() {
        return `${parts.serverUrl()}/${plan.path}`;
      },
      defaultBranch: 'main',
      ciConfigPath: '.gitlab-ci.yml',
      at: (ref) => repository.find(ref),
    },
    groupId: plan.groupId,
    description: plan.description,
    variablesRole: plan.variablesRole,
    members: plan.members,
    triggers: [
      { id: plan.id, token: `glptt-sandbox-${plan.path.split('/')[1]}`, description: 'chat', ownerId: bot },
    ],
    flags: new Map(plan.path === 'app/shop' ? shopFlags(parts).map((flag) => [flag.name, flag]) : []),
    hooks: new Map(hook ? [[hook.id, hook]] : []),
    repository,
    protectedBranches: new Map([['main', { push: maintainer, merge: maintainer }]]),
    mergeRequests: new Map(),
    statuses: [],
  };
}

/** The policy project's hook tells of its code; those of the others of their pipelines. */
function seedHook(parts: SeedParts, { id: projectId }: Plan): Hook | undefined {
  if (!parts.webhook) return undefined;
  const { url, token: secret, signingToken = '' } = parts.webhook;
  const names = { name: 'gateway', description: '' };
  const isPolicy = projectId === policyPlan.id;
  const events = {
    pipelineEvents: !isPolicy,
    jobEvents: !isPolicy,
    pushEvents: isPolicy,
    mergeRequestEvents: isPolicy,
  };
  const made = { id: parts.nextId(), uuid: parts.uuid(), createdAt: parts.now() };
  return { ...made, ...names, ...events, projectId, url, token: secret, signingToken };
}

function shopFlags({ nextId, now }: SeedParts): readonly Flag[] {
  const flag = (name: string, description: string, active: boolean, environment: string): Flag => ({
    name,
    description,
    active,
    strategies: [
      {
        id: nextId(),
        name: 'default',
        parameters: {},
        scopes: [{ id: nextId(), environment_scope: environment }],
      },
    ],
    createdAt: now(),
    updatedAt: now(),
  });
  return [
    flag('checkout-v2', 'The new checkout', true, 'staging'),
    flag('dark-mode', 'Dark colours for those who like them', true, '*'),
    flag('fast-search', 'Search by the new index', false, '*'),
  ];
}
