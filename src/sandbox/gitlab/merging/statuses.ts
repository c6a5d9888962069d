import type { Project, World } from '../world.ts';

/** GitLab's words for the state of an outer check (https://docs.gitlab.com/api/commits/#set-commit-pipeline-status). */
export const statusStates = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;

/** One of them. */
export type StatusState = (typeof statusStates)[number];

/** What an outer check says of a commit. Times are Unix milliseconds. */
export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly name: string;
  readonly state: StatusState;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly authorId: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What is to be set. */
export type WantedStatus = Pick<
  CommitStatus,
  'sha' | 'ref' | 'name' | 'state' | 'description' | 'targetUrl' | 'authorId'
>;

/** The status as it is now, or GitLab's words for a step that it does not know. */
export type SetStatus =
  | { readonly ok: true; readonly status: CommitStatus }
  | { readonly ok: false; readonly error: string };

/**
 * Sets a status as GitLab does: one that is pending or running is moved on, when the same account had set it; beside a finished
 * one a new one begins, and the old one no longer counts. Pending cannot become pending, nor running running.
 */
export function setStatus(
  world: Pick<World, 'now' | 'nextId'>,
  { statuses }: Project,
  wanted: WantedStatus,
): SetStatus {
  const at = statuses.findLastIndex((one) => isSame(one, wanted) && isGoing(one.state));
  const going = statuses[at];
  const event = refusedEvent(going?.state, wanted.state);
  if (event !== undefined) return { ok: false, error: cannot(event, going?.state ?? 'created') };
  const now = world.now();
  const begun = going ?? { id: world.nextId(), createdAt: now, startedAt: null };
  const status: CommitStatus = {
    id: begun.id,
    createdAt: begun.createdAt,
    ...wanted,
    description: wanted.description ?? going?.description ?? null,
    targetUrl: wanted.targetUrl ?? going?.targetUrl ?? null,
    startedAt: begun.startedAt ?? (wanted.state === 'running' ? now : null),
    finishedAt: isGoing(wanted.state) ? null : now,
  };
  if (going) statuses[at] = status;
  else statuses.push(status);
  return { ok: true, status };
}

/** The statuses of a commit that count: the newest of each name and ref, in the order of their making. */
export function latestStatuses({ statuses }: Project, sha: string): readonly CommitStatus[] {
  const ofCommit = statuses.filter((one) => one.sha === sha);
  return ofCommit.filter(
    (one, at) => !ofCommit.slice(at + 1).some((later) => later.name === one.name && later.ref === one.ref),
  );
}

function isSame(one: CommitStatus, wanted: WantedStatus): boolean {
  return (
    one.sha === wanted.sha &&
    one.ref === wanted.ref &&
    one.name === wanted.name &&
    one.authorId === wanted.authorId
  );
}

function isGoing(state: StatusState): boolean {
  return state === 'pending' || state === 'running';
}

function refusedEvent(from: StatusState | undefined, to: StatusState): string | undefined {
  if (from === undefined) return undefined;
  if (to === 'pending') return 'enqueue';
  if (to === 'running' && from === 'running') return 'run';
  return to === 'skipped' ? 'skip' : undefined;
}

function cannot(event: string, from: string): string {
  return `Cannot transition status via :${event} from :${from} (Reason(s): Status cannot transition via "${event}")`;
}
