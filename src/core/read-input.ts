import { checkInput } from './check-input.ts';
import { againWord, type Command } from './command.ts';
import type { Input, InputSpec, InputValue } from './input.ts';
import { nearest } from './suggest.ts';
import { quote } from './text.ts';
import type { Token } from './tokens.ts';

/** What is wrong with a typed line, and where: `start` inclusive, `end` exclusive. */
export interface Problem {
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What the spot may have meant, nearest first. */
  readonly suggestions: readonly string[];
  readonly command?: Command;
}

/** A value as typed, given to one input. */
interface Given {
  readonly spec: InputSpec;
  readonly text: string;
  readonly token: Token;
  /** By name, not by position. */
  readonly named: boolean;
}

type Values = ReadonlyMap<string, InputValue>;
type Spot = Pick<Problem, 'start' | 'end' | 'message' | 'suggestions'>;
type Sorted = { readonly given: readonly Given[] } | { readonly spot: Spot };

const spotAt = (token: Token, message: string, suggestions: readonly string[] = []): Spot => ({
  start: token.start,
  end: token.end,
  message,
  suggestions,
});

const inputName = /^[A-Za-z][\w-]*$/;

/** A token that names its input: `--name`, `--name=value` or `name=value`. */
const namedBy = (token: Token): { name: string; value: string | undefined } | undefined => {
  const dashed = token.text.startsWith('--') && !token.quoted;
  const dashedValue = token.text.startsWith('--') && token.equals > 2;
  const from = dashed || dashedValue ? 2 : 0;
  const name = token.equals === -1 ? token.text.slice(from) : token.text.slice(from, token.equals);
  if (from === 0 && (token.equals < 1 || !inputName.test(name))) return undefined;
  return { name, value: token.equals === -1 ? undefined : token.text.slice(token.equals + 1) };
};

const unknownInput = (command: Command, token: Token, name: string): Spot => {
  if (token.text.startsWith(`--${againWord}=`))
    return spotAt(token, `--${againWord} stands alone, it takes no value`);
  const names = command.inputs.map((spec) => spec.name);
  const has = names.length === 0 ? 'takes no input' : `has ${names.join(', ')}`;
  const hint = token.text.startsWith('--') ? '' : '; put the value in quotes if it is one';
  return spotAt(token, `${command.name} has no input "${name}" (it ${has})${hint}`, nearest(name, names));
};

/** Whether the next token is the value of `--name`. A boolean may stand alone. */
const takesNext = (spec: InputSpec, next: Token | undefined): boolean =>
  next !== undefined &&
  (spec.type !== 'boolean' || checkInput(spec, next.text).ok) &&
  (next.quoted || namedBy(next) === undefined || spec.type === 'boolean');

interface Separated {
  readonly given: Given[];
  readonly loose: Token[];
}

/** Tells named values from loose ones. */
const separate = (command: Command, tokens: readonly Token[]): Separated | Spot => {
  const given: Given[] = [];
  const loose: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const named = namedBy(token);
    if (named === undefined) {
      loose.push(token);
      continue;
    }
    const spec = command.inputs.find((input) => input.name === named.name);
    if (spec === undefined) return unknownInput(command, token, named.name);
    if (given.some((other) => other.spec === spec)) return spotAt(token, `${spec.name} is given twice`);
    const next = tokens[at + 1];
    if (named.value !== undefined) given.push({ spec, text: named.value, token, named: true });
    else if (next !== undefined && takesNext(spec, next)) {
      given.push({ spec, text: next.text, token: next, named: true });
      at++;
    } else if (spec.type === 'boolean') given.push({ spec, text: 'true', token, named: true });
    else return spotAt(token, `${spec.name} has no value`);
  }
  return { given, loose };
};

