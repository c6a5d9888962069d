import { checkInput } from '../../core/check-input.ts';
import type { Command } from '../../core/command.ts';
import type { InputSpec, InputValue } from '../../core/input.ts';
import { didYouMean } from '../hints.ts';
import { type Comparison, type Condition, comparisonsOf, valueAsText } from './ast.ts';

const typeOf = (value: InputValue): string =>
  typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'true or false';

const wantedOf: Readonly<Record<InputSpec['type'], string>> = {
  string: 'a text',
  integer: 'a number',
  number: 'a number',
  boolean: 'true or false',
};

/** What is wrong with a condition for some command. */
export interface ConditionProblem {
  readonly code: 'unknown-input' | 'unknown-option' | 'wrong-type';
  readonly text: string;
}

const wrongType = (text: string): ConditionProblem => ({ code: 'wrong-type', text });

const typeProblem = (input: InputSpec, value: InputValue): ConditionProblem | undefined => {
  if (typeOf(value) === wantedOf[input.type]) return undefined;
  const hint = input.type === 'string' ? `; write "${value}" in quotes` : '';
  return wrongType(
    `${valueAsText(value)} is ${typeOf(value)}, but ${input.name} takes ${wantedOf[input.type]}${hint}`,
  );
};

/** Equality with a value that the input can never have: a typo that would make a rule dead, or a deny harmless. */
const impossible = (input: InputSpec, value: InputValue): string | undefined => {
  const options = input.type === 'boolean' ? undefined : input.options;
  if (options !== undefined) {
    const texts = options.map(String);
    if (texts.includes(String(value))) return undefined;
    return `${input.name} is never ${valueAsText(value)}, only ${texts.join(', ')}${didYouMean(String(value), texts)}`;
  }
  const checked = checkInput(input, String(value));
  return checked.ok ? undefined : `${input.name} is never ${valueAsText(value)}: ${checked.problem}`;
};

const valueProblem = (input: InputSpec, value: InputValue): ConditionProblem | undefined => {
  const wrong = typeProblem(input, value);
  const never = wrong === undefined ? impossible(input, value) : undefined;
  return wrong ?? (never === undefined ? undefined : { code: 'unknown-option', text: never });
};

const comparisonProblem = (input: InputSpec, comparison: Comparison): ConditionProblem | undefined => {
  switch (comparison.kind) {
    case 'in':
      return comparison.values
        .map((value) => valueProblem(input, value))
        .find((problem) => problem !== undefined);
    case 'matches':
      return input.type === 'string'
        ? undefined
        : wrongType(`matches is for texts, but ${input.name} takes ${wantedOf[input.type]}`);
    case 'compare': {
      const { operator, value } = comparison;
      if (operator === '=' || operator === '!=') return valueProblem(input, value);
      if (input.type !== 'integer' && input.type !== 'number')
        return wrongType(`${operator} is for numbers, but ${input.name} takes ${wantedOf[input.type]}`);
      return typeProblem(input, value);
    }
  }
};

const problemOf = (command: Command, comparison: Comparison): ConditionProblem | undefined => {
  const input = command.inputs.find(({ name }) => name === comparison.name);
  if (input !== undefined) return comparisonProblem(input, comparison);
  const names = command.inputs.map(({ name }) => name);
  const known = names.length === 0 ? 'it has no inputs' : `it has ${names.join(', ')}`;
  const text = `there is no input ${comparison.name} (${known})${didYouMean(comparison.name, names)}`;
  return { code: 'unknown-input', text };
};

/** What is wrong with a condition for this command: unknown inputs, values of another type, options that do not exist. */
export const conditionProblems = (condition: Condition, command: Command): readonly ConditionProblem[] =>
  comparisonsOf(condition).flatMap((comparison) => {
    const problem = problemOf(command, comparison);
    return problem === undefined ? [] : [{ ...problem, text: `for ${command.name}: ${problem.text}` }];
  });
