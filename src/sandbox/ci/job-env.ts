import { join } from 'node:path';
import { expandAll, type Variable } from './expand.ts';
import type { JobRecord } from './records.ts';
import {
  givenVariables,
  jobVariables,
  listed,
  pipelineVariables,
  storedVariables,
  userVariables,
} from './variables.ts';
import type { Workcopy } from './workcopy.ts';

/** A job's environment and the texts of its file variables by name, or the names that refer to each other in a circle. */
export type JobEnv =
  | {
      readonly ok: true;
      readonly env: Readonly<Record<string, string>>;
      readonly files: ReadonlyMap<string, string>;
    }
  | { readonly ok: false; readonly circle: readonly string[] };

/** What a job's environment is made from. */
export interface JobEnvParts {
  readonly job: JobRecord;
  /** Earlier jobs whose dotenv variables this one gets. */
  readonly earlier: readonly JobRecord[];
  readonly serverUrl: string;
  readonly path: string;
  readonly copy: Workcopy;
}

/**
 * The environment of a job: four names of its own and the job's variables, the later of these over the earlier:
 * predefined, the configuration's, the user's, dotenv, those given with the pipeline, those given when it was played.
 */
export function jobEnv(parts: JobEnvParts): JobEnv {
  const variables = variablesOf(parts);
  const pathOf = (key: string): string => join(parts.copy.variables, key);
  const expanded = expandAll(variables, pathOf);
  if (!expanded.ok) return expanded;
  const files = [...new Map(variables.map((variable) => [variable.key, variable])).values()].filter(
    ({ file }) => file,
  );
  return {
    ok: true,
    env: {
      PATH: parts.path,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...Object.fromEntries(expanded.values),
      HOME: parts.copy.home,
    },
    files: new Map(files.map(({ key, value }) => [key, value])),
  };
}

function variablesOf({ job, earlier, serverUrl, copy }: JobEnvParts): readonly Variable[] {
  const { order, plan } = job.pipeline;
  const stored = { ...job.pipeline, name: plan.name };
  return [
    ...jobVariables(job.plan),
    ...ownVariables(job, copy),
    ...storedVariables(order, stored),
    ...pipelineVariables(order, plan.sha, serverUrl),
    ...job.plan.variables,
    ...userVariables(job.user),
    ...earlier.flatMap((other) => listed(Object.fromEntries(other.dotenv))),
    ...givenVariables(order.variables),
    ...givenVariables(job.playVariables),
  ];
}

function ownVariables(job: JobRecord, copy: Workcopy): readonly Variable[] {
  const { environment } = job.plan.config;
  return [
    ...listed({
      CI_JOB_ID: String(job.id),
      CI_JOB_URL: `${job.pipeline.order.project.webUrl}/-/jobs/${job.id}`,
      CI_JOB_STATUS: 'running',
      CI_PROJECT_DIR: copy.project,
      CI_BUILDS_DIR: copy.root,
      CI_RUNNER_DESCRIPTION: 'sandbox',
      ...(environment
        ? { CI_ENVIRONMENT_NAME: environment.name, CI_ENVIRONMENT_ACTION: environment.action }
        : {}),
    }),
    ...(environment?.url === undefined ? [] : [{ key: 'CI_ENVIRONMENT_URL', value: environment.url }]),
  ];
}
