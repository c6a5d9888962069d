import type { CiUser, CiVariable, Pipeline, PipelineOrder } from '../ci/types.ts';
import { forbidden, notSaved } from './refusal.ts';
import { level, levelIn, type Project, type World } from './world.ts';

/** A pipeline that somebody asks for. */
export interface Wanted {
  readonly project: Project;
  readonly ref: string;
  readonly source: PipelineOrder['source'];
  readonly user: CiUser;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variables: readonly CiVariable[];
  /** The request as a file variable, for trigger tokens; GitLab adds it on its own, so it needs no permission. */
  readonly payload?: CiVariable;
}

const neededLevel = { developer: level.developer, maintainer: level.maintainer, owner: level.owner };

/**
 * Starts a pipeline after GitLab's own checks: role, ref, pipeline variables
 * (https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables) and the limit per minute.
 * Throws a Refusal with the `base` messages otherwise.
 */
export function startPipeline(world: World, wanted: Wanted): Pipeline {
  const { project, user } = wanted;
  if (levelIn(project, user.id) < level.developer) throw forbidden();
  const commit = project.repository.find(wanted.ref);
  if (!commit) throw notSaved(['Reference not found']);
  if (wanted.variables.length > 0 && !maySetVariables(project, user)) {
    throw notSaved(['Insufficient permissions to set pipeline variables']);
  }
  if (tooMany(world, project, user, commit.sha)) {
    throw notSaved(['Too many pipelines created in the last minute. Try again later.']);
  }
  const { ref, source, inputs } = wanted;
  const variables = wanted.payload ? [...wanted.variables, wanted.payload] : wanted.variables;
  const made = world.ci.create({ project: project.ci, ref, source, user, inputs, variables });
  if (!made.ok) throw notSaved(made.errors);
  return made.pipeline;
}

function maySetVariables(project: Project, user: CiUser): boolean {
  const role = project.variablesRole;
  return role !== 'no_one_allowed' && levelIn(project, user.id) >= neededLevel[role];
}

/** GitLab counts pipelines per project, user and commit (https://docs.gitlab.com/administration/settings/rate_limit_on_pipelines_creation/). */
function tooMany(world: World, project: Project, user: CiUser, sha: string): boolean {
  if (world.limits.pipelinesPerMinute === Number.POSITIVE_INFINITY) return false;
  const since = world.now() - 60_000;
  const recent = world.ci
    .pipelines(project.ci.id)
    .filter((one) => one.createdAt > since && one.sha === sha && one.user.id === user.id);
  return recent.length >= world.limits.pipelinesPerMinute;
}
