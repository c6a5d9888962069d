import type { Input, InputValue } from '../../../src/core/input.ts';
import { takes } from '../../../src/policy/access/region.ts';
import type { Taken } from './said.ts';
import type { Compiled } from './small-policies.ts';

const space: Readonly<Record<string, readonly (InputValue | undefined)[]>> = {
  weight: [0, 1, 2, 3, 4, 5, 6, 7],
  env: ['s', 'p', 't'],
  note: [undefined, 'a', 'b', 'zzz'],
  dry: [undefined, true, false],
};

/** Every setting of these inputs. */
export const inputsOver = (names: readonly string[]): readonly Input[] =>
  names.reduce<readonly Input[]>(
    (inputs, name) =>
      inputs.flatMap((input) =>
        (space[name] ?? []).map((value) => (value === undefined ? input : { ...input, [name]: value })),
      ),
    [{}],
  );

/** The inputs of a command, by name. */
export const namesOf = ({ parts }: Compiled, command: string): readonly string[] =>
  parts.commands.find(({ name }) => name === command)?.inputs.map(({ name }) => name) ?? [];

/** Whether somebody may run a command with this input; never with one that it does not take. */
export const allows = (
  { policy, parts }: Compiled,
  caller: string,
  channel: string,
  command: string,
  input: Input,
) => {
  const declared = parts.commands.find(({ name }) => name === command);
  if (declared === undefined) return false;
  const fit = declared.inputs.every((spec) => takes(spec, input[spec.name]));
  return fit && policy.decide({ caller, channel, command, input }).allowed;
};

const agrees = (input: Input, other: Input, names: readonly string[]): boolean =>
  names.every((name) => input[name] === other[name]);

/** Which declarations of the command take a value of an input. */
export const takenIn =
  (one: Compiled, other: Compiled, command: string) =>
  (name: string, value: InputValue | undefined): Taken => {
    const isTaken = ({ parts }: Compiled): boolean => {
      const declared = parts.commands.find((found) => found.name === command);
      return takes(
        declared?.inputs.find((spec) => spec.name === name),
        value,
      );
    };
    return { before: isTaken(one), after: isTaken(other) };
  };

/** Each input over what both declare, with whether some setting of the rest is allowed: asked one by one. */
export const bruteForce = (
  one: Compiled,
  other: Compiled,
  caller: string,
  channel: string,
  command: string,
) => {
  const own = [namesOf(one, command), namesOf(other, command)] as const;
  const shared = own[0].filter((name) => own[1].includes(name));
  const openTo = (which: Compiled, names: readonly string[]) =>
    inputsOver(names).filter((input) => allows(which, caller, channel, command, input));
  const [was, is] = [openTo(one, own[0]), openTo(other, own[1])];
  const takenOf = takenIn(one, other, command);
  const possible = (name: string, value: InputValue | undefined): boolean => {
    const { before, after } = takenOf(name, value);
    return before || after;
  };
  const inputs = inputsOver(shared).filter((input) => shared.every((name) => possible(name, input[name])));
  return inputs.map((input) => ({
    input,
    was: was.some((open) => agrees(open, input, shared)),
    is: is.some((open) => agrees(open, input, shared)),
  }));
};
