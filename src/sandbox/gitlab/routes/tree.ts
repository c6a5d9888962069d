import { oneOf, text, truth } from '../fields.ts';
import { notFound } from '../refusal.ts';
import type { Commit } from '../repository.ts';
import { type Answer, type Call, keysetPage, page, type Route } from '../route.ts';
import { blobId } from '../views/blobs.ts';
import { commitAt } from './found.ts';

/** The endpoint that lists a project's files (https://docs.gitlab.com/api/repositories/#list-repository-tree). */
export const treeRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/repository/tree', answer: listTree },
];

type Entry = readonly [path: string, type: 'tree' | 'blob'];

function listTree(call: Call): Answer {
  const { commit } = commitAt(call, text(call.fields, 'ref'), 'Tree');
  const folder = (text(call.fields, 'path') ?? '').replace(/^\/+|\/+$/g, '');
  const entries = entriesBelow(commit, folder, truth(call.fields, 'recursive') ?? false);
  if (folder !== '' && entries.length === 0) throw notFound('invalid revision or path');
  const view = ([path, type]: Entry) => treeEntry(path, type, commit);
  const isKeyset = oneOf(call.fields, 'pagination', ['keyset', 'none', 'legacy']) === 'keyset';
  if (!isKeyset) return page(call, entries, view);
  return keysetPage(call, entries, ([path]) => Buffer.from(path).toString('base64url'), view);
}

function entriesBelow(commit: Commit, folder: string, deep: boolean): readonly Entry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, 'tree' | 'blob'>();
  for (const path of commit.files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const parts = path.slice(prefix.length).split('/');
    for (let depth = 1; depth <= (deep ? parts.length : 1); depth += 1) {
      entries.set(prefix + parts.slice(0, depth).join('/'), depth < parts.length ? 'tree' : 'blob');
    }
  }
  // GitLab lists folders first.
  return [...entries].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x === 'tree' ? -1 : 1));
}

function treeEntry(path: string, type: 'tree' | 'blob', commit: Commit) {
  const id = blobId(commit.files.get(path) ?? path);
  const mode = type === 'tree' ? '040000' : '100644';
  return { id, name: path.split('/').at(-1), type, path, mode };
}
