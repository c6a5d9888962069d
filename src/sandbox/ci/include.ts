import { checkInputs } from './header.ts';
import { interpolate } from './interpolate.ts';
import type { CiProject, Files } from './types.ts';
import {
  asList,
  ConfigError,
  deepMerge,
  field,
  isMapping,
  parseYaml,
  splitHeader,
  type Yaml,
  type YamlMap,
} from './yaml.ts';

/** GitLab reads at most this many included files for one pipeline (https://docs.gitlab.com/ci/yaml/includes/). */
export const MOST_INCLUDES = 150;

const KEYS = new Set(['local', 'project', 'file', 'ref', 'inputs']);

/** Where files are read from, and what a file's text may refer to while it is read. */
export interface Source {
  readonly project: CiProject;
  readonly sha: string;
  readonly files: Files;
  readonly projectAt: (path: string) => CiProject | undefined;
  readonly variable: (name: string) => string | undefined;
}

/** A configuration file with its inputs put in and everything it includes merged; throws ConfigError. */
export function loadFile(source: Source, path: string, inputs: Readonly<Record<string, unknown>>): YamlMap {
  return load(source, path, inputs, { left: MOST_INCLUDES });
}

/** Several includes merged into one configuration, the later over the earlier: what a child pipeline consists of. */
export function loadIncludes(source: Source, includes: readonly Yaml[]): YamlMap {
  const budget = { left: MOST_INCLUDES };
  return includes.map((item) => included(source, item, budget)).reduce<YamlMap>(deepMerge, {});
}

interface Budget {
  left: number;
}

function load(
  source: Source,
  path: string,
  inputs: Readonly<Record<string, unknown>>,
  budget: Budget,
): YamlMap {
  budget.left -= 1;
  if (budget.left < 0) throw new ConfigError(`Maximum of ${MOST_INCLUDES} nested includes are allowed!`);
  const tree = named(path, () => read(source, path, inputs));
  const base = loadAll(source, tree, budget);
  return deepMerge(base, without(tree, 'include'));
}

function loadAll(source: Source, tree: YamlMap, budget: Budget): YamlMap {
  return asList(field(tree, 'include'))
    .map((item) => included(source, item, budget))
    .reduce<YamlMap>(deepMerge, {});
}

function read(source: Source, path: string, given: Readonly<Record<string, unknown>>): YamlMap {
  const { header, body } = splitHeader(source.files.get(path) ?? '');
  const inputs = checkInputs(header, given);
  if (!inputs.ok) throw new ConfigError(inputs.errors.join(', '));
  const tree = parseYaml(header === undefined ? body : interpolate(body, inputs.values, source.variable));
  if (!isMapping(tree)) throw new ConfigError('Invalid configuration format');
  return tree;
}

/** Puts the file's name before what is wrong with it, as GitLab does. */
function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`\`${path}\`: ${error.messages.join(', ')}`);
    throw error;
  }
}

function included(source: Source, item: Yaml, budget: Budget): YamlMap {
  if (typeof item === 'string') return local(source, item, {}, budget);
  if (!isMapping(item)) throw new ConfigError('include config should be a string or a hash');
  const odd = Object.keys(item).filter((key) => !KEYS.has(key));
  if (odd.length > 0) {
    throw new ConfigError(`include config contains unsupported keyword for the sandbox: ${odd.join(', ')}`);
  }
  const inputs = field(item, 'inputs') ?? {};
  if (!isMapping(inputs)) throw new ConfigError('include:inputs config should be a hash');
  const path = field(item, 'local');
  if (typeof path === 'string') return local(source, path, inputs, budget);
  const project = field(item, 'project');
  if (typeof project !== 'string')
    throw new ConfigError('include config should name a local file or a project');
  const there = sourceOf(source, project, field(item, 'ref'));
  return asList(field(item, 'file'))
    .map((file) => fromProject(there, String(file), inputs, budget))
    .reduce<YamlMap>(deepMerge, {});
}

function local(source: Source, name: string, inputs: YamlMap, budget: Budget): YamlMap {
  const path = clean(name, source);
  if (!source.files.has(path)) throw new ConfigError(`Local file \`${path}\` does not exist!`);
  return load(source, path, inputs, budget);
}

function fromProject(source: Source, name: string, inputs: YamlMap, budget: Budget): YamlMap {
  const path = clean(name, source);
  if (!source.files.has(path)) {
    throw new ConfigError(`Project \`${source.project.path}\` file \`${path}\` does not exist!`);
  }
  return load(source, path, inputs, budget);
}

function clean(name: string, source: Source): string {
  const path = name
    .replace(/\$\{?(\w+)\}?/g, (_, key: string) => source.variable(key) ?? '')
    .replace(/^\/+/, '');
  if (!/\.ya?ml$/i.test(path))
    throw new ConfigError(`Included file \`${path}\` does not have YAML extension!`);
  if (path.includes('*')) {
    throw new ConfigError(
      `include config contains unsupported keyword for the sandbox: wildcard path ${path}`,
    );
  }
  return path;
}

function sourceOf(source: Source, path: string, ref: Yaml | undefined): Source {
  const project = source.projectAt(path);
  if (project === undefined) {
    throw new ConfigError(
      `Project \`${path}\` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.`,
    );
  }
  const name = typeof ref === 'string' ? ref : project.defaultBranch;
  const commit = project.at(name);
  if (commit === undefined)
    throw new ConfigError(`Project \`${path}\` reference \`${name}\` does not exist!`);
  return { ...source, project, sha: commit.sha, files: commit.files };
}

function without(map: YamlMap, key: string): YamlMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
