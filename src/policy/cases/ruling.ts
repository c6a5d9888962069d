import type { Rule } from '../../core/decision.ts';
import type { Input } from '../../core/input.ts';
import { commandMatches } from '../command-pattern.ts';
import { applies } from '../condition/compile.ts';
import type { Conditions } from '../rules.ts';
import type { Ruling } from './expectation.ts';

/** A question as far as rules are concerned: what the caller and the channel are, and when it is asked. */
export interface Sight {
  readonly caller: ReadonlySet<string>;
  readonly channel: ReadonlySet<string>;
  readonly command: string;
  readonly input: Input;
  /** Unix milliseconds. */
  readonly at: number;
}

const isAnd = (names: ReadonlySet<string>, wanted: string): boolean => wanted === '*' || names.has(wanted);

/** Whether the rule speaks of the question; the policy's own matcher, for one rule. */
export const matches = (rule: Rule, sight: Sight, conditions: Conditions): boolean => {
  if (rule.expires !== undefined && sight.at >= rule.expires) return false;
  if (!isAnd(sight.caller, rule.who) || !isAnd(sight.channel, rule.channel)) return false;
  if (!commandMatches(sight.command, rule.command)) return false;
  if (rule.condition === '*') return true;
  const known = conditions.get(rule.condition);
  return known !== undefined && applies(known.ask(sight.input), rule.effect);
};

/** One of the rules that match a question. `rule` is the one that stands in the file, `effect` what it does. */
export interface Matching {
  readonly rule: Rule;
  readonly effect: Rule['effect'];
}

/** What the policy answers when exactly these rules match, in the order of the file: the first deny, else the last allow. */
export const ruleOn = (matching: readonly Matching[]): Ruling => {
  const deny = matching.find(({ effect }) => effect === 'deny');
  if (deny !== undefined) return { allowed: false, rule: deny.rule };
  const allow = matching.at(-1);
  return { allowed: allow !== undefined, rule: allow?.rule };
};
