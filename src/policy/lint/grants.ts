import type { Place } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Annotations } from '../annotations.ts';
import { kindOfId } from '../ids.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import type { Report } from './finding.ts';
import { isWritten } from './written.ts';

type Row = Place & Annotations;

const isBroad = ({ who, channel, command, reason, effect }: Rule): boolean =>
  effect === 'allow' &&
  reason === undefined &&
  [who, channel, command].filter((column) => column === '*').length >= 2;

const lintBroad = (rules: readonly Rule[], report: Report): void => {
  for (const rule of rules.filter(isBroad))
    report(
      rule,
      'broad-grant',
      'allows very much: name who, where or what, or say why with reason=… behind the effect',
    );
};

const yearMs = 366 * 86_400_000;
/** `expires` is the first moment after the day that stands in the row. */
const dayOf = (expires: number): string => new Date(expires - 1).toISOString().slice(0, 10);

const lintEnds = (rows: readonly Row[], at: number, report: Report): void => {
  for (const row of rows) {
    if (row.expires === undefined) continue;
    const day = dayOf(row.expires);
    if (row.expires <= at) report(row, 'expired', `ended with ${day}; remove it`);
    else if (row.expires > at + yearMs)
      report(row, 'far-end', `ends with ${day}, more than a year away; look at it again sooner`);
  }
};

const isOnePerson = (id: string): boolean => ['account', 'gitlab'].includes(kindOfId(id) ?? '');

/** Who somebody is, is no grant; what somebody alone may do, is. */
const isPersonal = (link: Link): boolean =>
  kindOfId(link.group) === 'role' && isOnePerson(link.member) && isWritten(link);

const lintUndated = ({ rules, links }: PolicyParts, rows: readonly Row[], report: Report): void => {
  if (!rows.some(({ expires }) => expires !== undefined)) return;
  const grants: readonly Row[] = [
    ...rules.filter(({ who, effect }) => effect === 'allow' && isOnePerson(who)),
    ...links.people.filter(isPersonal),
  ];
  for (const row of grants)
    if (row.expires === undefined)
      report(
        row,
        'undated',
        'is a standing grant to one person; give it an end with expires=…, or use a group',
      );
};

/** What grants are wider or longer than they should be. `at` is Unix milliseconds. */
export const lintGrants = (parts: PolicyParts, at: number, report: Report): void => {
  const rows: readonly Row[] = [...parts.rules, ...parts.links.people, ...parts.links.channels];
  lintBroad(parts.rules, report);
  lintEnds(rows, at, report);
  lintUndated(parts, rows, report);
};