/** Gives loose values to the inputs that were not named, in declared order. */
const assign = (command: Command, tokens: readonly Token[]): Sorted => {
  const separated = separate(command, tokens);
  if (!('loose' in separated)) return { spot: separated };
  const open = command.inputs.filter((spec) => !separated.given.some((given) => given.spec === spec));
  const extra = separated.loose[open.length];
  if (extra !== undefined) {
    const most = command.inputs.length;
    const takes = most === 0 ? 'no input' : `at most ${most} ${most === 1 ? 'value' : 'values'}`;
    return {
      spot: spotAt(
        extra,
        `this is one value too many: ${command.name} takes ${takes}; a value with blanks needs quotes`,
      ),
    };
  }
  const placed = separated.loose.flatMap((token, index) => {
    const spec = open[index];
    return spec === undefined ? [] : [{ spec, text: token.text, token, named: false }];
  });
  return { given: [...separated.given, ...placed] };
};

/** GitLab expands `$` in the value of a pipeline variable, so such a value would not arrive as typed. */
const expands = (command: Command, value: InputValue): boolean =>
  command.pipeline?.pass === 'variables' && typeof value === 'string' && value.includes('$');

const checkGiven = (
  command: Command,
  { spec, text, token }: Given,
): { value: InputValue } | { spot: Spot } => {
  const checked = checkInput(spec, text);
  if (!checked.ok) return { spot: spotAt(token, checked.problem, checked.suggestions) };
  if (expands(command, checked.value)) {
    return {
      spot: spotAt(token, `${spec.name} may not hold "$": GitLab would expand it on the way to the job`),
    };
  }
  return { value: checked.value };
};

/**
 * The arguments in one form: first what was given by position, then what was given by name as `--name=value`, each in declared
 * order, and only what was typed. A job that read GitLab's `CHAT_INPUT` before reads the same words.
 */
const canonicalArguments = (command: Command, given: readonly Given[], values: Values): string => {
  const written = (named: boolean): readonly string[] =>
    command.inputs.flatMap((spec) => {
      const typed = given.find((one) => one.spec === spec && one.named === named);
      const value = values.get(spec.name);
      if (typed === undefined || value === undefined) return [];
      return [named ? `--${spec.name}=${quote(String(value))}` : quote(String(value))];
    });
  return [...written(false), ...written(true)].join(' ');
};

const missingInput = (command: Command, spec: InputSpec, end: number): Spot => {
  const options =
    'options' in spec && spec.options !== undefined ? ` (one of ${spec.options.join(', ')})` : '';
  const about = spec.description === undefined ? '' : `, ${spec.description}`;
  return {
    start: end + 1,
    end: end + 2,
    message: `${command.name} needs ${spec.name}: ${spec.type === 'integer' ? 'a whole number' : `a ${spec.type}`}${about}${options}`,
    suggestions: [],
  };
};

/** A command's input as checked, and its arguments in the one canonical form. */
export type ReadInput =
  | { readonly ok: true; readonly input: Input; readonly arguments: string }
  | { readonly ok: false; readonly problem: Problem };

/** Reads the tokens after the command's name: names, positions, types, defaults, required. */
export const readInput = (command: Command, line: string, tokens: readonly Token[]): ReadInput => {
  const fail = (spot: Spot): ReadInput => ({ ok: false, problem: { line, ...spot, command } });
  const assigned = assign(command, tokens);
  if ('spot' in assigned) return fail(assigned.spot);
  const typed = new Map<string, InputValue>();
  for (const given of assigned.given) {
    const checked = checkGiven(command, given);
    if ('spot' in checked) return fail(checked.spot);
    typed.set(given.spec.name, checked.value);
  }
  const input: [string, InputValue][] = [];
  for (const spec of command.inputs) {
    const value = typed.get(spec.name) ?? spec.default;
    if (value !== undefined) input.push([spec.name, value]);
    else if (spec.required) return fail(missingInput(command, spec, line.length));
  }
  return {
    ok: true,
    input: Object.fromEntries(input),
    arguments: canonicalArguments(command, assigned.given, typed),
  };
};
