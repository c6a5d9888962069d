import { checkExpression } from './expression.ts';
import { flatten } from './extends.ts';
import { allowOnly, JOB_KEYWORDS, unsupported } from './keywords.ts';
import type { Artifacts, JobConfig, Need, Rule, Trigger, When } from './model.ts';
import {
  readDuration,
  readMap,
  readScript,
  readString,
  readStrings,
  readVariables,
  readWord,
} from './read.ts';
import { asList, ConfigError, field, isMapping, type Yaml, type YamlMap } from './yaml.ts';

const WHEN: readonly When[] = ['on_success', 'on_failure', 'always', 'manual', 'never'];
const RULE_KEYWORDS = ['if', 'exists', 'when', 'allow_failure', 'variables', 'needs', 'interruptible'];
const NOTES: Readonly<Record<string, string>> = {
  image: "the image is not used: jobs run in the sandbox's own bash",
  services: "services are not started: jobs run in the sandbox's own bash",
  cache: 'no cache is kept',
};

/** Reads one job, `default:` already put in; throws ConfigError naming job and keyword. */
export function readJob(name: string, map: YamlMap): JobConfig {
  const place = `jobs:${name}`;
  allowOnly(place, map, JOB_KEYWORDS);
  const trigger = readTrigger(place, field(map, 'trigger'));
  const script = readScript(`${place}:script`, field(map, 'script'));
  if (trigger === undefined && script.length === 0) {
    throw new ConfigError(`${place} config should implement the script:, run:, or trigger: keyword`);
  }
  if (trigger !== undefined && script.length > 0) {
    throw new ConfigError(`${place} config contains unknown keys: script`);
  }
  const failure = readAllowFailure(place, field(map, 'allow_failure'));
  return {
    name,
    stage: readString(`${place}:stage`, field(map, 'stage')) ?? 'test',
    beforeScript: readScript(`${place}:before_script`, field(map, 'before_script')),
    script,
    afterScript: readScript(`${place}:after_script`, field(map, 'after_script')),
    variables: readVariables(`${place}:variables`, field(map, 'variables')),
    needs: readNeeds(place, field(map, 'needs')),
    dependencies: readStrings(`${place}:dependencies`, field(map, 'dependencies')),
    rules: readRules(place, field(map, 'rules')),
    when: readWhen(place, field(map, 'when')) ?? 'on_success',
    allowFailure: failure.allowed,
    allowedExitCodes: failure.exitCodes,
    artifacts: readArtifacts(place, field(map, 'artifacts')),
    trigger,
    environment: readEnvironment(place, field(map, 'environment')),
    timeoutMs: readDuration(`${place}:timeout`, field(map, 'timeout')),
    retries: readRetry(place, field(map, 'retry')),
    resourceGroup: readString(`${place}:resource_group`, field(map, 'resource_group')),
    notes: Object.entries(NOTES).flatMap(([key, note]) =>
      field(map, key) == null ? [] : [`${key}: ${note}`],
    ),
  };
}

function readWhen(place: string, value: Yaml | undefined): When | undefined {
  if (value === 'delayed') throw unsupported(place, 'when: delayed');
  return readWord(`${place} when`, value, WHEN);
}

function readAllowFailure(place: string, value: Yaml | undefined) {
  if (value === undefined || value === null) return { allowed: undefined, exitCodes: [] };
  if (typeof value === 'boolean') return { allowed: value, exitCodes: [] };
  const map = readMap(`${place}:allow_failure`, value);
  allowOnly(`${place}:allow_failure`, map, ['exit_codes']);
  const exitCodes = asList(field(map, 'exit_codes')).filter((code) => typeof code === 'number');
  if (exitCodes.length === 0) {
    throw new ConfigError(`${place}:allow_failure exit codes should be an array of integers or an integer`);
  }
  return { allowed: false, exitCodes };
}

/** Reads `rules:` of a job or of the workflow. */
export function readRules(place: string, value: Yaml | undefined): readonly Rule[] | undefined {
  if (value === undefined || value === null) return undefined;
  return flatten(value).map((item) => {
    const at = `${place}:rules:rule`;
    const rule = readMap(at, item);
    allowRule(at, rule);
    const condition = field(rule, 'if');
    if (condition !== undefined) checkIf(at, condition);
    const allowed = field(rule, 'allow_failure');
    if (allowed !== undefined && typeof allowed !== 'boolean') {
      throw new ConfigError(`${at} allow failure should be a boolean value`);
    }
    return {
      if: typeof condition === 'string' ? condition : undefined,
      exists: readStrings(`${at}:exists`, field(rule, 'exists')),
      when: readWhen(place, field(rule, 'when')),
      allowFailure: allowed,
      variables: readVariables(`${at}:variables`, field(rule, 'variables')),
      needs: readNeeds(at, field(rule, 'needs')),
    };
  });
}

function allowRule(place: string, rule: YamlMap): void {
  if (field(rule, 'changes') !== undefined) throw unsupported(place, 'changes');
  allowOnly(place, rule, [...RULE_KEYWORDS, 'auto_cancel']);
}

