import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../ci/types.ts';

/** Who made a commit, as Git writes it. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** One commit: its whole tree, who made it, when (Unix milliseconds). */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  /** First line of the message. */
  readonly title: string;
  readonly message: string;
  readonly author: Author;
  readonly at: number;
  readonly files: Files;
}

/** What changes in a tree: path -> new content, or `null` for a file that goes. */
export type Changes = Readonly<Record<string, string | null>>;

/** Author and moment of a commit; the repository's own unless given. */
export interface Signature {
  readonly author?: Author;
  readonly at?: number;
}

/** The commits, branches and tags of one project; a small Git without Git. */
export interface Repository {
  /** The commit that a branch, a tag, or a whole or shortened sha names. */
  find(ref: string): Commit | undefined;
  branches(): readonly { readonly name: string; readonly commit: Commit }[];
  tags(): readonly { readonly name: string; readonly commit: Commit }[];
  /** Puts a new commit on a branch (made when missing): the branch's files with these changed; `null` removes one. */
  commit(branch: string, message: string, changes: Changes, signed?: Signature): Commit;
  /** Puts a commit with a second parent on a branch; `changes` are against the branch's own files. */
  merge(branch: string, other: Commit, message: string, changes: Changes, signed?: Signature): Commit;
  /** Makes a branch, or moves it, to what a ref names. */
  branch(name: string, ref: string): Commit;
  removeBranch(name: string): void;
  tag(name: string, ref: string): void;
  /** A commit and all that came before it, newest first. */
  history(from: Commit): readonly Commit[];
}

/** An empty repository whose commits are dated by `now` (Unix milliseconds) and made by `author` unless signed otherwise. */
export function createRepository(now: () => number, author: Author): Repository {
  const commits = new Map<string, Commit>();
  const branches = new Map<string, Commit>();
  const tags = new Map<string, Commit>();
  const bySha = (sha: string): Commit | undefined =>
    commits.get(sha) ??
    (/^[0-9a-f]{7,39}$/.test(sha)
      ? [...commits.values()].find((commit) => commit.sha.startsWith(sha))
      : undefined);
  const find = (ref: string): Commit | undefined => {
    const short = ref.replace(/^refs\/(heads|tags)\//, '');
    return branches.get(short) ?? tags.get(short) ?? bySha(ref);
  };
  const named = (refs: ReadonlyMap<string, Commit>) => [...refs].map(([name, commit]) => ({ name, commit }));
  const existing = (ref: string, what: string): Commit => {
    const commit = find(ref);
    if (!commit) throw new Error(`Cannot ${what}: the repository has no "${ref}"`);
    return commit;
  };
  const add = (branch: string, more: readonly Commit[], message: string, changes: Changes, by: Signature) => {
    const parent = branches.get(branch);
    const files = changed(parent?.files ?? new Map(), changes);
    const parents = [...(parent ? [parent] : []), ...more].map(({ sha }) => sha);
    const made = { author: by.author ?? author, at: by.at ?? now(), title: titleOf(message), message };
    const commit: Commit = { sha: shaOf(message, made.author, parents, files), parents, files, ...made };
    commits.set(commit.sha, commit);
    branches.set(branch, commit);
    return commit;
  };
  return {
    find,
    branches: () => named(branches),
    tags: () => named(tags),
    commit: (branch, message, changes, signed = {}) => add(branch, [], message, changes, signed),
    merge: (branch, other, message, changes, signed = {}) => add(branch, [other], message, changes, signed),
    branch(name, ref) {
      const commit = existing(ref, `make the branch "${name}"`);
      branches.set(name, commit);
      return commit;
    },
    removeBranch: (name) => void branches.delete(name),
    tag: (name, ref) => void tags.set(name, existing(ref, `tag "${name}"`)),
    history(from) {
      const reached = ancestry(commits, from);
      // Commits are kept in the order of their making, and no commit is older than its parents.
      return [...commits.values()].filter(({ sha }) => reached.has(sha)).reverse();
    },
  };
}

function ancestry(commits: ReadonlyMap<string, Commit>, from: Commit): ReadonlySet<string> {
  const reached = new Set([from.sha]);
  const open = [from];
  for (let one = open.pop(); one; one = open.pop()) {
    for (const sha of one.parents) {
      const parent = commits.get(sha);
      if (!parent || reached.has(sha)) continue;
      reached.add(sha);
      open.push(parent);
    }
  }
  return reached;
}

/** The text files below a folder, by their path from it with forward slashes. */
export function readFolder(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(join(folder).length + 1).replaceAll('\\', '/')] = readFileSync(path, 'utf8');
  }
  return files;
}

function titleOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

function changed(files: Files, changes: Changes): Files {
  const next = new Map(files);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) next.delete(path);
    else next.set(path, content);
  }
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shaOf(message: string, author: Author, parents: readonly string[], files: Files): string {
  return createHash('sha1')
    .update(JSON.stringify([message, author.email, parents, [...files]]))
    .digest('hex');
}
