import { createCi } from '../ci/ci.ts';
import { createQuickRun, quickLimits } from '../ci/quick.ts';
import { buildGitLab, type GitLabOptions, type GitLabSandbox } from './build.ts';

/** Starts a small GitLab with seeded people, groups and projects, whose pipelines really run unless quick jobs are asked for. */
export function startGitLab(options: GitLabOptions): Promise<GitLabSandbox> {
  const { quickJobsMs } = options;
  if (quickJobsMs === undefined) return buildGitLab(options, (parts) => createCi(parts));
  const run = createQuickRun(quickJobsMs);
  return buildGitLab(options, (parts) => createCi({ ...parts, limits: quickLimits }, run));
}
