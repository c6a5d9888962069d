import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { applying, inputsSeenBy } from '../access/cell.ts';
import { type Comparison, comparisonsOf } from '../condition/ast.ts';
import type { Conditions } from '../rules.ts';

/** What a rule is good for among others. */
export type Life =
  /** Its condition holds for no input. */
  | 'never'
  /** Every input that it is about is denied by others. */
  | 'denied'
  /** Every input that it is about is decided by others. */
  | 'covered'
  /** It decides some input, or nobody can say. */
  | 'alive';

/** Beyond these the inputs to be tried are too many. */
const most = { commands: 20, comparisons: 40, inputs: 500 };

const comparisonsIn = (rules: readonly Rule[], conditions: Conditions): readonly Comparison[] =>
  [...new Set(rules.map(({ condition }) => condition))].flatMap((text) => {
    const known = conditions.get(text);
    return known === undefined ? [] : comparisonsOf(known.condition);
  });

/** How much may still be looked at closely. */
export interface Patience {
  isSpent(): boolean;
  /** Whether rules with these comparisons may be; counts it when they may. */
  allows(comparisons: readonly Comparison[]): boolean;
}

/** A pattern keeps what it learned while it was tried, which can be megabytes, so only so many different ones are. */
export const createPatience = (looks: number, patterns: number): Patience => {
  const tried = new Set<string>();
  let left = looks;
  return {
    isSpent: () => left <= 0,
    allows(comparisons) {
      const sources = comparisons.flatMap((one) => (one.kind === 'matches' ? [one.source] : []));
      const more = new Set(sources.filter((source) => !tried.has(source)));
      if (left <= 0 || comparisons.length > most.comparisons || tried.size + more.size > patterns)
        return false;
      left--;
      for (const source of more) tried.add(source);
      return true;
    },
  };
};

interface Seen {
  applies: boolean;
  open: boolean;
}

/** False when some input is decided by this rule only. */
const lookAt = (
  seen: Seen,
  rule: Rule,
  others: readonly Rule[],
  conditions: Conditions,
  inputs: ReturnType<typeof inputsSeenBy>['inputs'],
): boolean =>
  inputs.every((input) => {
    if (applying([rule], conditions, input).length === 0) return true;
    const also = applying(others, conditions, input);
    seen.applies = true;
    seen.open ||= !also.some(({ effect }) => effect === 'deny');
    return also.length > 0;
  });

/** Tries one input of each sort that the conditions can tell apart. */
export const lifeOf = (
  rule: Rule,
  others: readonly Rule[],
  conditions: Conditions,
  commands: readonly Command[],
  patience: Patience,
): Life => {
  if (patience.isSpent()) return 'alive';
  const comparisons = comparisonsIn([rule, ...others], conditions);
  if (commands.length === 0 || commands.length > most.commands || !patience.allows(comparisons))
    return 'alive';
  const seen = { applies: false, open: false };
  for (const command of commands) {
    const { inputs, exact } = inputsSeenBy(command, comparisons);
    if (!exact || inputs.length > most.inputs) return 'alive';
    if (!lookAt(seen, rule, others, conditions, inputs)) return 'alive';
  }
  if (!seen.applies) return 'never';
  return seen.open ? 'covered' : 'denied';
};
