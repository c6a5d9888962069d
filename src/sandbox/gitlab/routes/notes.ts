import { oneOf, requiredText } from '../fields.ts';
import { addNote, editNote } from '../merging/deeds.ts';
import type { Note } from '../merging/merge-request.ts';
import { badRequest, forbidden, notFound } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { noteView } from '../views/merge-requests.ts';
import { level, levelIn } from '../world.ts';
import { type FoundMergeRequest, mergeRequestFor } from './merge-requests.ts';

const all = '/projects/:id/merge_requests/:iid/notes';
const one = `${all}/:note_id`;

/** Endpoints for the comments of a merge request (https://docs.gitlab.com/api/notes/#merge-requests). */
export const noteRoutes: readonly Route[] = [
  { method: 'GET', url: all, answer: list },
  { method: 'POST', url: all, answer: add },
  { method: 'GET', url: one, answer: show },
  { method: 'PUT', url: one, answer: change },
  { method: 'DELETE', url: one, answer: remove },
];

/** GitLab's limit for the text of one comment (https://docs.gitlab.com/administration/instance_limits/). */
const mostCharacters = 1_000_000;

function list(call: Call): Answer {
  const { project, found } = mergeRequestFor(call);
  const rising = oneOf(call.fields, 'sort', ['asc', 'desc']) === 'asc';
  const by = oneOf(call.fields, 'order_by', ['created_at', 'updated_at']) ?? 'created_at';
  const place = (note: Note): number => (by === 'created_at' ? note.createdAt : note.updatedAt);
  const notes = found.notes.toSorted((a, b) => (rising ? 1 : -1) * (place(a) - place(b) || a.id - b.id));
  return page(call, notes, (note) => noteView(call.world, project, found, note));
}

function noteFor(call: Call): FoundMergeRequest & { readonly note: Note } {
  const { project, found } = mergeRequestFor(call);
  const note = found.notes.find(({ id }) => String(id) === call.path.note_id);
  if (!note) throw notFound('Note');
  return { project, found, note };
}

function show(call: Call): Answer {
  const { project, found, note } = noteFor(call);
  return ok(noteView(call.world, project, found, note));
}

function bodyOf(call: Call): string {
  const body = requiredText(call.fields, 'body');
  if (body.trim() === '') throw badRequest('Note {:note=>["can\'t be blank"]}');
  if (body.length > mostCharacters) {
    throw badRequest(`Note {:note=>["is too long (maximum is ${mostCharacters} characters)"]}`);
  }
  return body;
}

function add(call: Call): Answer {
  const { project, found } = mergeRequestFor(call);
  const note = addNote(call.world, project, found, call.actor.user, bodyOf(call));
  return created(noteView(call.world, project, found, note));
}

/** A comment that the caller may change: its author may, and Maintainers; nobody may change what GitLab itself wrote. */
function ownNote(call: Call) {
  const found = noteFor(call);
  const { user } = call.actor;
  const may = found.note.authorId === user.id || levelIn(found.project, user.id) >= level.maintainer;
  if (found.note.system || !may) throw forbidden();
  return found;
}

function change(call: Call): Answer {
  const { project, found, note } = ownNote(call);
  const edited = editNote(call.world, project, found, note, bodyOf(call));
  return ok(noteView(call.world, project, found, edited));
}

function remove(call: Call): Answer {
  const { project, found, note } = ownNote(call);
  const notes = found.notes.filter(({ id }) => id !== note.id);
  project.mergeRequests.set(found.iid, { ...found, notes });
  return { status: 204 };
}
