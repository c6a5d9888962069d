import { commandMatches } from '../command-pattern.ts';
import type { PolicyParts } from '../policy.ts';
import { type Finding, finding } from './finding.ts';

/** Commands that no rule allows to anybody. */
export const unusedCommands = ({ commands, rules }: PolicyParts): readonly Finding[] => {
  // A policy without rules is a mistake by itself.
  if (rules.length === 0) return [];
  const patterns = new Set(rules.filter(({ effect }) => effect === 'allow').map(({ command }) => command));
  return commands
    .filter(({ name }) => ![...patterns].some((pattern) => commandMatches(name, pattern)))
    .map(({ name, place }) => finding(place, 'unused-command', `no rule allows ${name} to anybody`));
};
