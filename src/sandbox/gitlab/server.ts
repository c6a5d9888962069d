import { createCi } from '../ci/ci.ts';
import { buildGitLab, type GitLabOptions, type GitLabSandbox } from './build.ts';

/** Starts a small GitLab with seeded people, groups and projects, whose pipelines really run. */
export function startGitLab(options: GitLabOptions): Promise<GitLabSandbox> {
  return buildGitLab(options, createCi);
}
