import { kindOfId } from '../ids.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import { type Finding, finding } from './finding.ts';

const isGroupLike = (id: string): boolean =>
  ['role', 'gitlab-group', 'channels'].includes(kindOfId(id) ?? '');

const emptyRoles = ({ rules, people }: PolicyParts): readonly Finding[] =>
  rules
    .filter(({ effect, who }) => effect === 'allow' && kindOfId(who) === 'role')
    .filter(({ who }) => people.members(who).every((member) => kindOfId(member) === 'role'))
    .map((rule) =>
      finding(
        rule,
        'nobody-has-role',
        `nobody has ${rule.who}: no g row leads to it from a person or a group`,
      ),
    );

const emptySets = ({ rules, channels }: PolicyParts): readonly Finding[] =>
  rules
    .filter(({ effect, channel }) => effect === 'allow' && kindOfId(channel) === 'channels')
    .filter(({ channel }) => channels.members(channel).every((member) => kindOfId(member) === 'channels'))
    .map((rule) =>
      finding(
        rule,
        'no-such-channels',
        `no channel is in ${rule.channel}: no g2 row leads to it from a channel`,
      ),
    );

const idle = (
  links: readonly Link[],
  asked: ReadonlySet<string>,
  closure: (name: string) => ReadonlySet<string>,
) =>
  links
    .filter(({ file, group }) => !file.startsWith('(') && isGroupLike(group))
    .filter(({ group }) => ![...closure(group)].some((name) => asked.has(name)))
    .map((link) => finding(link, 'idle-row', `no rule asks for ${link.group}, so this row changes nothing`));

/** Memberships that lead nowhere, and rules for nobody. */
export const membershipFindings = (parts: PolicyParts): readonly Finding[] => {
  const { rules, people, channels, links } = parts;
  const who = new Set(rules.map((rule) => rule.who));
  const where = new Set(rules.map((rule) => rule.channel));
  return [
    ...emptyRoles(parts),
    ...emptySets(parts),
    ...idle(links.people, who, people.closure),
    ...idle(links.channels, where, channels.closure),
  ];
};
