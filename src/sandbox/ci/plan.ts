import { readConfig } from './config.ts';
import { expand, expandAll, type Variable } from './expand.ts';
import { loadFile, loadIncludes, type Source } from './include.ts';
import type { Config, JobConfig, JobPlan, Need } from './model.ts';
import { firstFitting } from './rules.ts';
import type { CiParts, Files, PipelineOrder } from './types.ts';
import { givenVariables, jobVariables, pipelineVariables, userVariables } from './variables.ts';
import { ConfigError, type Yaml } from './yaml.ts';

/** A pipeline before it is stored: its jobs with rules decided, its name with variables put in. */
export interface Plan {
  readonly sha: string;
  readonly files: Files;
  readonly name: string | null;
  /** Stages that have a job, in order. */
  readonly stages: readonly string[];
  readonly jobs: readonly JobPlan[];
}

/** A plan, or GitLab's `base` messages. */
export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly errors: readonly string[] };

type Where = Pick<CiParts, 'project' | 'serverUrl'>;

/** Reads the configuration at the order's ref and decides what the pipeline consists of; `child` holds the includes of a child pipeline. */
export function planPipeline(order: PipelineOrder, where: Where, child?: readonly Yaml[]): Planned {
  try {
    return { ok: true, plan: plan(order, where, child) };
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, errors: error.messages };
    throw error;
  }
}

function plan(order: PipelineOrder, where: Where, child: readonly Yaml[] | undefined): Plan {
  const commit = order.project.at(order.ref);
  if (commit === undefined) throw new ConfigError('Reference not found');
  checkKeys(order);
  const { sha, files } = commit;
  const predefined = pipelineVariables(order, sha, where.serverUrl());
  const given = givenVariables(order.variables);
  const early = lookup([...predefined, ...userVariables(order.user), ...given]);
  const source: Source = { project: order.project, sha, files, projectAt: where.project, variable: early };
  const config = load(source, order, child);

  const scope = (yaml: readonly Variable[], job: readonly Variable[] = []) =>
    lookup([...job, ...predefined, ...yaml, ...userVariables(order.user), ...given]);
  const workflow = config.workflow.rules;
  const fitting = workflow && firstFitting(workflow, scope(config.variables), files);
  if (workflow !== undefined && (fitting === undefined || fitting.when === 'never')) {
    throw new ConfigError('Pipeline filtered out by workflow rules.');
  }
  const globals = [...config.variables, ...(fitting?.variables ?? [])];
  const jobs = config.jobs.flatMap((job) => decide(job, config, globals, scope, files));
  if (jobs.every((job) => job.config.stage === '.pre' || job.config.stage === '.post')) {
    throw new ConfigError(
      'The resulting pipeline would have been empty. Review the rules configuration for the relevant jobs.',
    );
  }
  checkNeeds(jobs);
  const sorted = jobs.toSorted((a, b) => a.stageIndex - b.stageIndex);
  return {
    sha,
    files,
    name: nameOf(config, scope(globals)),
    stages: config.stages.filter((stage) => jobs.some((job) => job.config.stage === stage)),
    jobs: sorted.map((job) => ({ ...job, needs: existing(job.needs, jobs) })),
  };
}

/** https://docs.gitlab.com/ci/variables/ : letters, digits and `_` only. */
function checkKeys(order: PipelineOrder): void {
  const odd = order.variables.find(({ key }) => !/^[A-Za-z0-9_]{1,255}$/.test(key));
  if (odd !== undefined)
    throw new ConfigError(`Variables key can contain only letters, digits and '_': ${odd.key}`);
}

function load(source: Source, order: PipelineOrder, child: readonly Yaml[] | undefined): Config {
  if (child !== undefined) return readConfig(loadIncludes(source, child));
  const path = order.project.ciConfigPath;
  if (!source.files.has(path)) throw new ConfigError('Missing CI config file');
  return readConfig(loadFile(source, path, order.inputs));
}

function lookup(variables: readonly Variable[]): (name: string) => string | undefined {
  const contents = new Map(variables.map((variable) => [variable.key, variable.value]));
  const expanded = expandAll(variables, (key) => contents.get(key) ?? '');
  if (!expanded.ok)
    throw new ConfigError(`circular variable reference detected: ${JSON.stringify(expanded.circle)}`);
  return (name) => expanded.values.get(name);
}

type Scope = (yaml: readonly Variable[], job?: readonly Variable[]) => (name: string) => string | undefined;

function decide(
  job: JobConfig,
  config: Config,
  globals: readonly Variable[],
  scope: Scope,
  files: Files,
): readonly JobPlan[] {
  const variables = [...globals, ...job.variables];
  const fitting =
    job.rules &&
    firstFitting(job.rules, scope(variables, jobVariables({ config: job, when: job.when })), files);
  if (job.rules !== undefined && fitting === undefined) return [];
  const when = fitting?.when ?? job.when;
  if (when === 'never') return [];
  const decided = fitting?.allowFailure;
  const all = [...variables, ...(fitting?.variables ?? [])];
  const variable = scope(all, jobVariables({ config: job, when }));
  return [
    {
      config: {
        ...job,
        environment: job.environment && { ...job.environment, name: expand(job.environment.name, variable) },
        resourceGroup: job.resourceGroup === undefined ? undefined : expand(job.resourceGroup, variable),
        allowedExitCodes: decided === undefined ? job.allowedExitCodes : [],
      },
      stageIndex: config.stages.indexOf(job.stage),
      when,
      allowFailure: decided ?? job.allowFailure ?? job.when === 'manual',
      needs: fitting?.needs ?? job.needs,
      variables: all,
    },
  ];
}

function checkNeeds(jobs: readonly JobPlan[]): void {
  const names = new Set(jobs.map((job) => job.config.name));
  const errors = jobs.flatMap(({ config: { name }, needs }) =>
    (needs ?? [])
      .filter((need) => !need.optional && !names.has(need.job))
      .map(
        (need) =>
          `'${name}' job needs '${need.job}' job, but '${need.job}' does not exist in the pipeline. ` +
          'This might be because of the only, except, or rules keywords. ' +
          'To need a job that sometimes does not exist in the pipeline, use needs:optional.',
      ),
  );
  if (errors.length > 0) throw new ConfigError(...errors);
}

function existing(needs: readonly Need[] | undefined, jobs: readonly JobPlan[]): readonly Need[] | undefined {
  return needs?.filter((need) => jobs.some((job) => job.config.name === need.job));
}

function nameOf(config: Config, variable: (name: string) => string | undefined): string | null {
  const name = expand(config.workflow.name ?? '', variable).trim();
  return name === '' ? null : name.slice(0, 255);
}
