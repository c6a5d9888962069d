import type { Place } from '../../core/command.ts';
import type { PolicyParts } from '../policy.ts';
import type { Report } from './finding.ts';
import { isWritten } from './written.ts';

/** Ids are compared letter by letter, while GitLab and people take `Ana` and `ana` for the same. Each spelling is named once. */
export const lintSpellings = ({ rules, links }: PolicyParts, report: Report): void => {
  const first = new Map<string, string>();
  const told = new Set<string>();
  const see = (place: Place, id: string): void => {
    const lower = id.toLowerCase();
    const earlier = first.get(lower);
    if (earlier === undefined) first.set(lower, id);
    else if (earlier !== id && !told.has(id)) {
      told.add(id);
      report(place, 'two-spellings', `${id} is also written ${earlier}; these count as two`);
    }
  };
  // What GitLab writes is right, so its spelling comes first.
  const people = links.people.toSorted((a, b) => Number(isWritten(a)) - Number(isWritten(b)));
  for (const link of [...people, ...links.channels])
    for (const id of [link.member, link.group]) see(link, id);
  for (const rule of rules) for (const id of [rule.who, rule.channel]) see(rule, id);
};
