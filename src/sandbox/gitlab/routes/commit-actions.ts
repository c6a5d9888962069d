import type { Files } from '../../ci/types.ts';
import { oneOf, requiredText, rows, text } from '../fields.ts';
import type { Fields } from '../form.ts';
import { badParameter, Refusal } from '../refusal.ts';
import type { Changes } from '../repository.ts';

/**
 * The changes that the `actions` of a new commit ask for (https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions).
 * Understood are create, update, delete and move; anything else is refused by name.
 */
export function changesAsked(fields: Fields, files: Files): Changes {
  const actions = rows(fields, 'actions');
  if (!actions || actions.length === 0) throw badParameter('actions is missing');
  const tree = new Map(files);
  const changes: Record<string, string | null> = {};
  const put = (path: string, content: string | null): void => {
    changes[path] = content;
    if (content === null) tree.delete(path);
    else tree.set(path, content);
  };
  for (const action of actions) carryOut(action, tree, put);
  return changes;
}

function carryOut(action: Fields, tree: Files, put: (path: string, content: string | null) => void): void {
  const path = checked(requiredText(action, 'file_path'));
  const kind = oneOf(action, 'action', ['create', 'update', 'delete', 'move']);
  if (kind === undefined) throw badParameter('actions[action] is missing');
  if (kind === 'create') {
    if (tree.has(path)) throw new Refusal(400, { message: 'A file with this name already exists' });
    put(path, content(action) ?? '');
    return;
  }
  const source = kind === 'move' ? checked(requiredText(action, 'previous_path')) : path;
  const old = tree.get(source);
  if (old === undefined) throw new Refusal(400, { message: "A file with this name doesn't exist" });
  if (kind !== 'update') put(source, null);
  if (kind === 'update') put(path, content(action) ?? '');
  if (kind === 'move') put(path, content(action) ?? old);
}

function content(action: Fields): string | undefined {
  const given = text(action, 'content');
  const encoding = oneOf(action, 'encoding', ['text', 'base64']) ?? 'text';
  return given !== undefined && encoding === 'base64' ? Buffer.from(given, 'base64').toString() : given;
}

function checked(path: string): string {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new Refusal(400, { message: 'invalid path' });
  }
  return path;
}
