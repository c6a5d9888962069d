import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Input } from '../../core/input.ts';
import { applying, inputsSeenBy } from '../access/cell.ts';
import { commandMatches } from '../command-pattern.ts';
import { comparisonsOf } from '../condition/ast.ts';
import type { PolicyParts } from '../policy.ts';
import { type Finding, finding } from './finding.ts';

/** Whether every command that `narrow` means is meant by `wide`. */
const covers = (wide: string, narrow: string): boolean =>
  wide === '*' ||
  wide === narrow ||
  (wide.endsWith(' *') && (commandMatches(narrow, wide) || narrow.startsWith(wide.slice(0, -1))));

/** More rules than anybody reads: only those that stand there twice are looked for. */
const mostCompared = 2000;

type Index = ReadonlyMap<string, readonly Rule[]>;

const byWho = (rules: readonly Rule[]): Index => {
  const index = new Map<string, Rule[]>();
  for (const rule of rules) index.set(rule.who, [...(index.get(rule.who) ?? []), rule]);
  return index;
};

/** The other rules that speak of everybody, every channel and every command that this one speaks of. */
const covering = (rule: Rule, index: Index, { people, channels }: PolicyParts): readonly Rule[] => {
  const where = new Set(['*', ...channels.closure(rule.channel)]);
  return ['*', ...people.closure(rule.who)]
    .filter((name, at, all) => all.indexOf(name) === at)
    .flatMap((name) => index.get(name) ?? [])
    .filter((other) => other !== rule && where.has(other.channel) && covers(other.command, rule.command));
};

interface Life {
  /** Its condition holds for some input. */
  applies: boolean;
  /** Some input is decided by nothing else. */
  alone: boolean;
  /** Some input is not denied by others. */
  open: boolean;
  exact: boolean;
}

const lookAt = (
  life: Life,
  rule: Rule,
  others: readonly Rule[],
  { conditions }: PolicyParts,
  inputs: readonly Input[],
): void => {
  for (const input of inputs) {
    if (applying([rule], conditions, input).length === 0) continue;
    const also = applying(others, conditions, input);
    life.applies = true;
    life.open ||= !also.some(({ effect }) => effect === 'deny');
    life.alone ||= also.length === 0;
  }
};

const lifeOf = (
  rule: Rule,
  others: readonly Rule[],
  parts: PolicyParts,
  commands: readonly Command[],
): Life => {
  const life = { applies: false, alone: false, open: false, exact: true };
  const comparisons = [rule, ...others].flatMap(({ condition }) => {
    const known = parts.conditions.get(condition);
    return known === undefined ? [] : comparisonsOf(known.condition);
  });
  for (const command of commands) {
    const { inputs, exact } = inputsSeenBy(command, comparisons);
    life.exact &&= exact;
    lookAt(life, rule, others, parts, inputs);
    if (life.alone) return life;
  }
  return life;
};

const placed = (rules: readonly Rule[]): string => {
  const first = rules.slice(0, 3).map(({ file, line }) => `${file}:${line}`);
  return rules.length > 3 ? `${first.join(', ')} and others` : first.join(', ');
};

const verdictOf = (rule: Rule, others: readonly Rule[], life: Life): Finding | undefined => {
  // An allow only matters where no deny does; a deny only where no other deny does.
  const relevant = rule.effect === 'allow' ? others : others.filter(({ effect }) => effect === 'deny');
  if (life.alone || !life.exact) return undefined;
  if (!life.applies)
    return finding(rule, 'never-holds', `the condition holds for no input that the command takes`);
  if (rule.effect === 'allow' && !life.open)
    return finding(
      rule,
      'unreachable',
      `always denied: ${placed(relevant.filter(({ effect }) => effect === 'deny'))} covers it`,
    );
  return finding(rule, 'shadowed', `changes nothing: ${placed(relevant)} says the same`);
};

const repeated = (rules: readonly Rule[]): readonly Finding[] => {
  const first = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const { who, channel, command, condition, effect } = rule;
    const key = JSON.stringify([who, channel, command, condition, effect]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, rule);
    return earlier === undefined
      ? []
      : [finding(rule, 'shadowed', `changes nothing: ${placed([earlier])} says the same`)];
  });
};

/** Rules that could be taken out without changing anything, from the last to the first: of two that say the same, the later one. */
export const deadRules = (parts: PolicyParts): readonly Finding[] => {
  const { rules, commands } = parts;
  if (rules.length > mostCompared) return repeated(rules);
  const index = byWho(rules);
  const dead = new Set<Rule>();
  return rules.toReversed().flatMap((rule) => {
    const meant = commands.filter(({ name }) => commandMatches(name, rule.command));
    if (meant.length === 0) return [];
    const others = covering(rule, index, parts)
      .filter((other) => !dead.has(other))
      .filter(({ effect }) => rule.effect === 'allow' || effect === 'deny');
    const found = verdictOf(rule, others, lifeOf(rule, others, parts, meant));
    if (found !== undefined) dead.add(rule);
    return found ?? [];
  });
};
