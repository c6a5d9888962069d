import { shown } from './hints.ts';
import type { MistakeList } from './mistakes.ts';
import type { Link } from './rows.ts';

/** Who belongs to what, directly and through others. */
export interface Roles {
  /** Whether the name belongs to anything. */
  has(name: string): boolean;
  /** Everything the name is or belongs to, nearest first, itself at the beginning. */
  closure(name: string): ReadonlySet<string>;
  /** Every name that directly or through others belongs to the group, in the order of the rows. */
  members(group: string): readonly string[];
}

/** Casbin's own role manager follows ten links; a longer chain would mean different things here and there. */
const longestChain = 10;

/** How many rows of cycles are looked at one by one; whoever mends these sees the next. */
const mostReported = 5;

const grouped = (links: readonly Link[], key: 'member' | 'group', value: 'member' | 'group') => {
  const found = new Map<string, string[]>();
  for (const link of links) {
    const list = found.get(link[key]);
    if (list === undefined) found.set(link[key], [link[value]]);
    else list.push(link[value]);
  }
  return found as ReadonlyMap<string, readonly string[]>;
};

const reach = (start: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> => {
  const seen = new Set([start]);
  // A Set is walked in the order of insertion, also over what is added on the way: a breadth-first walk.
  for (const name of seen) for (const further of next.get(name) ?? []) seen.add(further);
  return seen;
};

/** Removes names that belong to nothing more, round after round; what is left after the last round is on a cycle or leads into one. */
const rounds = (links: readonly Link[]) => {
  const open = new Map<string, number>();
  for (const { member, group } of links) {
    open.set(member, (open.get(member) ?? 0) + 1);
    if (!open.has(group)) open.set(group, 0);
  }
  const membersOf = grouped(links, 'group', 'member');
  let tops = [...open].filter(([, count]) => count === 0).map(([name]) => name);
  let count = 0;
  while (tops.length > 0) {
    const below: string[] = [];
    for (const top of tops) {
      open.delete(top);
      for (const member of membersOf.get(top) ?? []) {
        const left = (open.get(member) ?? 0) - 1;
        open.set(member, left);
        if (left === 0) below.push(member);
      }
    }
    tops = below;
    count++;
  }
  return { cyclic: new Set(open.keys()), longest: count - 1 };
};

/** Reports cycles and chains of more than ten links. */
export const checkLinks = (links: readonly Link[], mistakes: MistakeList): void => {
  const { cyclic, longest } = rounds(links);
  const groups = grouped(links, 'member', 'group');
  const onCycle = links.filter(({ member, group }) => cyclic.has(member) && cyclic.has(group));
  const looked = onCycle.slice(0, mostReported);
  const back = looked.filter(({ member, group }) => reach(group, groups).has(member));
  for (const { file, line, member, group } of back)
    mistakes.add(
      file,
      line,
      `${shown(member)} belongs to ${shown(group)}, which leads back to it: a cycle`,
      'role-cycle',
    );
  for (const { file, line, member } of back.length === 0 ? looked : [])
    mistakes.add(file, line, `${shown(member)} leads into a cycle of memberships`, 'role-cycle');
  const first = links[0];
  if (longest > longestChain && first !== undefined) {
    mistakes.add(
      first.file,
      first.line,
      `a chain of memberships is ${longest} links long, at most ${longestChain} are followed`,
      'role-chain',
    );
  }
};

/** Looks memberships up; a closure is computed once per name. */
export const createRoles = (links: readonly Link[]): Roles => {
  const groups = grouped(links, 'member', 'group');
  const membersOf = grouped(links, 'group', 'member');
  const known = new Map<string, ReadonlySet<string>>();
  const closure = (name: string): ReadonlySet<string> => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const computed = reach(name, groups);
    // Only names that stand in the rows are remembered: strangers could be endlessly many.
    if (groups.has(name)) known.set(name, computed);
    return computed;
  };
  return {
    has: (name) => groups.has(name),
    closure,
    members: (group) => [...reach(group, membersOf)].slice(1),
  };
};
