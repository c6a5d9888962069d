import { resolveExtends, resolveReferences } from './extends.ts';
import { readJob, readRules } from './job-config.ts';
import { allowOnly, DEFAULT_KEYWORDS, unsupported } from './keywords.ts';
import type { Config, JobConfig } from './model.ts';
import { readMap, readString, readStrings, readVariables } from './read.ts';
import { ConfigError, field, isMapping, type YamlMap } from './yaml.ts';

const GLOBAL = ['stages', 'variables', 'default', 'workflow', 'include', ...DEFAULT_KEYWORDS];
const USUAL_STAGES = ['build', 'test', 'deploy'];

/** Checks a merged configuration and puts `extends`, `!reference` and `default:` in; throws ConfigError. */
export function readConfig(tree: YamlMap): Config {
  const whole = resolveReferences(resolveExtends(tree));
  if (field(whole, 'types') !== undefined) throw unsupported('root', 'types');
  if (field(whole, 'spec') !== undefined) {
    throw new ConfigError(
      'root config contains unknown keys: spec (it belongs into a header, closed by `---`)',
    );
  }
  const fallbacks = readDefaults(whole);
  const stages = readStages(whole);
  const jobs = Object.entries(whole)
    .filter(([name]) => !GLOBAL.includes(name) && !name.startsWith('.'))
    .map(([name, entry]) => {
      if (name === 'pages') throw unsupported('jobs:pages', 'pages');
      if (!isMapping(entry)) throw new ConfigError(`jobs:${name} config should be a hash`);
      return readJob(name, withDefaults(entry, fallbacks));
    });
  if (jobs.length === 0) throw new ConfigError('jobs config should contain at least one visible job');
  checkLinks(jobs, stages);
  const workflow = readMap('workflow', field(whole, 'workflow'));
  allowOnly('workflow', workflow, ['name', 'rules', 'auto_cancel']);
  return {
    stages,
    variables: readVariables('variables', field(whole, 'variables')),
    workflow: {
      name: readString('workflow name', field(workflow, 'name')),
      rules: readRules('workflow', field(workflow, 'rules')),
    },
    jobs,
  };
}

function readStages(tree: YamlMap): readonly string[] {
  const named = readStrings('stages', field(tree, 'stages')) ?? USUAL_STAGES;
  const middle = named.filter((stage) => stage !== '.pre' && stage !== '.post');
  return ['.pre', ...new Set(middle), '.post'];
}

function readDefaults(tree: YamlMap): YamlMap {
  const section = readMap('default', field(tree, 'default'));
  allowOnly('default', section, DEFAULT_KEYWORDS);
  const top = Object.entries(tree).filter(([key]) => DEFAULT_KEYWORDS.includes(key));
  return { ...Object.fromEntries(top), ...section };
}

/** A trigger job has no script, so it takes nothing from `default:` but what it may hold. */
function withDefaults(job: YamlMap, fallbacks: YamlMap): YamlMap {
  if (field(job, 'trigger') !== undefined) return job;
  return { ...fallbacks, ...job };
}

function checkLinks(jobs: readonly JobConfig[], stages: readonly string[]): void {
  const stageOf = new Map(jobs.map((job) => [job.name, stages.indexOf(job.stage)]));
  for (const job of jobs) {
    if (!stages.includes(job.stage)) {
      throw new ConfigError(
        `${job.name} job: chosen stage ${job.stage} does not exist; available stages are ${stages.join(', ')}`,
      );
    }
    for (const need of neededBy(job)) {
      if (!need.optional) checkLink(job, 'need', need.job, stageOf);
    }
    for (const name of job.dependencies ?? []) checkLink(job, 'dependency', name, stageOf);
  }
  checkCircles(jobs);
}

function neededBy(job: JobConfig) {
  return [...(job.needs ?? []), ...(job.rules ?? []).flatMap((rule) => rule.needs ?? [])];
}

function checkLink(job: JobConfig, kind: string, other: string, stageOf: ReadonlyMap<string, number>): void {
  const stage = stageOf.get(other);
  if (stage === undefined) throw new ConfigError(`${job.name} job: undefined ${kind}: ${other}`);
  if (stage > (stageOf.get(job.name) ?? 0)) {
    throw new ConfigError(`${job.name} job: ${kind} ${other} is not defined in current or prior stages`);
  }
}

function checkCircles(jobs: readonly JobConfig[]): void {
  const needs = new Map(jobs.map((job) => [job.name, neededBy(job).map((need) => need.job)]));
  const settled = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new ConfigError('The pipeline has circular dependencies');
    if (settled.has(name)) return;
    for (const other of needs.get(name) ?? []) visit(other, [...path, name]);
    settled.add(name);
  };
  for (const name of needs.keys()) visit(name, []);
}
