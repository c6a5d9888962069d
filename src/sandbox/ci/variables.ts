import { posix } from 'node:path';
import type { Variable } from './expand.ts';
import type { JobPlan } from './model.ts';
import type { CiUser, CiVariable, PipelineOrder } from './types.ts';

/** The variables that hold for a whole pipeline before it is stored (https://docs.gitlab.com/ci/variables/predefined_variables/). */
export function pipelineVariables(order: PipelineOrder, sha: string, serverUrl: string): readonly Variable[] {
  const { project, ref, source } = order;
  const server = new URL(serverUrl);
  return listed({
    CI: 'true',
    GITLAB_CI: 'true',
    CI_SERVER: 'yes',
    CI_SERVER_NAME: 'GitLab',
    CI_SERVER_URL: serverUrl,
    CI_SERVER_HOST: server.hostname,
    CI_SERVER_FQDN: server.host,
    CI_SERVER_PORT: server.port || (server.protocol === 'https:' ? '443' : '80'),
    CI_SERVER_PROTOCOL: server.protocol.slice(0, -1),
    CI_API_V4_URL: `${serverUrl.replace(/\/$/, '')}/api/v4`,
    CI_PROJECT_ID: String(project.id),
    CI_PROJECT_NAME: posix.basename(project.path),
    CI_PROJECT_TITLE: project.name,
    CI_PROJECT_PATH: project.path,
    CI_PROJECT_PATH_SLUG: slug(project.path),
    CI_PROJECT_NAMESPACE: posix.dirname(project.path),
    CI_PROJECT_ROOT_NAMESPACE: project.path.split('/', 1)[0] ?? '',
    CI_PROJECT_URL: project.webUrl,
    CI_DEFAULT_BRANCH: project.defaultBranch,
    CI_CONFIG_PATH: project.ciConfigPath,
    CI_PIPELINE_SOURCE: source,
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: slug(ref),
    ...(ref === sha ? {} : { CI_COMMIT_BRANCH: ref }),
    ...(source === 'trigger' ? { CI_PIPELINE_TRIGGERED: 'true' } : {}),
  });
}

/** The variables that exist once the pipeline has numbers and a name. */
export function storedVariables(
  order: PipelineOrder,
  stored: {
    readonly id: number;
    readonly iid: number;
    readonly name: string | null;
    readonly createdAt: number;
  },
): readonly Variable[] {
  return listed({
    CI_PIPELINE_ID: String(stored.id),
    CI_PIPELINE_IID: String(stored.iid),
    CI_PIPELINE_URL: `${order.project.webUrl}/-/pipelines/${stored.id}`,
    CI_PIPELINE_CREATED_AT: new Date(stored.createdAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...(stored.name === null ? {} : { CI_PIPELINE_NAME: stored.name }),
  });
}

/** What a job's configuration alone says about it. */
export function jobVariables(plan: Pick<JobPlan, 'config' | 'when'>): readonly Variable[] {
  const { name, stage } = plan.config;
  return listed({
    CI_JOB_NAME: name,
    CI_JOB_NAME_SLUG: slug(name),
    CI_JOB_STAGE: stage,
    ...(plan.when === 'manual' ? { CI_JOB_MANUAL: 'true' } : {}),
  });
}

/** Who the job acts as. */
export function userVariables(user: CiUser): readonly Variable[] {
  return listed({
    GITLAB_USER_ID: String(user.id),
    GITLAB_USER_LOGIN: user.username,
    GITLAB_USER_NAME: user.name,
    GITLAB_USER_EMAIL: user.email,
  });
}

/** Variables that were given when a pipeline was started or a manual job was played. */
export function givenVariables(given: readonly CiVariable[]): readonly Variable[] {
  return given.map(({ key, value, variable_type }) => ({
    key,
    value,
    ...(variable_type === 'file' ? { file: true } : {}),
  }));
}

/** A mapping of names to values as variables whose values are not expanded again. */
export function listed(values: Readonly<Record<string, string>>): readonly Variable[] {
  return Object.entries(values).map(([key, value]) => ({ key, value, raw: true }));
}

/** Lower case, at most 63 characters, everything but letters and digits a dash (GitLab's `..._SLUG`). */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