function checkIf(place: string, condition: Yaml): void {
  try {
    if (typeof condition !== 'string') throw new ConfigError('invalid expression syntax');
    checkExpression(condition);
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`${place} ${error.message}`);
    throw error;
  }
}

function readNeeds(place: string, value: Yaml | undefined): readonly Need[] | undefined {
  if (value === undefined || value === null) return undefined;
  return flatten(value).map((item) => {
    if (typeof item === 'string') return { job: item, optional: false, artifacts: true };
    const map = readMap(`${place}:needs:need`, item);
    const other = ['pipeline', 'project', 'parallel', 'ref'].find((key) => field(map, key) !== undefined);
    if (other !== undefined) throw unsupported(`${place}:needs`, other);
    allowOnly(`${place}:needs:need`, map, ['job', 'optional', 'artifacts']);
    const job = readString(`${place}:needs:need job`, field(map, 'job'));
    if (job === undefined) throw new ConfigError(`${place}:needs:need job can't be blank`);
    return { job, optional: field(map, 'optional') === true, artifacts: field(map, 'artifacts') !== false };
  });
}

function readArtifacts(place: string, value: Yaml | undefined): Artifacts {
  const at = `${place}:artifacts`;
  const map = readMap(at, value);
  const other = ['exclude', 'untracked'].find((key) => field(map, key) !== undefined);
  if (other !== undefined) throw unsupported(at, other);
  allowOnly(at, map, ['paths', 'when', 'expire_in', 'expose_as', 'name', 'public', 'access', 'reports']);
  const reports = readMap(`${at}:reports`, field(map, 'reports'));
  const report = Object.keys(reports).find((key) => key !== 'dotenv');
  if (report !== undefined) throw unsupported(at, `reports:${report}`);
  return {
    paths: readStrings(`${at}:paths`, field(map, 'paths')) ?? [],
    dotenv: readStrings(`${at}:reports:dotenv`, field(reports, 'dotenv')) ?? [],
    when: readWord(`${at} when`, field(map, 'when'), ['on_success', 'on_failure', 'always']) ?? 'on_success',
  };
}

function readTrigger(place: string, value: Yaml | undefined): Trigger | undefined {
  if (value === undefined || value === null) return undefined;
  const at = `${place}:trigger`;
  const map = typeof value === 'string' ? { project: value } : readMap(at, value);
  allowOnlyTrigger(at, map);
  const forward = readMap(`${at}:forward`, field(map, 'forward'));
  allowOnly(`${at}:forward`, forward, ['yaml_variables', 'pipeline_variables']);
  const include = field(map, 'include');
  const project = readString(`${at} project`, field(map, 'project'));
  if ((include === undefined) === (project === undefined)) {
    throw new ConfigError(`${at} config should contain either project or include`);
  }
  return {
    project,
    branch: readString(`${at} branch`, field(map, 'branch')),
    include: include === undefined ? undefined : asList(include),
    inputs: readMap(`${at}:inputs`, field(map, 'inputs')),
    depend: readWord(`${at} strategy`, field(map, 'strategy'), ['depend']) !== undefined,
    forwardYaml: field(forward, 'yaml_variables') !== false,
    forwardPipeline: field(forward, 'pipeline_variables') === true,
  };
}

function allowOnlyTrigger(place: string, map: YamlMap): void {
  if (field(map, 'strategy') === 'mirror') throw unsupported(place, 'strategy: mirror');
  if (
    asList(field(map, 'include')).some((item) => isMapping(item) && field(item, 'artifact') !== undefined)
  ) {
    throw unsupported(place, 'include:artifact');
  }
  allowOnly(place, { ...map, inputs: null }, [
    'project',
    'branch',
    'strategy',
    'forward',
    'include',
    'inputs',
  ]);
}

function readEnvironment(place: string, value: Yaml | undefined): JobConfig['environment'] {
  if (value === undefined || value === null) return undefined;
  const at = `${place}:environment`;
  const map = typeof value === 'string' ? { name: value } : readMap(at, value);
  allowOnly(at, map, ['name', 'url', 'action', 'deployment_tier', 'on_stop', 'auto_stop_in']);
  const name = readString(`${at} name`, field(map, 'name'));
  if (name === undefined) throw new ConfigError(`${at} name can't be blank`);
  const action = readString(`${at} action`, field(map, 'action')) ?? 'start';
  return { name, url: readString(`${at} url`, field(map, 'url')), action };
}

function readRetry(place: string, value: Yaml | undefined): JobConfig['retries'] {
  const map = typeof value === 'number' ? { max: value } : readMap(`${place}:retry`, value);
  allowOnly(`${place}:retry`, map, ['max', 'when']);
  const max = field(map, 'max') ?? 0;
  if (max !== 0 && max !== 1 && max !== 2) {
    throw new ConfigError(`${place}:retry max must be less than or equal to 2`);
  }
  return { max, when: readStrings(`${place}:retry when`, field(map, 'when')) ?? ['always'] };
}
