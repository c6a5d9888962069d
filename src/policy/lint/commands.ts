import { patternsFor } from '../command-pattern.ts';
import type { PolicyParts } from '../policy.ts';
import type { Report } from './finding.ts';

/** Commands that no rule allows to anybody. */
export const lintCommands = ({ commands, rules }: PolicyParts, report: Report): void => {
  // A policy without rules is a mistake by itself.
  if (rules.length === 0) return;
  const patterns = new Set(rules.filter(({ effect }) => effect === 'allow').map(({ command }) => command));
  for (const { name, place } of commands)
    if (!patternsFor(name).some((pattern) => patterns.has(pattern)))
      report(place, 'unused-command', `no rule allows ${name} to anybody`);
};
