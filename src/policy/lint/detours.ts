import { createRoles } from '../roles.ts';
import type { Link } from '../rows.ts';
import type { Report } from './finding.ts';
import { isWritten } from './written.ts';

/** Steps through memberships that are taken at most: a wide and deep graph has more of them than rows. */
const mostSteps = 500_000;

const byMember = (links: readonly Link[]): ReadonlyMap<string, readonly Link[]> => {
  const found = new Map<string, Link[]>();
  for (const link of links) {
    const list = found.get(link.member);
    if (list === undefined) found.set(link.member, [link]);
    else list.push(link);
  }
  return found;
};

/** Memberships that a longer way through other rows gives as well. Only rows without an end count: they last as long as these. */
export const lintDetours = (links: readonly Link[], report: Report): void => {
  const standing = links.filter((link) => isWritten(link) && link.expires === undefined);
  const { closure } = createRoles(standing);
  let left = mostSteps;
  for (const [member, own] of byMember(standing)) {
    if (own.length < 2) continue;
    const through = new Map<string, string>();
    for (const { group } of own) {
      if (left <= 0) return;
      const further = closure(group);
      left -= further.size;
      for (const name of further) if (name !== group && !through.has(name)) through.set(name, group);
    }
    for (const link of own) {
      const group = through.get(link.group);
      if (group !== undefined)
        report(link, 'idle-row', `${member} belongs to ${link.group} through ${group} already`);
    }
  }
};
