import { checkInput } from '../../core/check-input.ts';
import type { Command } from '../../core/command.ts';
import { readCommandLine } from '../../core/command-line.ts';
import type { Input, InputSpec, InputValue } from '../../core/input.ts';
import type { Subject } from './classes.ts';
import { examplesOf } from './examples.ts';
import { takes } from './region.ts';
import type { CommandSides, Sides } from './sides.ts';

/** What a change is shown with: one person, one channel, one input. */
export interface About {
  readonly direction: 'gain' | 'lose';
  readonly command: CommandSides;
  readonly who: Subject;
  readonly where: Subject;
  readonly example: Input;
}

/** One line that somebody may type from now on, or no longer. `line` is undefined when none could be made up for its inputs. */
export interface Witness {
  readonly as: Subject;
  readonly in: Subject;
  readonly line: string | undefined;
}

const plain = /^[^\s"'`<>&*_~|=-][^\s"'`<>&*_~|=]*$/;

const written = (value: InputValue): string =>
  typeof value !== 'string' || plain.test(value) ? String(value) : `"${value.replace(/[\\"]/g, '\\$&')}"`;

/** Any value that the input takes; of texts with a pattern, one that was made up for it. */
const anyFor = (spec: InputSpec): InputValue | undefined => {
  if (spec.type === 'boolean') return true;
  if (spec.type !== 'string') return spec.options?.[0] ?? spec.min ?? spec.max ?? 0;
  const made = spec.pattern === undefined ? ['x', 'x'.repeat(spec.minLength ?? 1)] : examplesOf(spec.pattern);
  return spec.options?.[0] ?? made.find((text) => text !== '' && takes(spec, text));
};

/** How an input is typed: by position, or by name. Empty where it need not be typed; undefined where no value could be made up. */
const argumentOf = (spec: InputSpec, input: Input, byName: boolean): string | undefined => {
  const given = Object.hasOwn(input, spec.name) ? input[spec.name] : undefined;
  if (given !== undefined && given === spec.default) return '';
  const value = given ?? (spec.required ? anyFor(spec) : undefined);
  if (value === undefined) return spec.required ? undefined : '';
  if (!checkInput(spec, String(value)).ok) return undefined;
  const text = written(value);
  return byName || !spec.required || text.startsWith('-') ? `--${spec.name}=${text}` : text;
};

const lineFor = (command: Command, input: Input, byName: boolean): string | undefined => {
  const words = command.inputs.map((spec) => argumentOf(spec, input, byName));
  if (words.includes(undefined)) return undefined;
  const positional = words.filter((word) => word !== '' && !word?.startsWith('--'));
  const named = words.filter((word) => word?.startsWith('--'));
  return [command.name, ...positional, ...named].join(' ');
};

/** Whether the gateway's own parser reads the line as this command with this input. */
const readsAs = (line: string, command: Command, commands: readonly Command[], input: Input): boolean => {
  const read = readCommandLine({ commands, builtIns: [], offered: () => [] }, line);
  return (
    read.kind === 'command' &&
    read.command.name === command.name &&
    Object.entries(input).every(([name, value]) => read.input[name] === value)
  );
};

/** Makes up the line that shows the change; for one that is lost, as the older policy read it. */
export const witnessOf = ({ direction, command, who, where, example }: About, sides: Sides): Witness => {
  const side = direction === 'gain' ? 'after' : 'before';
  const declared = command[side];
  const { commands } = sides[side];
  // By position reads best, but an optional input that stands before takes the place of a required one.
  const lines =
    declared === undefined ? [] : [false, true].map((byName) => lineFor(declared, example, byName));
  const line = lines.find(
    (one) => one !== undefined && declared !== undefined && readsAs(one, declared, commands, example),
  );
  return { as: who, in: where, line };
};
