import {
  asList,
  ConfigError,
  deepMerge,
  field,
  isList,
  isMapping,
  REFERENCE,
  type Yaml,
  type YamlMap,
} from './yaml.ts';

const DEEPEST = 10;

/** Resolves `extends` of every job: bases merged in order, the job over them (https://docs.gitlab.com/ci/yaml/#extends). */
export function resolveExtends(tree: YamlMap): YamlMap {
  return Object.fromEntries(Object.keys(tree).map((name) => [name, extended(tree, name, [])]));
}

function extended(tree: YamlMap, name: string, path: readonly string[]): Yaml {
  const entry = field(tree, name) ?? null;
  if (!isMapping(entry) || field(entry, 'extends') === undefined) return entry;
  if (path.includes(name)) throw new ConfigError(`${name}: circular dependency detected in \`extends\``);
  if (path.length > DEEPEST) throw new ConfigError(`${name}: nesting too deep in \`extends\``);
  const bases = asList(field(entry, 'extends')).map(String);
  const unknown = bases.filter((base) => field(tree, base) === undefined);
  if (unknown.length > 0)
    throw new ConfigError(`${name}: unknown keys in \`extends\` (${unknown.join(', ')})`);
  const merged = bases
    .map((base) => extended(tree, base, [...path, name]))
    .filter(isMapping)
    .reduce<YamlMap>(deepMerge, {});
  return Object.fromEntries(Object.entries(deepMerge(merged, entry)).filter(([key]) => key !== 'extends'));
}

/** Resolves every `!reference [job, key, ...]`; one that stands in a list puts its own items into that list when they are read. */
export function resolveReferences(tree: YamlMap): YamlMap {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, resolve(tree, value, [])]));
}

function resolve(tree: YamlMap, value: Yaml, open: readonly string[]): Yaml {
  if (isList(value)) return value.map((item) => resolve(tree, item, open));
  if (!isMapping(value)) return value;
  const path = field(value, REFERENCE);
  if (path === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(tree, item, open)]));
  }
  const steps = asList(path).map(String);
  const shown = `${REFERENCE} ${JSON.stringify(steps)}`;
  if (open.includes(shown)) throw new ConfigError(`${shown} is part of a circular chain`);
  if (open.length >= DEEPEST) throw new ConfigError(`${shown} is nested too deeply`);
  const target = steps.reduce<Yaml | undefined>(
    (at, step) => (isMapping(at) ? field(at, step) : undefined),
    tree,
  );
  if (target === undefined || target === null) throw new ConfigError(`${shown} could not be found`);
  return resolve(tree, target, [...open, shown]);
}

/** Lists in lists as one list, which is what `!reference` within a list leads to. */
export function flatten(value: Yaml | undefined): readonly Yaml[] {
  return asList(value).flatMap((item) => (isList(item) ? flatten(item) : [item]));
}
