import type { Link } from './rows.ts';

/** The shortest way from a name up to a group, link by link; empty when there is none or it is the same. */
export const pathBetween = (links: readonly Link[], from: string, to: string): readonly Link[] => {
  const via = new Map<string, Link>();
  const reached = new Set([from]);
  for (const name of reached)
    for (const link of links)
      if (link.member === name && !reached.has(link.group)) {
        reached.add(link.group);
        via.set(link.group, link);
      }
  const path: Link[] = [];
  for (let link = via.get(to); link !== undefined; link = via.get(link.member)) path.unshift(link);
  return path;
};

/** Where a row stands: `policy.csv:3`, or `GitLab` when it stands in no file. */
const placeAsText = ({ file, line }: Pick<Link, 'file' | 'line'>): string =>
  file.startsWith('(GitLab') ? 'GitLab' : `${file}:${line}`;

/** `slack:T1/U2 -> gitlab:ana (policy.csv:3) -> role:sre (policy.csv:9)`; only the name when there are no links. */
export const pathAsText = (from: string, links: readonly Link[]): string =>
  [links[0]?.member ?? from, ...links.map(({ group, ...place }) => `${group} (${placeAsText(place)})`)].join(
    ' -> ',
  );
