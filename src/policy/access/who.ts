import type { Input } from '../../core/input.ts';
import type { PolicyParts } from '../policy.ts';
import type { Roles } from '../roles.ts';
import { isAllowed } from './cell.ts';
import { classesOfPeople, type Subject } from './classes.ts';
import { type Change, diffAccess } from './diff.ts';
import { applicable, nothing, rulesFor } from './sides.ts';

/** One line in one channel. */
export interface Question {
  readonly channel: string;
  readonly command: string;
  readonly input: Input;
}

const namesOf = (roles: Roles, id: string): ReadonlySet<string> => new Set(['*', ...roles.closure(id)]);

/** Everybody who may run this line in this channel. `parts` must be as they are in force. */
export const whoCan = (parts: PolicyParts, { channel, command, input }: Question): readonly Subject[] => {
  const rules = rulesFor(parts, command);
  const where = namesOf(parts.channels, channel);
  return classesOfPeople({ before: nothing, after: parts })
    .filter(({ after }) => isAllowed(applicable(rules, after, where), parts.conditions, input))
    .flatMap(({ subjects }) => subjects);
};

/** What a policy grants at all, as changes from nothing: each with the people, the channels and the inputs in words. */
export const grantsOf = (parts: PolicyParts): readonly Change[] => diffAccess(undefined, parts).changes;

/** What somebody may run, everywhere or in one channel: an account, or a GitLab user through any account. */
export const whatCan = (parts: PolicyParts, caller: string, channel?: string): readonly Change[] => {
  const known = new Set([caller, ...parts.people.members(caller)]);
  const isThem = ({ kind, id }: Subject): boolean =>
    known.has(id) || (kind === 'else' && isStranger(parts, caller));
  const isThere = ({ kind, id }: Subject): boolean =>
    channel === undefined || id === channel || (kind === 'else' && !isNamed(parts, channel));
  return grantsOf(parts).filter(({ people, channels }) => people.some(isThem) && channels.some(isThere));
};

const isStranger = ({ links, rules }: PolicyParts, caller: string): boolean =>
  !links.people.some(({ member, group }) => member === caller || group === caller) &&
  !rules.some(({ who }) => who === caller);

const isNamed = ({ links, rules }: PolicyParts, channel: string): boolean =>
  links.channels.some(({ member }) => member === channel) || rules.some((rule) => rule.channel === channel);
