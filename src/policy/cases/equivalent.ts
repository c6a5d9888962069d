import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { InputSpec } from '../../core/input.ts';
import { commandMatches } from '../command-pattern.ts';
import type { Comparison, Condition } from '../condition/ast.ts';
import { inForceAt } from '../expiring.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import type { Mutant } from './mutants.ts';
import { createReach, type Reach } from './without-link.ts';

const typeOf = ({ type }: InputSpec): string => (type === 'integer' ? 'number' : type);

const isPossible = (comparison: Comparison, { inputs }: Command): boolean => {
  const spec = inputs.find(({ name }) => name === comparison.name);
  if (spec === undefined) return false;
  if (comparison.kind === 'matches') return spec.type === 'string';
  const values = comparison.kind === 'in' ? comparison.values : [comparison.value];
  return values.some((value) => typeof value === typeOf(spec));
};

/** Whether some input of the command could make the condition true; when in doubt, yes. */
const couldHold = (condition: Condition, command: Command): boolean => {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'and':
      return condition.parts.every((part) => couldHold(part, command));
    case 'or':
      return condition.parts.some((part) => couldHold(part, command));
    case 'not':
      return (
        condition.part.kind === 'and' || condition.part.kind === 'or' || couldHold(condition.part, command)
      );
    default:
      return isPossible(condition, command);
  }
};

/** Asks whether every question that `small` matches is matched by another rule, whatever their effects. */
const covering = (parts: PolicyParts, small: Rule): ((wide: Rule) => boolean) => {
  const who = parts.people.closure(small.who);
  const channel = parts.channels.closure(small.channel);
  const commands = parts.commands.filter(({ name }) => commandMatches(name, small.command));
  const expires = small.expires ?? Number.POSITIVE_INFINITY;
  // The same text holds more often in a deny than in an allow: unknown inputs let it apply.
  const holdsToo = ({ condition, effect }: Rule): boolean =>
    condition === '*' || (condition === small.condition && (effect === 'deny' || small.effect === 'allow'));
  return (wide) =>
    (wide.who === '*' || who.has(wide.who)) &&
    (wide.channel === '*' || channel.has(wide.channel)) &&
    holdsToo(wide) &&
    (wide.expires === undefined || expires <= wide.expires) &&
    commands.every(({ name }) => commandMatches(name, wide.command));
};

/** Whether the rule, in the place of `from`, changes nothing beside the others: a deny covers it, or a rule of its own kind does. */
const isInert = (parts: PolicyParts, rule: Rule, from: Rule): boolean => {
  const covers = covering(parts, rule);
  return parts.rules.some(
    (other) => other !== from && (other.effect === 'deny' || rule.effect === 'allow') && covers(other),
  );
};

/** Whether the rule, beside the one it was made from, reaches no command that it could decide about. */
const reachesNothingMore = (
  parts: PolicyParts,
  from: Rule,
  to: Rule,
  known: Condition | undefined,
): boolean =>
  parts.commands
    .filter(({ name }) => !commandMatches(name, from.command))
    .every((command) => {
      if (to.effect === 'allow' && known !== undefined && !couldHold(known, command)) return true;
      return isInert(parts, { ...to, command: command.name }, from);
    });

/** A policy and those of its rows that never expire: only these can be relied on to cover others. */
export interface Lasting {
  readonly all: PolicyParts;
  readonly lasting: PolicyParts;
  readonly reach: { readonly g: Reach; readonly g2: Reach };
  /** Unix milliseconds. */
  readonly at: number;
}

/** Prepares a policy for being compared with its mutants. */
export const createLasting = (all: PolicyParts, at: number): Lasting => {
  const lasting = inForceAt(all, Number.POSITIVE_INFINITY);
  const { people, channels } = lasting.links;
  return { all, lasting, reach: { g: createReach(people), g2: createReach(channels) }, at };
};

const ruleChangesNothing = ({ lasting, at }: Lasting, from: Rule, to: Rule | undefined): boolean => {
  if (from.expires !== undefined && at >= from.expires) return true;
  if (isInert(lasting, from, from) && (to === undefined || isInert(lasting, to, from))) return true;
  if (to === undefined || to.command === from.command) return false;
  return reachesNothingMore(lasting, from, to, lasting.conditions.get(to.condition)?.condition);
};

/** Whether rules speak of the name, or GitLab's groups may turn it into something that rules speak of. */
const matters = (rules: readonly Rule[], column: 'who' | 'channel', name: string): boolean =>
  name.startsWith('gitlab') || rules.some((rule) => rule[column] === name);

const linkChangesNothing = ({ all, reach, at }: Lasting, kind: 'g' | 'g2', link: Link): boolean => {
  if (link.expires !== undefined && at >= link.expires) return true;
  const [roles, column] =
    kind === 'g' ? ([all.people, 'who'] as const) : ([all.channels, 'channel'] as const);
  const left = reach[kind].without(link.member, link);
  return [...roles.closure(link.group)].every((name) => left.has(name) || !matters(all.rules, column, name));
};

/**
 * Whether it is certain, and cheap to see, that the mutant decides everything as the policy does: the row has expired, another
 * rule covers it, or what it gives is given by other rows too. What is not recognised counts as a change.
 */
export const changesNothing = (policy: Lasting, mutant: Mutant): boolean =>
  mutant.kind === 'rule'
    ? ruleChangesNothing(policy, mutant.rule, mutant.to)
    : linkChangesNothing(policy, mutant.kind, mutant.link);
