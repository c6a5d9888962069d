import type { Input, InputValue } from '../../core/input.ts';
import { type Condition, comparisonsOf, conditionAsText, valueAsText } from './ast.ts';
import { compileCondition } from './compile.ts';

/** Something that would have to hold and does not. `names` are the inputs it speaks of. */
interface Lack {
  readonly text: string;
  readonly names: readonly string[];
}

const holds = (condition: Condition, input: Input): boolean => compileCondition(condition)(input) === true;

const shortestFirst = (a: readonly Lack[], b: readonly Lack[]): number => a.length - b.length;

const namesIn = (condition: Condition): readonly string[] => comparisonsOf(condition).map(({ name }) => name);

const lacksOf = (condition: Condition, input: Input): readonly Lack[] => {
  if (holds(condition, input)) return [];
  switch (condition.kind) {
    case 'and':
      return condition.parts.flatMap((part) => lacksOf(part, input));
    case 'or': {
      const ways = condition.parts.map((part) => lacksOf(part, input)).toSorted(shortestFirst);
      const least = ways[0] ?? [];
      if (least.length > 1) return least;
      const alike = ways.filter((way) => way.length === least.length).flat();
      return [
        { text: alike.map(({ text }) => text).join(' or '), names: alike.flatMap(({ names }) => names) },
      ];
    }
    default:
      return [{ text: conditionAsText(condition), names: namesIn(condition) }];
  }
};

const longestShown = 60;

const shownValue = (value: InputValue): string => {
  const text = valueAsText(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
};

const givenText = (names: readonly string[], input: Input): string => {
  const given = [...new Set(names)].flatMap((name) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    return value === undefined ? [] : [[name, shownValue(value)] as const];
  });
  if (given.length === 0) return 'you gave none';
  const [first] = given;
  if (first !== undefined && new Set(names).size === 1) return `you gave ${first[1]}`;
  return `you gave ${given.map(([name, value]) => `${name} ${value}`).join(', ')}`;
};

/**
 * What would have to hold that does not, in words; empty when the condition holds. Of alternatives, one that lacks least is named
 * with the others of the same size: `env = staging or env = test`.
 */
export const explainCondition = (condition: Condition, input: Input): readonly string[] =>
  lacksOf(condition, input).map(({ text }) => text);

/** The same, each with what was given instead: `you gave 60`. */
export const explainWithGiven = (
  condition: Condition,
  input: Input,
): readonly { readonly need: string; readonly given: string }[] =>
  lacksOf(condition, input).map(({ text, names }) => ({ need: text, given: givenText(names, input) }));
