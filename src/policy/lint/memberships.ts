import { kindOfId } from '../ids.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import type { Report } from './finding.ts';
import { isWritten } from './written.ts';

/** Everything that can be reached from the names, themselves included. */
const reachable = (
  from: Iterable<string>,
  links: readonly Link[],
  start: 'member' | 'group',
  end: 'member' | 'group',
): ReadonlySet<string> => {
  const next = new Map<string, string[]>();
  for (const link of links) {
    const list = next.get(link[start]);
    if (list === undefined) next.set(link[start], [link[end]]);
    else list.push(link[end]);
  }
  const seen = new Set(from);
  // A Set is walked in the order of insertion, also over what is added on the way.
  for (const name of seen) for (const further of next.get(name) ?? []) seen.add(further);
  return seen;
};

/** The groups that something other than groups of their kind leads to. */
const peopled = (links: readonly Link[], kind: 'role' | 'channels'): ReadonlySet<string> =>
  reachable(
    links.map(({ member }) => member).filter((member) => kindOfId(member) !== kind),
    links,
    'member',
    'group',
  );

const lintEmpty = ({ rules, links }: PolicyParts, report: Report): void => {
  const roles = peopled(links.people, 'role');
  const sets = peopled(links.channels, 'channels');
  for (const rule of rules) {
    if (rule.effect !== 'allow') continue;
    const { who, channel } = rule;
    if (who.startsWith('role:') && !roles.has(who))
      report(rule, 'nobody-has-role', `nobody has ${who}: no g row leads to it from a person or a group`);
    if (channel.startsWith('channels:') && !sets.has(channel))
      report(rule, 'no-such-channels', `no channel is in ${channel}: no g2 row leads to it from a channel`);
  }
};

const isAsked = ({ group }: Link, asked: ReadonlySet<string>): boolean =>
  asked.has(group) || group.startsWith('gitlab:');

const lintIdle = (links: readonly Link[], names: Iterable<string>, report: Report): void => {
  const asked = reachable(names, links, 'group', 'member');
  const first = new Map<string, Link>();
  for (const link of links.filter(isWritten)) {
    const key = JSON.stringify([link.member, link.group]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, link);
    if (earlier !== undefined)
      report(link, 'repeated', `stands already in ${earlier.file}:${earlier.line}; one of them is enough`);
    else if (!isAsked(link, asked))
      report(link, 'idle-row', `no rule asks for ${link.group}, so this row changes nothing`);
  }
};

/** Memberships that lead nowhere or stand there twice, and rules for nobody. */
export const lintMemberships = (parts: PolicyParts, report: Report): void => {
  const { rules, links } = parts;
  lintEmpty(parts, report);
  lintIdle(
    links.people,
    rules.map(({ who }) => who),
    report,
  );
  lintIdle(
    links.channels,
    rules.map(({ channel }) => channel),
    report,
  );
};
