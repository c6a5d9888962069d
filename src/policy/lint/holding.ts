import type { Command } from '../../core/command.ts';
import type { InputSpec, InputValue, NumberInput, StringInput } from '../../core/input.ts';
import { type Comparison, type Condition, comparisonsOf } from '../condition/ast.ts';

interface Order {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly value: InputValue;
}

const holdsAt = ({ operator, value }: Order, number: number): boolean => {
  const bound = Number(value);
  if (operator === '<') return number < bound;
  if (operator === '<=') return number <= bound;
  if (operator === '>') return number > bound;
  return number >= bound;
};

/** A bound is reached at one of the ends of what the input takes. */
const isReached = (order: Order, { options, min = -Infinity, max = Infinity }: NumberInput): boolean =>
  (options ?? [min, max]).some((number) => holdsAt(order, number));

const orderIn = (one: Comparison): Order | undefined => {
  if (one.kind !== 'compare') return undefined;
  const { operator, value } = one;
  return operator === '=' || operator === '!=' ? undefined : { operator, value };
};

/** Which texts two patterns have in common cannot be said; what is known are options. */
const canMatch = (matches: (value: string) => boolean, { options }: StringInput): boolean =>
  options === undefined || options.some(matches);

/** Values that do not exist are mistakes already, so what asks for one value is true of that. */
const canHold = (one: Comparison, spec: InputSpec | undefined): boolean => {
  if (spec === undefined) return false;
  if (one.kind === 'matches') return spec.type === 'string' && canMatch(one.matches, spec);
  const order = orderIn(one);
  if (order !== undefined)
    return (spec.type === 'integer' || spec.type === 'number') && isReached(order, spec);
  const unequal = one.kind === 'compare' && one.operator === '!=';
  return !unequal || spec.type === 'boolean' || spec.options === undefined || spec.options.length > 1;
};

const isEach = (parts: readonly Condition[]): boolean => {
  const names = parts.flatMap((part) => [...new Set(comparisonsOf(part).map(({ name }) => name))]);
  return new Set(names).size === names.length;
};

/** Whether the condition surely holds for some input. False says nothing: it takes a closer look. */
export const surelyHolds = (condition: Condition, command: Command): boolean => {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'or':
      return condition.parts.some((part) => surelyHolds(part, command));
    case 'and':
      // Inputs are independent of each other.
      return isEach(condition.parts) && condition.parts.every((part) => surelyHolds(part, command));
    case 'not':
      return false;
    default:
      return canHold(
        condition,
        command.inputs.find(({ name }) => name === condition.name),
      );
  }
};
