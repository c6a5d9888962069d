import type { DecisionRequest, Missing, NearMiss, Rule } from '../core/decision.ts';
import type { IndexedRule } from './candidates.ts';
import { explainWithGiven } from './condition/explain.ts';
import { kindOfId } from './ids.ts';
import type { Roles } from './roles.ts';
import type { Conditions } from './rules.ts';

/** What near misses are found with. */
export interface Surroundings {
  readonly people: Roles;
  readonly channels: Roles;
  readonly conditions: Conditions;
}

/** Begins channels of no chat app: all of the policy's may then be named. */
const madeUp = 'made-up:';

const most = 3;
const mostChannels = 3;
const mostHolders = 3;

const isAnd = (names: ReadonlySet<string>, wanted: string): boolean => wanted === '*' || names.has(wanted);

const tenantOf = (id: string): string => id.slice(0, id.indexOf('/') + 1);

const nameOf = (who: string): string => {
  if (who.startsWith('role:')) return `role ${who.slice('role:'.length)}`;
  if (who.startsWith('gitlab:')) return `GitLab user ${who.slice('gitlab:'.length)}`;
  return who.startsWith('gitlab-group:') ? `GitLab group ${who.slice('gitlab-group:'.length)}` : who;
};

/** A channel set as its channels in the caller's own chat, since a set's name means nothing to people. */
const placeOf = (channel: string, request: DecisionRequest, channels: Roles): string => {
  if (!channel.startsWith('channels:')) return channel;
  const all = channels.members(channel).filter((one) => kindOfId(one) === 'account');
  const isMadeUp = request.channel.startsWith(madeUp);
  const members = all.filter((one) => isMadeUp || tenantOf(one) === tenantOf(request.channel));
  if (members.length === 0) return `a channel of ${channel}`;
  const more = members.length > mostChannels ? ` and ${members.length - mostChannels} more` : '';
  return `${members.slice(0, mostChannels).join(', ')}${more} via ${channel}`;
};

/** Some who have what the rule asks for, by the names people know them by; nobody when it speaks of one person. */
const holdersOf = (who: string, people: Roles): readonly string[] => {
  if (!['role', 'gitlab-group'].includes(kindOfId(who) ?? '')) return [];
  const names = new Set<string>();
  for (const member of people.members(who)) {
    const kind = kindOfId(member);
    if (kind === 'gitlab') names.add(member.slice('gitlab:'.length));
    // An account of a GitLab user is known by the user's name, who is a member too or has another way in.
    else if (kind === 'account' && ![...people.closure(member)].some((one) => one.startsWith('gitlab:')))
      names.add(member);
    if (names.size === mostHolders) break;
  }
  return [...names];
};

const roleNeed = (who: string, people: Roles): Missing => {
  const holders = holdersOf(who, people);
  return { kind: 'role', need: nameOf(who), ...(holders.length === 0 ? {} : { holders }) };
};

const missingOf = (rule: Rule, request: DecisionRequest, around: Surroundings): readonly Missing[] => {
  const missing: Missing[] = [];
  if (!isAnd(around.people.closure(request.caller), rule.who))
    missing.push(roleNeed(rule.who, around.people));
  if (!isAnd(around.channels.closure(request.channel), rule.channel))
    missing.push({ kind: 'channel', need: placeOf(rule.channel, request, around.channels) });
  const condition = around.conditions.get(rule.condition)?.condition;
  const needs = condition === undefined ? [] : explainWithGiven(condition, request.input);
  return [...missing, ...needs.map((need) => ({ kind: 'input' as const, ...need }))];
};

/** Fewest missing things first; of two alike the one that does not ask for another role, which a person cannot change at once. */
const cost = ({ missing }: NearMiss): number =>
  missing.length * 2 + (missing.some(({ kind }) => kind === 'role') ? 1 : 0);

const sameNeeds = ({ missing }: NearMiss): string =>
  missing.map(({ kind, need }) => `${kind}:${need}`).join('\n');

/** The allow rules for this command that lack least, at most three, no two with the same needs. */
export const nearMisses = (
  rules: readonly IndexedRule[],
  request: DecisionRequest,
  around: Surroundings,
): readonly NearMiss[] => {
  const seen = new Set<string>();
  return rules
    .filter(({ rule }) => rule.effect === 'allow')
    .map(({ rule }) => ({ rule, missing: missingOf(rule, request, around) }))
    .toSorted((a, b) => cost(a) - cost(b))
    .filter((near) => {
      const needs = sameNeeds(near);
      return !seen.has(needs) && seen.add(needs).size <= most;
    });
};
