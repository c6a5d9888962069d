import { compilePattern } from './pattern.ts';
import { ConfigError, field, isList, isMapping, parseYaml, type Yaml, type YamlMap } from './yaml.ts';

/** GitLab takes at most this many inputs for one pipeline (https://docs.gitlab.com/ci/inputs/). */
export const MOST_INPUTS = 20;

const TYPES = ['array', 'boolean', 'number', 'string'] as const;
const SPEC_KEYS = new Set(['default', 'description', 'options', 'regex', 'type']);

/** The checked inputs, or what is wrong with them in GitLab's words (at most three, as GitLab shows). */
export type Inputs =
  | { readonly ok: true; readonly values: ReadonlyMap<string, Yaml> }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Checks given inputs against the header of a configuration file (https://docs.gitlab.com/ci/inputs/). */
export function checkInputs(header: string | undefined, given: Readonly<Record<string, unknown>>): Inputs {
  const names = Object.keys(given);
  if (names.length > MOST_INPUTS)
    return refused(`There are too many inputs: at most ${MOST_INPUTS} are allowed`);
  if (header === undefined) {
    if (names.length === 0) return { ok: true, values: new Map() };
    return refused('Given inputs not defined in the `spec` section of the included configuration file');
  }
  const specs = readSpecs(header);
  const errors: string[] = [];
  const unknown = names.filter((name) => field(specs, name) === undefined);
  if (unknown.length > 0) errors.push(`unknown input arguments: ${unknown.join(', ')}`);
  const values = new Map<string, Yaml>();
  for (const [name, spec] of Object.entries(specs)) {
    const result = checkInput(spec, Object.hasOwn(given, name) ? given[name] : undefined);
    if (typeof result === 'string') errors.push(result.replaceAll('%', `\`${name}\``));
    else values.set(name, result.value);
  }
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, 3) } : { ok: true, values };
}

function refused(error: string): Inputs {
  return { ok: false, errors: [error] };
}

function readSpecs(header: string): YamlMap {
  const tree = parseYaml(header);
  const spec = isMapping(tree) ? field(tree, 'spec') : undefined;
  if (!isMapping(tree) || Object.keys(tree).length !== 1) {
    throw new ConfigError('header config contains unknown keys: only `spec` may stand before `---`');
  }
  if (spec === null || spec === undefined) return {};
  if (!isMapping(spec)) throw new ConfigError('header:spec config should be a hash');
  const unknown = Object.keys(spec).filter((key) => key !== 'inputs');
  if (unknown.length > 0) {
    throw new ConfigError(
      `header:spec config contains unsupported keyword for the sandbox: ${unknown.join(', ')}`,
    );
  }
  const inputs = field(spec, 'inputs');
  if (inputs === null || inputs === undefined) return {};
  if (!isMapping(inputs)) throw new ConfigError('header:spec:inputs config should be a hash');
  return inputs;
}

type Value = { readonly value: Yaml };

/** In a message `%` stands for the input's name in backticks. */
function checkInput(spec: Yaml, given: unknown): Value | string {
  if (spec !== null && !isMapping(spec)) return unknownSpec();
  const rules = spec ?? {};
  const odd = Object.keys(rules).filter((key) => !SPEC_KEYS.has(key));
  if (odd.length > 0)
    return `header:spec:inputs:% config contains unsupported keyword for the sandbox: ${odd.join(', ')}`;
  const type = field(rules, 'type') ?? 'string';
  const known = TYPES.find((name) => name === type);
  if (known === undefined) return unknownSpec();
  const fallback = field(rules, 'default');
  if (fallback === undefined && (given === undefined || given === null)) {
    return '% input: required value has not been provided';
  }
  if (fallback !== undefined) {
    const wrong = violation(known, rules, fallback, 'default');
    if (wrong !== undefined) return wrong;
  }
  if (given === undefined || given === null) return { value: fallback ?? null };
  const wrong = violation(known, rules, given, 'provided');
  if (wrong !== undefined) return wrong;
  return { value: plain(given) };
}

function unknownSpec(): string {
  return `unknown input specification for % (valid types: ${TYPES.join(', ')})`;
}

function violation(
  type: (typeof TYPES)[number],
  spec: YamlMap,
  value: unknown,
  which: string,
): string | undefined {
  if (!fits(type, value)) return `% input: ${which} value is not ${type === 'array' ? 'an' : 'a'} ${type}`;
  const options = field(spec, 'options');
  const regex = field(spec, 'regex');
  const limited = type === 'string' || type === 'number';
  if (options !== undefined && !limited)
    return '% input: Options can only be used with string and number inputs';
  if (isList(options) && !options.some((option) => option === value)) {
    return `% input: \`${String(value)}\` cannot be used because it is not in the list of ${type === 'number' ? 'the ' : ''}allowed options`;
  }
  if (regex === undefined) return undefined;
  if (type !== 'string') return '% input: RegEx validation can only be used with string inputs';
  if (typeof regex !== 'string') return '% input: invalid regular expression';
  return unmatched(regex, String(value), which);
}

function unmatched(regex: string, value: string, which: string): string | undefined {
  const compiled = compilePattern(regex, '');
  if (compiled === undefined) return '% input: invalid regular expression';
  return compiled.test(value) ? undefined : `% input: ${which} value does not match required RegEx pattern`;
}

function fits(type: (typeof TYPES)[number], value: unknown): boolean {
  return type === 'array' ? Array.isArray(value) : typeof value === type;
}

/** The value as JSON would carry it: what arrives from outside is checked for type only at its surface. */
function plain(value: unknown): Yaml {
  return parseYaml(JSON.stringify(value));
}
