import type { Input, InputValue } from '../../core/input.ts';
import type { Comparison, Condition } from './ast.ts';

/** Whether a condition holds: `undefined` when that depends on an input that was not given. */
export type Verdict = boolean | undefined;

/** A condition compiled: asks an input. */
export type Ask = (input: Input) => Verdict;

const givenValue = (input: Input, name: string): InputValue | undefined => {
  if (!Object.hasOwn(input, name)) return undefined;
  const value = input[name];
  // NaN is neither below nor above anything: no rule may be decided on it.
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
};

const sameType = (given: InputValue, wanted: InputValue | undefined): boolean =>
  typeof given === typeof wanted;

const compareNumbers = (operator: string, given: number, wanted: number): Verdict => {
  if (operator === '<') return given < wanted;
  if (operator === '<=') return given <= wanted;
  if (operator === '>') return given > wanted;
  return operator === '>=' ? given >= wanted : undefined;
};

const compileComparison = (comparison: Comparison): ((given: InputValue) => Verdict) => {
  if (comparison.kind === 'matches') {
    return (given) => (typeof given === 'string' ? comparison.matches(given) : undefined);
  }
  if (comparison.kind === 'in') {
    const values = new Set(comparison.values);
    return (given) => (sameType(given, comparison.values[0]) ? values.has(given) : undefined);
  }
  const { operator, value } = comparison;
  if (operator === '=') return (given) => (sameType(given, value) ? given === value : undefined);
  if (operator === '!=') return (given) => (sameType(given, value) ? given !== value : undefined);
  return (given) =>
    typeof given === 'number' && typeof value === 'number'
      ? compareNumbers(operator, given, value)
      : undefined;
};

const negate = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);

/** `and` is settled by one false, `or` by one true; otherwise one unknown makes the whole unknown. */
const join = (asks: readonly Ask[], settles: boolean): Ask => {
  return (input) => {
    let unknown = false;
    for (const ask of asks) {
      const verdict = ask(input);
      if (verdict === settles) return settles;
      if (verdict === undefined) unknown = true;
    }
    return unknown ? undefined : !settles;
  };
};

/**
 * Compiles a condition to a question with three answers (Kleene's logic). A comparison of an input that was not given,
 * or that has another type than the comparison, is neither true nor false, and so is its negation.
 */
export const compileCondition = (condition: Condition): Ask => {
  switch (condition.kind) {
    case 'always':
      return () => true;
    case 'and':
    case 'or':
      return join(condition.parts.map(compileCondition), condition.kind === 'or');
    case 'not': {
      const ask = compileCondition(condition.part);
      return (input) => negate(ask(input));
    }
    default: {
      const compare = compileComparison(condition);
      return (input) => {
        const given = givenValue(input, condition.name);
        return given === undefined ? undefined : compare(given);
      };
    }
  }
};

/** Whether a rule with this effect applies. Unknown fails closed: an allow rule does not apply, a deny rule does. */
export const applies = (verdict: Verdict, effect: string): boolean =>
  effect === 'allow' ? verdict === true : verdict !== false;
