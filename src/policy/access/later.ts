import { expiriesOf, inForceAt } from '../expiring.ts';
import type { PolicyParts } from '../policy.ts';
import { type AccessDiff, type Change, diffAccess, type Later } from './diff.ts';

/** At most so many moments are looked at, the nearest first. */
const mostMoments = 50;

const names = (subjects: Change['people']): readonly string[] =>
  subjects.map(({ kind, name }) => `${kind} ${name}`).toSorted();

const keyOf = ({ direction, command, people, channels, inputs, boxes }: Change): string =>
  JSON.stringify([direction, command, names(people), names(channels), inputs, boxes]);

/**
 * What people gain and lose now (Unix milliseconds), and what they will when rows expire: a grant that no longer ends is a gain on
 * the day when it would have ended. The parts must hold every row, also those that expire.
 */
export const diffFrom = (before: PolicyParts | undefined, after: PolicyParts, now: number): AccessDiff => {
  const at = (moment: number): AccessDiff =>
    diffAccess(before === undefined ? undefined : inForceAt(before, moment), inForceAt(after, moment));
  const present = at(now);
  const moments = [
    ...new Set([before, after].flatMap((parts) => (parts === undefined ? [] : expiriesOf(parts)))),
  ]
    .filter((moment) => moment > now)
    .toSorted((a, b) => a - b);
  const seen = new Set(present.changes.map(keyOf));
  const unsure = new Set(present.unsure);
  const later = moments.slice(0, mostMoments).flatMap((from): readonly Later[] => {
    const diff = at(from);
    for (const command of diff.unsure) unsure.add(command);
    const changes = diff.changes.filter((change) => !seen.has(keyOf(change)));
    for (const change of changes) seen.add(keyOf(change));
    return changes.length === 0 ? [] : [{ from, changes }];
  });
  if (moments.length > mostMoments) for (const { name } of after.commands) unsure.add(name);
  return { exact: unsure.size === 0, unsure: [...unsure], changes: present.changes, later };
};
