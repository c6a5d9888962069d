import type { CiUser } from '../../ci/types.ts';
import type { Commit } from '../repository.ts';
import { type Group, level, levelIn, type Project, type Protection, type World } from '../world.ts';
import { iso } from './times.ts';

/** A group as `GET /groups/:id` shows it. */
export function groupView(world: World, group: Group) {
  return {
    id: group.id,
    web_url: `${world.serverUrl()}/groups/${group.path}`,
    name: group.name,
    path: group.path.split('/').at(-1),
    full_path: group.path,
    full_name: group.path.split('/').join(' / '),
    parent_id: group.parentId,
    visibility: 'private',
    description: '',
  };
}

/** A project as `GET /projects/:id` shows it, cut down to what callers read. */
export function projectView(world: World, project: Project) {
  const { ci } = project;
  const group = world.groups.find((one) => one.id === project.groupId);
  return {
    id: ci.id,
    description: project.description,
    name: ci.name,
    name_with_namespace: ci.path.split('/').join(' / '),
    path: ci.path.split('/').at(-1),
    path_with_namespace: ci.path,
    created_at: iso(0),
    default_branch: ci.defaultBranch,
    web_url: ci.webUrl,
    visibility: 'private',
    archived: false,
    namespace: group && {
      id: group.id,
      name: group.name,
      path: group.path,
      kind: 'group',
      full_path: group.path,
    },
    ci_config_path: ci.ciConfigPath,
    ci_pipeline_variables_minimum_override_role: project.variablesRole,
    restrict_user_defined_variables: project.variablesRole !== 'developer',
    builds_access_level: 'enabled',
    feature_flags_access_level: 'enabled',
  };
}

/** A commit as GitLab shows it. */
export function commitView(project: Project, commit: Commit) {
  const at = iso(commit.at);
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: at,
    parent_ids: commit.parents,
    title: commit.title,
    message: commit.message,
    author_name: commit.author.name,
    author_email: commit.author.email,
    authored_date: at,
    committer_name: commit.author.name,
    committer_email: commit.author.email,
    committed_date: at,
    trailers: {},
    extended_trailers: {},
    web_url: `${project.ci.webUrl}/-/commit/${commit.sha}`,
  };
}

/** A branch as GitLab shows it to somebody. */
export function branchView(project: Project, user: CiUser, name: string, commit: Commit) {
  const rules = project.protectedBranches.get(name);
  const main = project.repository.find(project.ci.defaultBranch);
  return {
    name,
    commit: commitView(project, commit),
    merged: name !== project.ci.defaultBranch && main !== undefined && isBehind(project, commit, main),
    protected: rules !== undefined,
    developers_can_push: rules !== undefined && rules.push <= level.developer,
    developers_can_merge: rules !== undefined && rules.merge <= level.developer,
    can_push: levelIn(project, user.id) >= (rules?.push ?? level.developer),
    default: name === project.ci.defaultBranch,
    web_url: `${project.ci.webUrl}/-/tree/${name}`,
  };
}

function isBehind({ repository }: Project, commit: Commit, head: Commit): boolean {
  return repository.history(head).some(({ sha }) => sha === commit.sha);
}

/** A branch's protection as GitLab shows it. */
export function protectedBranchView(name: string, { push, merge }: Protection) {
  return {
    id: 1,
    name,
    push_access_levels: [accessLevel(1, push)],
    merge_access_levels: [accessLevel(2, merge)],
    allow_force_push: false,
    code_owner_approval_required: false,
  };
}

function accessLevel(id: number, least: number) {
  const words = least >= level.maintainer ? 'Maintainers' : 'Developers + Maintainers';
  return { id, access_level: least, access_level_description: words, user_id: null, group_id: null };
}

/** A tag as GitLab shows it. */
export function tagView(project: Project, name: string, commit: Commit) {
  const commitShown = commitView(project, commit);
  return { name, message: '', target: commit.sha, commit: commitShown, release: null, protected: false };
}
