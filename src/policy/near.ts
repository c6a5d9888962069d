import type { DecisionRequest, Missing, NearMiss, Rule } from '../core/decision.ts';
import type { IndexedRule } from './candidates.ts';
import { explainCondition } from './condition/explain.ts';
import type { Roles } from './roles.ts';
import type { Conditions } from './rules.ts';

/** What near misses are found with. */
export interface Surroundings {
  readonly people: Roles;
  readonly channels: Roles;
  readonly conditions: Conditions;
}

const most = 3;
const mostChannels = 3;

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
  const members = channels.members(channel).filter((one) => tenantOf(one) === tenantOf(request.channel));
  if (members.length === 0) return `a channel of ${channel}`;
  const more = members.length > mostChannels ? ` and ${members.length - mostChannels} more` : '';
  return `${members.slice(0, mostChannels).join(', ')}${more} via ${channel}`;
};

const missingOf = (rule: Rule, request: DecisionRequest, around: Surroundings): readonly Missing[] => {
  const missing: Missing[] = [];
  if (!isAnd(around.people.closure(request.caller), rule.who))
    missing.push({ kind: 'role', need: nameOf(rule.who) });
  if (!isAnd(around.channels.closure(request.channel), rule.channel))
    missing.push({ kind: 'channel', need: placeOf(rule.channel, request, around.channels) });
  const condition = around.conditions.get(rule.condition)?.condition;
  const needs = condition === undefined ? [] : explainCondition(condition, request.input);
  return [...missing, ...needs.map((need) => ({ kind: 'input' as const, need }))];
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
