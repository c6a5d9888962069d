import { commitView } from '../views/projects.ts';
import { iso } from '../views/times.ts';
import type { Project, User, World } from '../world.ts';

/** A sha that means "nothing" where a commit is expected. */
export const noSha = '0'.repeat(40);

/** A person inside a webhook; GitLab hides the e-mail address. */
export function hookUser(user: Pick<User, 'id' | 'name' | 'username'>) {
  return { id: user.id, name: user.name, username: user.username, avatar_url: null, email: '[REDACTED]' };
}

/** A project inside a webhook. */
export function hookProject(world: World, { ci, groupId, description }: Project) {
  return {
    id: ci.id,
    name: ci.name,
    description,
    web_url: ci.webUrl,
    avatar_url: null,
    git_ssh_url: `git@${new URL(world.serverUrl()).hostname}:${ci.path}.git`,
    git_http_url: `${ci.webUrl}.git`,
    namespace: world.groups.find((group) => group.id === groupId)?.name ?? '',
    visibility_level: 0,
    path_with_namespace: ci.path,
    default_branch: ci.defaultBranch,
    ci_config_path: ci.ciConfigPath,
  };
}

/** A commit inside a webhook. */
export function hookCommit(project: Project, commit: Parameters<typeof commitView>[1]) {
  const shown = commitView(project, commit);
  const { id, message, title, created_at, web_url, author_name, author_email } = shown;
  const author = { name: author_name, email: author_email };
  return { id, message, title, timestamp: created_at, url: web_url, author };
}

/** Webhooks write times as `2026-01-31 08:00:00 UTC`, not as ISO 8601. */
export function hookTime(at: number | null): string | null {
  return (
    iso(at)
      ?.replace('T', ' ')
      .replace(/\.\d+Z$/, ' UTC') ?? null
  );
}
