import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { patternsFor } from '../command-pattern.ts';
import type { PolicyParts } from '../policy.ts';
import type { Report } from './finding.ts';

const byCommand = (rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> => {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    const list = found.get(rule.command);
    if (list === undefined) found.set(rule.command, [rule]);
    else list.push(rule);
  }
  return found;
};

const isDangerous = ({ danger, limits }: Command): boolean =>
  danger !== 'none' && limits.perCaller === undefined;

/** Dangerous commands that are allowed with any input, as often as somebody likes, and without a deny for some of it. */
export const lintGuardRails = ({ commands, rules }: PolicyParts, report: Report): void => {
  const dangerous = commands.filter(isDangerous);
  if (dangerous.length === 0) return;
  const open = byCommand(rules.filter(({ effect, condition }) => effect === 'allow' && condition === '*'));
  const denied = new Set(
    rules
      .filter(({ effect, condition }) => effect === 'deny' && condition !== '*')
      .map(({ command }) => command),
  );
  // One row may allow many such commands; it is named once.
  const told = new Set<Rule>();
  for (const { name, danger } of dangerous) {
    const patterns = patternsFor(name);
    if (patterns.some((pattern) => denied.has(pattern))) continue;
    for (const rule of patterns.flatMap((pattern) => open.get(pattern) ?? [])) {
      if (told.has(rule)) continue;
      told.add(rule);
      report(
        rule,
        'unguarded',
        `allows ${name} (danger ${danger}) with any input; add a condition, a deny for what must never be, or limits.perCaller`,
      );
    }
  }
};
