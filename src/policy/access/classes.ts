import { kindOfId } from '../ids.ts';
import type { PolicyParts } from '../policy.ts';
import type { Roles } from '../roles.ts';
import { bothSides, type Side, type Sides } from './sides.ts';

/** Somebody, or somewhere, as a policy can speak of it. */
export interface Subject {
  /**
   * `person`: an account or a GitLab user. `group`: whoever is in it, since GitLab knows more members than the policy. `role`,
   * `set`: whoever or whatever belongs to one of which no member is known. `else`: everybody, or every channel, of whom nothing
   * is said.
   */
  readonly kind: 'person' | 'channel' | 'group' | 'role' | 'set' | 'else';
  /** What the policy is asked with; empty for `else`. */
  readonly id: string;
  /** What people call it: accounts of one person share a name. */
  readonly name: string;
}

/** Subjects that no rule of either side tells apart, with what they are as far as any rule speaks of it. `*` is always there. */
export interface Class {
  readonly subjects: readonly Subject[];
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

const unique = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

const namesIn = ({ links, rules }: PolicyParts, what: 'people' | 'channels'): readonly string[] => [
  ...links[what].flatMap(({ member, group }) => [member, group]),
  ...rules.map((rule) => (what === 'people' ? rule.who : rule.channel)),
];

const allNames = (sides: Sides, what: 'people' | 'channels'): readonly string[] =>
  unique(bothSides.flatMap((side) => namesIn(sides[side], what))).filter((name) => name !== '*');

const belongs = (
  sides: Sides,
  what: 'people' | 'channels',
  group: string,
  test: (id: string) => boolean,
): boolean => bothSides.some((side) => sides[side][what].members(group).some(test));

/** The GitLab user whom an account is, in the newer policy first. */
const personOf = ({ before, after }: Sides, account: string): string | undefined =>
  [after, before]
    .map(({ people }) => [...people.closure(account)].find((name) => name.startsWith('gitlab:')))
    .find((name) => name !== undefined);

const nameOf = (sides: Sides, id: string): string => (personOf(sides, id) ?? id).replace(/^gitlab:/, '');

const subjectOf = (sides: Sides, id: string): Subject | undefined => {
  const kind = kindOfId(id);
  if (kind === 'account') return { kind: 'person', id, name: nameOf(sides, id) };
  // Somebody who has no account yet may link one tomorrow; somebody who has is told by it.
  if (kind === 'gitlab' && !belongs(sides, 'people', id, (one) => kindOfId(one) === 'account'))
    return { kind: 'person', id, name: nameOf(sides, id) };
  if (kind === 'gitlab-group') return { kind: 'group', id, name: id.replace(/^gitlab-group:/, '') };
  if (kind === 'role' && !belongs(sides, 'people', id, (one) => kindOfId(one) !== 'role'))
    return { kind: 'role', id, name: id.replace(/^role:/, '') };
  return undefined;
};

const channelOf = (sides: Sides, id: string): Subject | undefined => {
  if (kindOfId(id) === 'account') return { kind: 'channel', id, name: id };
  const empty = !belongs(sides, 'channels', id, (one) => kindOfId(one) === 'account');
  return empty ? { kind: 'set', id, name: id } : undefined;
};

const relevantTo = (parts: PolicyParts, what: 'people' | 'channels'): ReadonlySet<string> =>
  new Set(parts.rules.map((rule) => (what === 'people' ? rule.who : rule.channel)));

/** What the subject is to the rules of one side. */
const sightOf = (roles: Roles, relevant: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set(
    ['*', ...(id === '' ? [] : roles.closure(id))].filter((name) => name === '*' || relevant.has(name)),
  );

/** These subjects, in classes. */
export const classesOf = (
  sides: Sides,
  what: 'people' | 'channels',
  subjects: readonly Subject[],
): readonly Class[] => {
  const relevant = { before: relevantTo(sides.before, what), after: relevantTo(sides.after, what) };
  const classes = new Map<string, { subjects: Subject[] } & Record<Side, ReadonlySet<string>>>();
  for (const subject of subjects) {
    const sight = (side: Side) => sightOf(sides[side][what], relevant[side], subject.id);
    const [before, after] = [sight('before'), sight('after')];
    const key = JSON.stringify([[...before].toSorted(), [...after].toSorted()]);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { subjects: [subject], before, after });
    else known.subjects.push(subject);
  }
  return [...classes.values()];
};

const withElse = (subjects: readonly (Subject | undefined)[], name: string): readonly Subject[] => [
  ...subjects.filter((subject) => subject !== undefined),
  { kind: 'else', id: '', name },
];

/** Everybody whom either side can speak of, in classes. */
export const classesOfPeople = (sides: Sides): readonly Class[] => {
  const named = allNames(sides, 'people').map((id) => subjectOf(sides, id));
  return classesOf(sides, 'people', withElse(named, 'anybody else'));
};

/** Every channel, in classes. */
export const classesOfChannels = (sides: Sides): readonly Class[] => {
  const named = allNames(sides, 'channels').map((id) => channelOf(sides, id));
  return classesOf(sides, 'channels', withElse(named, 'any other channel'));
};

/** The accounts of somebody, or whatever else the id names; the id itself when nothing is said about it. */
export const subjectsNamed = (sides: Sides, id: string): readonly Subject[] => {
  const accounts = sides.after.people.members(id).filter((one) => kindOfId(one) === 'account');
  const ids = kindOfId(id) === 'gitlab' && accounts.length > 0 ? accounts : [id];
  return ids.flatMap((one) => subjectOf(sides, one) ?? []);
};

/** The classes that one command tells apart, of which the policy as a whole may tell apart more. */
export interface Joint {
  readonly classes: readonly Class[];
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
  /** They are the same to both sides. */
  readonly same: boolean;
}

const common = (names: ReadonlySet<string>, relevant: ReadonlySet<string>): readonly string[] =>
  [...(names.size < relevant.size ? names : relevant)].filter(
    (name) => names.has(name) && relevant.has(name),
  );

/** Puts classes together that are alike to rules which speak of these names only. */
export const jointly = (classes: readonly Class[], relevant: ReadonlySet<string>): readonly Joint[] => {
  const found = new Map<string, Joint & { readonly classes: Class[] }>();
  for (const one of classes) {
    const [before, after] = [common(one.before, relevant).toSorted(), common(one.after, relevant).toSorted()];
    const key = JSON.stringify([before, after]);
    const known = found.get(key);
    if (known !== undefined) {
      known.classes.push(one);
      continue;
    }
    const same = before.join('\n') === after.join('\n');
    found.set(key, { classes: [one], before: new Set(before), after: new Set(after), same });
  }
  return [...found.values()];
};
