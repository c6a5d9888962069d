import { isMap, isSeq, parseDocument, visit } from 'yaml';

/** What a `.gitlab-ci.yml` may hold once it is read. */
export type Yaml = null | boolean | number | string | readonly Yaml[] | YamlMap;

/** A mapping of the file; look keys up with {@link field}, since a job may be called `constructor`. */
export interface YamlMap {
  readonly [key: string]: Yaml;
}

/** The configuration cannot be used; `messages` are what GitLab's API gives as `base`. */
export class ConfigError extends Error {
  readonly messages: readonly string[];
  constructor(...messages: string[]) {
    super(messages.join('\n'));
    this.name = 'ConfigError';
    this.messages = messages;
  }
}

/** The key under which a `!reference [a, b]` stands until it is resolved. */
export const REFERENCE = '!reference';

const LEFT_OUT = new Set(
  ['timestamp', 'binary', 'omap', 'pairs', 'set'].map((t) => `tag:yaml.org,2002:${t}`),
);

/** A configuration file's text, cut at `---` into the header with `spec:` and the body; line numbers of the body are kept. */
export function splitHeader(text: string): { readonly header: string | undefined; readonly body: string } {
  const lines = text.split('\n');
  const cuts = lines.flatMap((line, at) => (/^---(\s|$)/.test(line) ? [at] : []));
  const cut = cuts.find((at) => lines.slice(0, at).some((line) => /^\s*[^#\s-]/.test(line)));
  if (cut === undefined) return { header: undefined, body: text };
  const header = lines.slice(0, cut).join('\n');
  if (!/^spec\s*:/m.test(header)) return { header: undefined, body: text };
  return { header, body: '\n'.repeat(cut + 1) + lines.slice(cut + 1).join('\n') };
}

/** Reads one YAML document as GitLab does (YAML 1.1: `yes` is true); throws {@link ConfigError} with the line. */
export function parseYaml(text: string): Yaml {
  const document = parseDocument(text, {
    version: '1.1',
    logLevel: 'silent',
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || !LEFT_OUT.has(tag.tag)),
      { tag: REFERENCE, collection: 'seq' },
    ],
  });
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong) throw new ConfigError(`(<unknown>): ${wrong.message.split('\n', 1)[0]?.replace(/:$/, '')}`);
  visit(document, {
    Seq: (_, node) => {
      if (node.tag !== REFERENCE) return undefined;
      return document.createNode({ [REFERENCE]: node.items.map((item) => String(item)) });
    },
    // Ruby's YAML takes only whole words for truth values, so that a job may be called `y`.
    Scalar: (_, node) => {
      if (typeof node.value === 'boolean' && /^[yn]$/i.test(node.source ?? '')) node.value = node.source;
    },
    Pair: (_, pair) => {
      if (isMap(pair.key) || isSeq(pair.key)) throw new ConfigError('Invalid configuration format');
    },
  });
  const tree: unknown = document.toJS();
  return checked(tree);
}

function checked(value: unknown): Yaml {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(checked);
  if (typeof value !== 'object') throw new ConfigError('Invalid configuration format');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, checked(item)]));
}

/** Says whether a value is a mapping. */
export function isMapping(value: Yaml | undefined): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says whether a value is a list. */
export function isList(value: Yaml | undefined): value is readonly Yaml[] {
  return Array.isArray(value);
}

/** The value under a key of a mapping, undefined when it has no such key of its own. */
export function field(map: YamlMap, key: string): Yaml | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A list, or the one value that stands for a list of one, or nothing. */
export function asList(value: Yaml | undefined): readonly Yaml[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** Merges two mappings as GitLab does: mappings key by key, everything else replaced by the latter. */
export function deepMerge(base: YamlMap, over: YamlMap): YamlMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isMapping(before) && isMapping(value) ? deepMerge(before, value) : value);
  }
  return Object.fromEntries(merged);
}
