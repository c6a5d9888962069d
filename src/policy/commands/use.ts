import type { DirectTarget } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import { didYouMean, shown } from '../hints.ts';
import { allowOnly, type Reader } from './reader.ts';

/** An input that a built-in effect reads. */
export interface UseInput {
  readonly name: string;
  readonly types: readonly InputSpec['type'][];
  /** It must have a value in every run. */
  readonly required: boolean;
  /** The only words understood where it is a string; a command may offer fewer. */
  readonly options?: readonly string[];
}

/** A built-in effect that a direct command may name: its settings, all of them texts that must be there, and the inputs it reads. */
export interface UseDeclaration {
  readonly name: string;
  readonly settings: readonly string[];
  readonly inputs: readonly UseInput[];
}

const readSettings = (reader: Reader, { settings }: UseDeclaration): Readonly<Record<string, string>> => {
  allowOnly(reader, ['use', ...settings]);
  const found: [string, string][] = [];
  for (const key of settings) {
    reader.require(key);
    const value = reader.text(key);
    if (value?.trim() === '') reader.wrong(key, 'is empty');
    if (value !== undefined) found.push([key, value]);
  }
  return Object.fromEntries(found);
};

const needed = ({ types, options }: UseInput): string =>
  types
    .map((type) => (type === 'string' && options ? `${type} with options from ${options.join(', ')}` : type))
    .join('; or ');

/** What is wrong with an input that the effect reads. */
const inputProblem = (use: UseDeclaration, input: UseInput, spec: InputSpec): string | undefined => {
  const { types, options, required } = input;
  const free = spec.type === 'string' && options !== undefined && spec.options === undefined;
  if (!types.includes(spec.type) || free) return `${use.name} needs ${needed(input)}`;
  const words = spec.type === 'string' && options !== undefined ? (spec.options ?? []) : [];
  const strange = words.find((word) => !options?.includes(word));
  if (strange !== undefined)
    return `${shown(strange)} is not understood by ${use.name} (it takes ${options?.join(', ')})${didYouMean(strange, options ?? [])}`;
  if (required && !spec.required && spec.default === undefined)
    return 'may be absent; give it a default or make it required';
  return undefined;
};

/** An input that nothing reads is a mistake too: an environment under another name would leave the effect without one. */
const unreadProblem = (use: UseDeclaration, name: string): string => {
  const names = use.inputs.map((input) => input.name);
  const known = names.length === 0 ? 'no input' : names.join(', ');
  return `${use.name} does not read it (it reads ${known})${didYouMean(name, names)}`;
};

const checkInputs = (
  command: Reader,
  direct: Reader,
  specs: readonly InputSpec[],
  use: UseDeclaration,
): void => {
  const declared = command.tree('inputs')?.kind;
  if (declared !== undefined && declared !== 'table') return;
  const reader = command.table('inputs');
  for (const input of use.inputs)
    if (input.required && !reader?.has(input.name))
      direct.wrong('use', `${use.name} needs the input ${input.name} (${needed(input)})`);
  for (const name of reader?.keys ?? []) {
    const input = use.inputs.find((one) => one.name === name);
    const spec = specs.find((one) => one.name === name);
    const problem = input === undefined ? unreadProblem(use, name) : spec && inputProblem(use, input, spec);
    if (problem !== undefined) reader?.wrong(name, problem);
  }
};

/** Reads `direct: { use: …, … }`: the settings and the command's inputs must be those that the effect declares. */
export const readUse = (
  command: Reader,
  direct: Reader,
  inputs: readonly InputSpec[],
  uses: readonly UseDeclaration[],
): DirectTarget | undefined => {
  const name = direct.text('use');
  if (name === undefined) return undefined;
  const names = uses.map((one) => one.name);
  const use = uses.find((one) => one.name === name);
  if (use === undefined)
    return direct.wrong(
      'use',
      `${shown(name)} is no built-in effect (there are ${names.join(', ')})${didYouMean(name, names)}`,
    );
  checkInputs(command, direct, inputs, use);
  return { use: use.name, settings: readSettings(direct, use) };
};
