import type { Link } from '../rows.ts';

/** What names are when one row is not there. */
export interface Reach {
  /** Everything the name is or belongs to, itself included. */
  without(name: string, row: Link): ReadonlySet<string>;
}

/** Prepares links for being looked at with one of them missing. */
export const createReach = (links: readonly Link[]): Reach => {
  const from = new Map<string, Link[]>();
  for (const link of links) {
    const list = from.get(link.member);
    if (list === undefined) from.set(link.member, [link]);
    else list.push(link);
  }
  return {
    without(name, row) {
      const seen = new Set([name]);
      // A Set is walked in the order of insertion, also over what is added on the way.
      for (const one of seen) for (const link of from.get(one) ?? []) if (link !== row) seen.add(link.group);
      return seen;
    },
  };
};
