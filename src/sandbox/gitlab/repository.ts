import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../ci/types.ts';

/** One commit: its whole tree, who made it, when (Unix milliseconds). */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly title: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: number;
  readonly files: Files;
}

/** The commits, branches and tags of one project; a small Git without Git. */
export interface Repository {
  /** The commit that a branch, a tag, or a whole or shortened sha names. */
  find(ref: string): Commit | undefined;
  branches(): readonly { readonly name: string; readonly commit: Commit }[];
  tags(): readonly { readonly name: string; readonly commit: Commit }[];
  /** Puts a new commit on a branch (made when missing): the branch's files with these changed; `null` removes one. */
  commit(branch: string, title: string, changes: Readonly<Record<string, string | null>>): Commit;
  tag(name: string, ref: string): void;
}

/** An empty repository whose commits are dated by `now` (Unix milliseconds) and made by `author`. */
export function createRepository(now: () => number, author: Commit['author']): Repository {
  const commits = new Map<string, Commit>();
  const branches = new Map<string, Commit>();
  const tags = new Map<string, Commit>();
  const bySha = (sha: string): Commit | undefined =>
    /^[0-9a-f]{7,40}$/.test(sha)
      ? [...commits.values()].find((commit) => commit.sha.startsWith(sha))
      : undefined;
  const find = (ref: string): Commit | undefined => {
    const short = ref.replace(/^refs\/(heads|tags)\//, '');
    return branches.get(short) ?? tags.get(short) ?? bySha(ref);
  };
  const named = (refs: ReadonlyMap<string, Commit>) => [...refs].map(([name, commit]) => ({ name, commit }));
  return {
    find,
    branches: () => named(branches),
    tags: () => named(tags),
    commit(branch, title, changes) {
      const parent = branches.get(branch);
      const files = changed(parent?.files ?? new Map(), changes);
      const parents = parent ? [parent.sha] : [];
      const commit: Commit = { sha: shaOf(title, parents, files), parents, title, author, at: now(), files };
      commits.set(commit.sha, commit);
      branches.set(branch, commit);
      return commit;
    },
    tag(name, ref) {
      const commit = find(ref);
      if (!commit) throw new Error(`Cannot tag "${name}": the repository has no "${ref}"`);
      tags.set(name, commit);
    },
  };
}

/** The text files below a folder, by their path from it with forward slashes. */
export function readFolder(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length + 1).replaceAll('\\', '/')] = readFileSync(path, 'utf8');
  }
  return files;
}

function changed(files: Files, changes: Readonly<Record<string, string | null>>): Files {
  const next = new Map(files);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) next.delete(path);
    else next.set(path, content);
  }
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shaOf(title: string, parents: readonly string[], files: Files): string {
  return createHash('sha1')
    .update(JSON.stringify([title, parents, [...files]]))
    .digest('hex');
}
