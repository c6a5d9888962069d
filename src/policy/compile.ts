import { readCatalogue } from './commands/catalogue.ts';
import type { CommandSettings } from './commands/command.ts';
import { createExpiring } from './expiring.ts';
import type { PolicyFiles } from './files.ts';
import { createMistakeList, type Mistake, type MistakeList, usually } from './mistakes.ts';
import { checkModel, standardModel } from './model.ts';
import type { Policy, PolicyParts } from './policy.ts';
import { checkLinks, createRoles } from './roles.ts';
import { type Link, type PolicyRows, readMemberships, readRows } from './rows.ts';
import { checkNames, readConditions } from './rules.ts';

/** A row known from GitLab: `['gitlab:ana', 'gitlab-group:ops/sre']`. */
export type Membership = readonly [member: string, group: string];

/** What a policy is compiled from. */
export interface PolicySources extends CommandSettings {
  readonly files: PolicyFiles;
  readonly memberships: readonly Membership[];
  /** Unix milliseconds: decides which rows have expired. */
  readonly now: () => number;
}

/** A policy, or everything that is wrong with its files. */
export type Compiled =
  | { readonly ok: true; readonly policy: Policy; readonly parts: PolicyParts }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

const namesBegun = (prefix: string, names: Iterable<string>): ReadonlySet<string> =>
  new Set([...names].filter((name) => name.startsWith(prefix)));

/** An account that is two people would let one person's approval pass as another's. */
const checkPersons = (links: readonly Link[], mistakes: MistakeList): void => {
  const persons = new Map<string, string>();
  for (const { file, line, member, group } of links) {
    if (!group.startsWith('gitlab:')) continue;
    const other = persons.get(member) ?? group;
    persons.set(member, other);
    if (other !== group)
      mistakes.add(
        file,
        line,
        `${member} is linked to ${other} and to ${group}; it can be one person only`,
        'two-persons',
      );
  }
};

const checkRows = (rows: PolicyRows, people: readonly Link[], mistakes: MistakeList): void => {
  checkLinks(people, mistakes);
  checkLinks(rows.channels, mistakes);
  checkPersons(people, mistakes);
  const roles = namesBegun(
    'role:',
    people.map(({ group }) => group),
  );
  const sets = namesBegun(
    'channels:',
    rows.channels.map(({ group }) => group),
  );
  checkNames(rows.rules, { roles, sets }, mistakes);
};

const groupsOf = (rows: PolicyRows): readonly string[] => {
  const names = [
    ...rows.rules.map(({ who }) => who),
    ...rows.people.flatMap(({ member, group }) => [member, group]),
  ];
  return [...namesBegun('gitlab-group:', names)].toSorted();
};

/** What could be read of a policy, and everything that is wrong with it. With mistakes the parts are for looking at only. */
export const readParts = (
  sources: PolicySources,
): { readonly parts: PolicyParts; readonly mistakes: readonly Mistake[] } => {
  const { files, revision } = sources.files;
  const mistakes = createMistakeList();
  const model = files.get('model.conf') ?? standardModel;
  checkModel('model.conf', model, usually('model', mistakes));
  const commands = readCatalogue(files, sources, usually('command-file', mistakes));
  const rows = readRows('policy.csv', files.get('policy.csv') ?? '', usually('csv', mistakes));
  const people = [...rows.people, ...readMemberships(sources.memberships, mistakes)];
  const conditions = readConditions(rows.rules, commands, mistakes);
  checkRows(rows, people, mistakes);
  const parts = {
    revision,
    model,
    commands,
    rules: rows.rules,
    conditions,
    people: createRoles(people),
    channels: createRoles(rows.channels),
    groups: groupsOf(rows),
    links: { people, channels: rows.channels },
  };
  return { parts, mistakes: mistakes.all() };
};

/** Compiles a policy from plain text. Either everything is right and it can decide, or all mistakes come back at once. */
export const compilePolicy = (sources: PolicySources): Compiled => {
  const { parts, mistakes } = readParts(sources);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, policy: createExpiring(parts, sources.now), parts };
};
