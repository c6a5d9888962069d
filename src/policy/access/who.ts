import type { Input } from '../../core/input.ts';
import type { PolicyParts } from '../policy.ts';
import type { Roles } from '../roles.ts';
import { isAllowed } from './cell.ts';
import {
  type Class,
  classesOf,
  classesOfChannels,
  classesOfPeople,
  type Subject,
  subjectsNamed,
} from './classes.ts';
import { type Change, compareWhole } from './diff.ts';
import { applicable, createRulesFor, nothing, type Sides } from './sides.ts';

/** One line in one channel. */
export interface Question {
  readonly channel: string;
  readonly command: string;
  readonly input: Input;
}

const namesOf = (roles: Roles, id: string): ReadonlySet<string> => new Set(['*', ...roles.closure(id)]);

/** Everybody who may run this line in this channel, by account; a group only where no member is there to be named. `parts` must be as they are in force. */
export const whoCan = (parts: PolicyParts, { channel, command, input }: Question): readonly Subject[] => {
  if (!parts.commands.some(({ name }) => name === command)) return [];
  const rules = createRulesFor(parts)(command);
  const where = namesOf(parts.channels, channel);
  const found = classesOfPeople({ before: nothing, after: parts })
    .filter(({ after }) => isAllowed(applicable(rules, after, where), parts.conditions, input))
    .flatMap(({ subjects }) => subjects);
  const ids = new Set(found.map(({ id }) => id));
  return found.filter(
    ({ kind, id }) => kind !== 'group' || !parts.people.members(id).some((one) => ids.has(one)),
  );
};

const channelsFor = (sides: Sides, channel: string | undefined): readonly Class[] =>
  channel === undefined
    ? classesOfChannels(sides)
    : classesOf(sides, 'channels', [{ kind: 'channel', id: channel, name: channel }]);

/** What a policy grants at all, everywhere or in one channel, as changes from nothing: each with the people and the inputs in words. */
export const grantsOf = (parts: PolicyParts, channel?: string): readonly Change[] => {
  const sides = { before: nothing, after: parts };
  return compareWhole({ sides, people: classesOfPeople(sides), channels: channelsFor(sides, channel) })
    .changes;
};

/** What somebody may run, everywhere or in one channel: an account, or a GitLab user through any account. */
export const whatCan = (parts: PolicyParts, caller: string, channel?: string): readonly Change[] => {
  const sides = { before: nothing, after: parts };
  const people = classesOf(sides, 'people', subjectsNamed(sides, caller));
  return compareWhole({ sides, people, channels: channelsFor(sides, channel) }).changes;
};
