import { expand } from './expand.ts';
import { ConfigError, type Yaml } from './yaml.ts';

const BLOCK = /\$\[\[\s*(\S.*?\S)\s*\]\]/g;
const MOST_FUNCTIONS = 3;

/**
 * Puts the inputs in for `$[[ inputs.name | function ]]`, in the text and before it is read as YAML, as GitLab does:
 * strings as they are, everything else as JSON (https://docs.gitlab.com/ci/inputs/). Throws ConfigError.
 */
export function interpolate(
  text: string,
  inputs: ReadonlyMap<string, Yaml>,
  variable: (name: string) => string | undefined,
): string {
  return text.replace(BLOCK, (_, block: string) => {
    const [access = '', ...functions] = block.split('|').map((part) => part.trim());
    if (functions.length > MOST_FUNCTIONS) throw new ConfigError('too many functions in interpolation block');
    const value = functions.reduce<Yaml>((soFar, call) => apply(call, soFar, variable), read(access, inputs));
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function read(access: string, inputs: ReadonlyMap<string, Yaml>): Yaml {
  const [root = '', name, ...rest] = access.split('.');
  if (name === undefined) throw new ConfigError('invalid interpolation access pattern');
  if (root !== 'inputs') throw new ConfigError(`unknown interpolation key: \`${root}\``);
  const value = inputs.get(name);
  if (value === undefined || rest.length > 0) {
    throw new ConfigError(`unknown interpolation key: \`${rest[0] ?? name}\``);
  }
  return value;
}

function apply(call: string, value: Yaml, variable: (name: string) => string | undefined): Yaml {
  const [, name = '', bracket] = /^(\w+)(?:\((.*)\))?$/.exec(call) ?? [];
  if (typeof value !== 'string') throw new ConfigError(`invalid input type: ${call} takes a string`);
  if (name === 'expand_vars' && bracket === undefined) return expand(value, variable);
  if (name === 'posix_escape' && bracket === undefined) return posixEscape(value);
  const range = name === 'truncate' ? /^\s*(\d+)\s*,\s*(\d+)\s*$/.exec(bracket ?? '') : null;
  if (range === null) {
    throw new ConfigError(
      `no function matching \`${call}\`: check that the function name, arguments, and types are correct`,
    );
  }
  const from = Number(range[1]);
  return value.slice(from, from + Number(range[2]));
}

function posixEscape(value: string): string {
  if (value === '') return "''";
  return value.replace(/[^A-Za-z0-9_\-.,:+/@\n]/g, '\\$&').replace(/\n/g, "'\n'");
}
