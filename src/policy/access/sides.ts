import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { patternsFor } from '../command-pattern.ts';
import type { PolicyParts } from '../policy.ts';
import { createRoles } from '../roles.ts';

/** A policy that allows nothing: what a first policy is compared with. */
export const nothing: PolicyParts = {
  revision: 'none',
  model: '',
  commands: [],
  rules: [],
  conditions: new Map(),
  people: createRoles([]),
  channels: createRoles([]),
  groups: [],
  links: { people: [], channels: [] },
};

/** Both policies of a comparison, each as it is in force. */
export interface Sides {
  readonly before: PolicyParts;
  readonly after: PolicyParts;
}

/** Which policy. */
export type Side = keyof Sides;

/** Both, in order. */
export const bothSides: readonly Side[] = ['before', 'after'];

/** A command as each side declares it. */
export interface CommandSides {
  readonly name: string;
  readonly before: Command | undefined;
  readonly after: Command | undefined;
}

/** Every command of either side, by name. */
export const commandsOf = ({ before, after }: Sides): readonly CommandSides[] => {
  const named = (parts: PolicyParts) => new Map(parts.commands.map((command) => [command.name, command]));
  const [was, is] = [named(before), named(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .toSorted()
    .map((name) => ({ name, before: was.get(name), after: is.get(name) }));
};

/** The rules that mean a command, found by who. */
export type RulesByWho = ReadonlyMap<string, readonly Rule[]>;

const groupedBy = (rules: readonly Rule[], key: 'who' | 'command'): ReadonlyMap<string, readonly Rule[]> => {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    const list = found.get(rule[key]);
    if (list === undefined) found.set(rule[key], [rule]);
    else list.push(rule);
  }
  return found;
};

/** Finds the rules of one side that mean a command. */
export const createRulesFor = ({ rules }: PolicyParts): ((command: string) => RulesByWho) => {
  const byPattern = groupedBy(rules, 'command');
  return (command) =>
    groupedBy(
      patternsFor(command).flatMap((pattern) => byPattern.get(pattern) ?? []),
      'who',
    );
};

/** Of those, the ones that speak of somebody with these names in a channel with these. */
export const applicable = (
  rules: RulesByWho,
  who: Iterable<string>,
  channel: ReadonlySet<string>,
): readonly Rule[] =>
  [...who].flatMap((name) => (rules.get(name) ?? []).filter((rule) => channel.has(rule.channel)));
