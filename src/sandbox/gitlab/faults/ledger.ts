import type { Pipeline } from '../../ci/types.ts';
import { projectOf, type World } from '../world.ts';

/** One pipeline as a judge counts it. */
export interface LedgerLine {
  readonly id: number;
  /** The project's full path. */
  readonly project: string;
  /** The run that it belongs to, by its name, its variables or its inputs; null when none says so. */
  readonly run: string | null;
  readonly status: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Who started it: a user name. */
  readonly user: string;
}

/** Every pipeline of every project, in the order in which they were made. */
export function pipelineLedger(world: World): readonly LedgerLine[] {
  return world.projects
    .flatMap((project) => world.ci.pipelines(project.ci.id))
    .toSorted((a, b) => a.id - b.id)
    .map((pipeline) => lineOf(world, pipeline));
}

function lineOf(world: World, pipeline: Pipeline): LedgerLine {
  const { id, projectId, status, createdAt, user } = pipeline;
  const project = projectOf(world, projectId)?.ci.path ?? String(projectId);
  return { id, project, run: runOf(pipeline), status, createdAt, user: user.username };
}

/** The run's id that the pipeline carries. */
export function runOf({ name, variables, inputs }: Pick<Pipeline, 'name' | 'variables' | 'inputs'>) {
  const named = /^chatops (\S+)$/.exec(name ?? '')?.[1];
  const variable = variables.find((each) => each.key === 'CHATOPS_RUN_ID')?.value;
  const input = inputs.chatops_run_id;
  return named ?? variable ?? (typeof input === 'string' ? input : null);
}
