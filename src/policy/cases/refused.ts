import { createMistakeList } from '../mistakes.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import { checkNames, readConditions } from '../rules.ts';
import type { Mutant } from './mutants.ts';

const counted = (links: readonly Link[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { group } of links) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
};

const none: ReadonlySet<string> = new Set();

/** Asks whether files with a change would not be loaded at all, so that no case needs to notice it. */
export const createIsRefused = ({ rules, commands, links }: PolicyParts): ((mutant: Mutant) => boolean) => {
  const counts = { g: counted(links.people), g2: counted(links.channels) };
  const known = { roles: new Set(counts.g.keys()), sets: new Set(counts.g2.keys()) };
  return (mutant) => {
    const mistakes = createMistakeList();
    if (mutant.kind === 'rule') {
      if (mutant.to === undefined) return rules.length === 1;
      checkNames([mutant.to], known, mistakes);
      readConditions([mutant.to], commands, mistakes);
      return mistakes.all().length > 0;
    }
    const { kind, link } = mutant;
    if (counts[kind].get(link.group) !== 1) return false;
    // Nothing else belongs to it: what is left are the names of no rows, which only a deny rule may not speak of.
    const about = rules.filter(({ who, channel }) => link.group === (kind === 'g' ? who : channel));
    checkNames(about, kind === 'g' ? { ...known, roles: none } : { ...known, sets: none }, mistakes);
    return mistakes.all().length > 0;
  };
};
