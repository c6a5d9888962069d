import { ConfigError, type YamlMap } from './yaml.ts';

/** Keywords of a job that the sandbox carries out, or accepts because they change nothing here. */
export const JOB_KEYWORDS: readonly string[] = [
  'after_script',
  'allow_failure',
  'artifacts',
  'before_script',
  'cache',
  'coverage',
  'dependencies',
  'environment',
  'extends',
  'image',
  'interruptible',
  'manual_confirmation',
  'needs',
  'resource_group',
  'retry',
  'rules',
  'script',
  'services',
  'stage',
  'tags',
  'timeout',
  'trigger',
  'variables',
  'when',
];

/** Keywords that `default:` may hold, and that GitLab also still takes at the top of the file. */
export const DEFAULT_KEYWORDS: readonly string[] = [
  'after_script',
  'artifacts',
  'before_script',
  'cache',
  'image',
  'interruptible',
  'retry',
  'services',
  'tags',
  'timeout',
];

/** Keywords of GitLab's that are not carried out here: a file that uses one is refused, never run without it. */
const NOT_HERE: ReadonlySet<string> = new Set([
  'dast_configuration',
  'except',
  'hooks',
  'id_tokens',
  'identity',
  'inherit',
  'inputs',
  'only',
  'pages',
  'parallel',
  'publish',
  'release',
  'run',
  'secrets',
  'start_in',
  'types',
]);

/** Throws ConfigError for a key of a mapping that is not among the allowed ones; `place` is GitLab's name for it, as `jobs:deploy`. */
export function allowOnly(place: string, map: YamlMap, allowed: readonly string[]): void {
  const odd = Object.keys(map).filter((key) => !allowed.includes(key));
  const missing = odd.filter((key) => NOT_HERE.has(key));
  if (missing.length > 0) throw unsupported(place, missing.join(', '));
  if (odd.length > 0) throw new ConfigError(`${place} config contains unknown keys: ${odd.join(', ')}`);
}

/** The refusal of something that GitLab has and the sandbox does not. */
export function unsupported(place: string, what: string): ConfigError {
  return new ConfigError(`${place} config contains unsupported keyword for the sandbox: ${what}`);
}
