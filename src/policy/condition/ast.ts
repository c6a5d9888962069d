import type { InputValue } from '../../core/input.ts';

/** How two values are compared. */
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One simple comparison of an input. `at` is where it begins in the condition's text, from 0. */
export type Comparison =
  | {
      readonly kind: 'compare';
      readonly name: string;
      readonly operator: Operator;
      readonly value: InputValue;
      readonly at: number;
    }
  | {
      readonly kind: 'in';
      readonly name: string;
      readonly values: readonly InputValue[];
      readonly at: number;
    }
  | {
      readonly kind: 'matches';
      readonly name: string;
      readonly source: string;
      readonly matches: (value: string) => boolean;
      readonly at: number;
    };

/** A condition as read. `always` is `*`. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | Comparison;

const bare = /^[A-Za-z_][A-Za-z0-9_./:@+-]*$/;
const words = ['and', 'or', 'not', 'in', 'matches', 'true', 'false'];

/** A value as it is written in a condition. */
export const valueAsText = (value: InputValue): string =>
  typeof value !== 'string' || (bare.test(value) && !words.includes(value))
    ? String(value)
    : JSON.stringify(value);

const partAsText = (part: Condition): string =>
  part.kind === 'and' || part.kind === 'or' ? `(${conditionAsText(part)})` : conditionAsText(part);

/** The condition in its one canonical spelling: what explanations show. */
export const conditionAsText = (condition: Condition): string => {
  switch (condition.kind) {
    case 'always':
      return '*';
    case 'and':
    case 'or':
      return condition.parts.map(partAsText).join(` ${condition.kind} `);
    case 'not':
      return `not ${partAsText(condition.part)}`;
    case 'compare':
      return `${condition.name} ${condition.operator} ${valueAsText(condition.value)}`;
    case 'in':
      return `${condition.name} in (${condition.values.map(valueAsText).join(', ')})`;
    case 'matches':
      return `${condition.name} matches re:${JSON.stringify(condition.source)}`;
  }
};

/** Every simple comparison in it, from left to right. */
export const comparisonsOf = (condition: Condition): readonly Comparison[] => {
  switch (condition.kind) {
    case 'always':
      return [];
    case 'and':
    case 'or':
      return condition.parts.flatMap(comparisonsOf);
    case 'not':
      return comparisonsOf(condition.part);
    default:
      return [condition];
  }
};
