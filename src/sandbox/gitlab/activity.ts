import type { MergeRequest } from './merging/merge-request.ts';
import type { Project, User } from './world.ts';

/** A branch moved; a null sha means that it was not there before, or is gone now. */
export interface Push {
  readonly kind: 'push';
  readonly project: Project;
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly user: User;
}

/** What somebody did with a merge request, in the words of GitLab's webhook. */
export type MergeRequestAction = 'open' | 'update' | 'reopen' | 'close' | 'merge' | 'approved' | 'unapproved';

/** A merge request, as it is after something happened to it. */
export interface MergeRequestChange {
  readonly kind: 'merge-request';
  readonly project: Project;
  readonly mergeRequest: MergeRequest;
  readonly action: MergeRequestAction;
  /** The head before, when new commits came. */
  readonly oldrev: string | undefined;
  readonly user: User;
}

/** Something happened to a project's code. */
export type Happening = Push | MergeRequestChange;

/** Where changes of code are told, and heard. */
export interface Activity {
  tell(happening: Happening): void;
  /** The listener hears all that is told until the returned function is called. */
  subscribe(listener: (happening: Happening) => void): () => void;
}

/** An activity nobody has heard of yet. */
export function createActivity(): Activity {
  const listeners = new Set<(happening: Happening) => void>();
  return {
    tell(happening) {
      for (const listener of listeners) listener(happening);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
