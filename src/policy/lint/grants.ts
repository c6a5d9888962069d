import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Annotations } from '../annotations.ts';
import { commandMatches } from '../command-pattern.ts';
import { kindOfId } from '../ids.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import { type Finding, finding } from './finding.ts';

const isBroad = ({ who, channel, command, reason }: Rule): boolean =>
  reason === undefined && [who, channel, command].filter((column) => column === '*').length >= 2;

const broad = (rules: readonly Rule[]): readonly Finding[] =>
  rules
    .filter((rule) => rule.effect === 'allow' && isBroad(rule))
    .map((rule) =>
      finding(
        rule,
        'broad-grant',
        'allows very much: name who, where or what, or say why with reason=… behind the effect',
      ),
    );

const yearMs = 366 * 86_400_000;
const dayOf = (at: number): string => new Date(at - 1).toISOString().slice(0, 10);

const ends = (
  rows: readonly (Annotations & { file: string; line: number })[],
  at: number,
): readonly Finding[] =>
  rows.flatMap((row) => {
    if (row.expires === undefined) return [];
    if (row.expires <= at) return [finding(row, 'expired', `ended with ${dayOf(row.expires)}; remove it`)];
    return row.expires > at + yearMs
      ? [
          finding(
            row,
            'far-end',
            `ends with ${dayOf(row.expires)}, more than a year away; look at it again sooner`,
          ),
        ]
      : [];
  });

const isOnePerson = (id: string): boolean => ['account', 'gitlab'].includes(kindOfId(id) ?? '');

/** Who somebody is, is no grant; what somebody alone may do, is. */
const isPersonal = (link: Link): boolean =>
  isOnePerson(link.member) && kindOfId(link.group) === 'role' && isWritten(link);

/** Not known from GitLab, where memberships have ends of their own. */
const isWritten = ({ file }: Link): boolean => !file.startsWith('(');

const undated = ({ rules, links }: PolicyParts): readonly Finding[] => {
  const rows = [...rules, ...links.people, ...links.channels];
  if (!rows.some(({ expires }) => expires !== undefined)) return [];
  const grants = [
    ...rules.filter(({ who, effect }) => effect === 'allow' && isOnePerson(who)),
    ...links.people.filter(isPersonal),
  ];
  return grants
    .filter(({ expires }) => expires === undefined)
    .map((row) =>
      finding(
        row,
        'undated',
        'is a standing grant to one person; give it an end with expires=…, or use a group',
      ),
    );
};

const hasGuardRail = (command: Command, rules: readonly Rule[]): boolean =>
  command.limits.perCaller !== undefined ||
  rules.some(
    (rule) => rule.effect === 'deny' && rule.condition !== '*' && commandMatches(command.name, rule.command),
  );

const unguarded = ({ commands, rules }: PolicyParts): readonly Finding[] =>
  commands
    .filter((command) => command.danger !== 'none' && !hasGuardRail(command, rules))
    .flatMap((command) =>
      rules
        .filter(
          (rule) =>
            rule.effect === 'allow' && rule.condition === '*' && commandMatches(command.name, rule.command),
        )
        .map((rule) =>
          finding(
            rule,
            'unguarded',
            `allows ${command.name} (danger ${command.danger}) with any input; add a condition, a deny for what must never be, or limits.perCaller`,
          ),
        ),
    );

/** What grants are wider, longer or less guarded than they should be. `at` is Unix milliseconds. */
export const grantFindings = (parts: PolicyParts, at: number): readonly Finding[] => [
  ...broad(parts.rules),
  ...ends([...parts.rules, ...parts.links.people, ...parts.links.channels], at),
  ...undated(parts),
  ...unguarded(parts),
];
