import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { fieldsOf, idOf, listOf, textOf } from './shapes.ts';

/** A comment on a merge request. */
export interface Note {
  readonly id: number;
  /** The numeric id of the user who wrote it; undefined where GitLab does not tell. */
  readonly author: number | undefined;
  readonly body: string;
  /** Written by GitLab itself about a change. */
  readonly system: boolean;
}

/** One comment that is kept up to date. */
export interface StickyNote {
  readonly project: string;
  readonly iid: number;
  /** Whom the gateway acts as: only this user's comments are ever touched. */
  readonly author: number;
  /** How the comment begins, whatever else it says. */
  readonly marker: string;
  /** What it is to say; begins with the marker. */
  readonly body: string;
  /** Only an existing comment is changed; none is made. */
  readonly onlyExisting?: boolean;
}

type Notes = Pick<GitLab, 'MergeRequestNotes'>;

/** A comment may have a million characters, so that a page holds few: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics */
const perPage = 20;
const maxPages = 250;

/** The comments of a merge request, oldest first, at most 5,000. */
export const listNotes =
  (gitlab: Notes) =>
  async (project: string, iid: number): Promise<readonly Note[]> => {
    const query = { sort: 'asc', orderBy: 'created_at', perPage, maxPages };
    const notes = await gitlab.MergeRequestNotes.all(project, iid, query);
    return listOf(notes, 'a list of comments').map(noteFrom);
  };

/**
 * Makes the merge request carry exactly one comment of ours that says this: the oldest is changed when it says something else,
 * a missing one is made, and younger ones, which another instance may have made at the same moment, are removed.
 * The id of the comment; undefined when there is none and none was to be made.
 */
export const keepNote =
  (gitlab: Notes) =>
  async (note: StickyNote): Promise<number | undefined> => {
    const { project, iid, body } = note;
    const before = await ours(gitlab, note);
    if (before.length === 0 && note.onlyExisting === true) return undefined;
    const [first, ...younger] = before.length === 0 ? await created(gitlab, note) : before;
    for (const { id } of younger) await remove(gitlab, note, id);
    if (first !== undefined && !sameText(first.body, body))
      await gitlab.MergeRequestNotes.edit(project, iid, first.id, { body });
    return first?.id;
  };

/** What there is of ours after one more was made: another instance may have made one at the same moment. */
const created = async (gitlab: Notes, note: StickyNote): Promise<readonly Note[]> => {
  const made = noteFrom(await gitlab.MergeRequestNotes.create(note.project, note.iid, note.body));
  const now = await ours(gitlab, note);
  return now.length === 0 ? [made] : now;
};

const ours = async (gitlab: Notes, note: StickyNote): Promise<readonly Note[]> => {
  const notes = await listNotes(gitlab)(note.project, note.iid);
  return notes
    .filter(({ author, system, body }) => author === note.author && !system && body.startsWith(note.marker))
    .toSorted((a, b) => a.id - b.id);
};

/** The other instance may have been quicker. */
const remove = async (gitlab: Notes, { project, iid }: StickyNote, id: number): Promise<void> => {
  try {
    await gitlab.MergeRequestNotes.remove(project, iid, id);
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
  }
};

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();

const sameText = (one: string, other: string): boolean => plain(one) === plain(other);

const noteFrom = (value: unknown): Note => {
  const fields = fieldsOf(value, 'a comment');
  const author = typeof fields.author === 'object' ? fields.author : null;
  return {
    id: idOf(fields, 'a comment'),
    author: author !== null && 'id' in author && typeof author.id === 'number' ? author.id : undefined,
    body: textOf(fields, 'body', 'a comment'),
    system: fields.system === true,
  };
};
