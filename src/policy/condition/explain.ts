import type { Input } from '../../core/input.ts';
import { type Condition, conditionAsText } from './ast.ts';
import { compileCondition } from './compile.ts';

const holds = (condition: Condition, input: Input): boolean => compileCondition(condition)(input) === true;

const shortestFirst = (a: readonly string[], b: readonly string[]): number => a.length - b.length;

/**
 * What would have to hold that does not, in words; empty when the condition holds. Of alternatives, one that lacks least is named
 * with the others of the same size: `env = staging or env = test`.
 */
export const explainCondition = (condition: Condition, input: Input): readonly string[] => {
  if (holds(condition, input)) return [];
  switch (condition.kind) {
    case 'and':
      return condition.parts.flatMap((part) => explainCondition(part, input));
    case 'or': {
      const ways = condition.parts.map((part) => explainCondition(part, input)).toSorted(shortestFirst);
      const least = ways[0] ?? [];
      if (least.length > 1) return least;
      return [ways.filter((way) => way.length === least.length).join(' or ')];
    }
    default:
      return [conditionAsText(condition)];
  }
};
