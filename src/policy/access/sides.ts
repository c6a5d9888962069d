import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { commandMatches } from '../command-pattern.ts';
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

/** The rules that mean a command, found by who; in the order of the file. */
export type RulesByWho = ReadonlyMap<string, readonly Rule[]>;

/** The rules of one side that mean the command. */
export const rulesFor = ({ rules }: PolicyParts, command: string): RulesByWho => {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (!commandMatches(command, rule.command)) continue;
    const list = found.get(rule.who);
    if (list === undefined) found.set(rule.who, [rule]);
    else list.push(rule);
  }
  return found;
};

/** Of those, the ones that speak of somebody with these names in a channel with these. */
export const applicable = (
  rules: RulesByWho,
  who: Iterable<string>,
  channel: ReadonlySet<string>,
): readonly Rule[] =>
  [...who].flatMap((name) => (rules.get(name) ?? []).filter((rule) => channel.has(rule.channel)));
