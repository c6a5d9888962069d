import type { Changes, Commit, Repository } from '../repository.ts';

/** The newest commit that both have behind them; undefined when they share none. */
export function mergeBase(repository: Repository, one: Commit, other: Commit): Commit | undefined {
  const behind = new Set(repository.history(other).map(({ sha }) => sha));
  return repository.history(one).find(({ sha }) => behind.has(sha));
}

/** The commits that `head` has and `base` has not, newest first. */
export function commitsSince(
  repository: Repository,
  base: Commit | undefined,
  head: Commit,
): readonly Commit[] {
  const behind = new Set(base ? repository.history(base).map(({ sha }) => sha) : []);
  return repository.history(head).filter(({ sha }) => !behind.has(sha));
}

/** What turns one tree into another. */
export function changesBetween(before: Commit | undefined, after: Commit): Changes {
  const changes: Record<string, string | null> = {};
  for (const path of before?.files.keys() ?? []) if (!after.files.has(path)) changes[path] = null;
  for (const [path, content] of after.files) {
    if (before?.files.get(path) !== content) changes[path] = content;
  }
  return changes;
}

/** What a merge brings to `into`, and the paths that both sides changed differently since they parted. */
export function mergeChanges(repository: Repository, into: Commit, from: Commit) {
  const base = mergeBase(repository, into, from);
  const changes: Record<string, string | null> = {};
  const conflicts: string[] = [];
  for (const [path, content] of Object.entries(changesBetween(base, from))) {
    const ours = into.files.get(path) ?? null;
    if (ours === content) continue;
    if (ours === (base?.files.get(path) ?? null)) changes[path] = content;
    else conflicts.push(path);
  }
  return { changes, conflicts };
}

/** The newest commit behind `from` in which a file became what it is there. */
export function lastChange(repository: Repository, from: Commit, path: string): Commit {
  let last = from;
  for (;;) {
    const same = last.parents
      .map((sha) => repository.find(sha))
      .find((parent) => parent?.files.get(path) === last.files.get(path));
    if (!same) return last;
    last = same;
  }
}
