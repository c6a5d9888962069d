import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { commandMatches } from '../command-pattern.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import type { Report } from './finding.ts';
import { surelyHolds } from './holding.ts';
import { createPatience, type Life, lifeOf, type Patience } from './lives.ts';
import { createRulePlaces, type RulePlaces, type Steps } from './rule-places.ts';
import { isWritten } from './written.ts';

/** How much is looked at in one policy: enough for every policy that people keep, and an end for those meant to have none. */
const limits = { steps: 500_000, looks: 300, patterns: 50, others: 8 };

interface Looking {
  readonly parts: PolicyParts;
  readonly places: RulePlaces;
  readonly report: Report;
  readonly dead: Set<Rule>;
  readonly meant: Map<string, readonly Command[]>;
  /** What is known of conditions by themselves. */
  readonly alone: Map<string, Life>;
  readonly patience: Patience;
}

const meantBy = ({ meant, parts }: Looking, pattern: string): readonly Command[] => {
  const found = meant.get(pattern);
  if (found !== undefined) return found;
  const commands = parts.commands.filter(({ name }) => commandMatches(name, pattern));
  meant.set(pattern, commands);
  return commands;
};

const lasting = ({ expires = Number.POSITIVE_INFINITY }: Rule): number => expires;

/** Whether the other one can make this one needless: it is there as long, and what it says counts beside this. */
const canReplace = (looking: Looking, rule: Rule, other: Rule): boolean =>
  other !== rule &&
  !looking.dead.has(other) &&
  lasting(other) >= lasting(rule) &&
  (rule.effect === 'allow' || other.effect === 'deny');

const placed = (rules: readonly Rule[]): string => {
  const first = rules.slice(0, 3).map(({ file, line }) => `${file}:${line}`);
  return rules.length > 3 ? `${first.join(', ')} and others` : first.join(', ');
};

const isSameRow = (a: Rule, b: Rule): boolean =>
  a.who === b.who && a.channel === b.channel && a.command === b.command && a.effect === b.effect;

const bury = ({ dead, report }: Looking, rule: Rule, life: Life, others: readonly Rule[]): void => {
  dead.add(rule);
  const denies = others.filter(({ effect }) => effect === 'deny');
  if (life === 'never')
    report(rule, 'never-holds', 'the condition holds for no input that the command takes');
  else if (life === 'denied' && rule.effect === 'allow')
    report(rule, 'unreachable', `always denied: ${placed(denies)} covers it; remove it or the deny`);
  else report(rule, 'shadowed', `changes nothing: ${placed(others)} says the same; remove one of them`);
};

/** A rule with the very same condition, or with none, needs no closer look. */
const buryBySight = (looking: Looking, rule: Rule): boolean => {
  for (const other of looking.places.covering(rule, [...new Set([rule.condition, '*'])])) {
    if (!canReplace(looking, rule, other)) continue;
    if (isSameRow(rule, other) && rule.condition === other.condition) {
      looking.dead.add(rule);
      looking.report(
        rule,
        'repeated',
        `stands already in ${other.file}:${other.line}; one of them is enough`,
      );
    } else bury(looking, rule, other.effect === 'deny' ? 'denied' : 'covered', [other]);
    return true;
  }
  return false;
};

const othersOf = (looking: Looking, rule: Rule): readonly Rule[] => {
  const others: Rule[] = [];
  for (const other of looking.places.covering(rule)) {
    if (canReplace(looking, rule, other)) others.push(other);
    if (others.length === limits.others) break;
  }
  return others;
};

const closeLook = (looking: Looking, rule: Rule, others: readonly Rule[]): Life => {
  const { parts, patience } = looking;
  return lifeOf(rule, others, parts.conditions, meantBy(looking, rule.command), patience);
};

/** Whether its condition holds at all. */
const aloneLife = (looking: Looking, rule: Rule): Life => {
  const key = `${rule.command}\n${rule.effect}\n${rule.condition}`;
  const known = looking.alone.get(key);
  if (known !== undefined) return known;
  const condition = looking.parts.conditions.get(rule.condition)?.condition;
  const holds =
    condition === undefined ||
    meantBy(looking, rule.command).some((command) => surelyHolds(condition, command));
  const life = holds ? 'alive' : closeLook(looking, rule, []);
  looking.alone.set(key, life);
  return life;
};

const lookAt = (looking: Looking, rule: Rule): void => {
  const never = aloneLife(looking, rule) === 'never';
  if (never) bury(looking, rule, 'never', []);
  if (never || buryBySight(looking, rule) || looking.patience.isSpent()) return;
  const others = othersOf(looking, rule);
  const life = others.length === 0 ? 'alive' : closeLook(looking, rule, others);
  if (life !== 'alive') bury(looking, rule, life, others);
};

const isLasting = (link: Link): boolean => isWritten(link) && link.expires === undefined;

/**
 * Rules that could be taken out without changing anything, from the last to the first: of two that say the same, the later one.
 * What people get from GitLab does not count, and neither do memberships that end: the rule is there for afterwards.
 */
export const lintDeadRules = (parts: PolicyParts, report: Report): void => {
  const steps: Steps = { left: limits.steps };
  const lasting = {
    people: parts.links.people.filter(isLasting),
    channels: parts.links.channels.filter(isLasting),
  };
  const looking: Looking = {
    parts,
    places: createRulePlaces(parts.rules, lasting, steps),
    report,
    dead: new Set(),
    meant: new Map(),
    alone: new Map(),
    patience: createPatience(limits.looks, limits.patterns),
  };
  for (const rule of parts.rules.toReversed()) lookAt(looking, rule);
};
