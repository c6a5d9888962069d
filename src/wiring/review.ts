import { createHash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import { GitLabError } from '../gitlab/answers.ts';
import type { GitLab } from '../gitlab/client.ts';
import { setCommitStatus } from '../gitlab/commit-status.ts';
import { isSha, type MergeRequest, openMergeRequests, showMergeRequest } from '../gitlab/merge-requests.ts';
import { keepNote } from '../gitlab/notes.ts';
import { currentUser } from '../gitlab/people.ts';
import { headOf } from '../gitlab/policy-origin.ts';
import { type FilesAt, filesAt as filesOf } from '../gitlab/policy-project.ts';
import type { CommandSettings } from '../policy/commands/command.ts';
import type { Membership } from '../policy/compile.ts';
import { type FilesRead, isIgnored, mostBytesOf, mostFiles, policyFilesOf } from '../policy/files.ts';
import type { About } from '../policy/review/about.ts';
import { createPolicyThread, type PolicyThread } from '../policy/review/in-thread.ts';
import { noteMarker, unfinishedNote, unrelatedNote } from '../policy/review/note.ts';
import {
  createReviewing,
  type Looked,
  type Outcome,
  type ReviewingParts,
} from '../policy/review/reviewing.ts';
import type { ReviewTask } from '../policy/review/tasks.ts';

/** What reviewing the merge requests of the policy's project needs. */
export interface ReviewWiring {
  readonly api: GitLab;
  /** The project, branch and folder that the policy comes from; the folder without slashes around it, '' for the whole. */
  readonly project: string;
  readonly ref: string;
  readonly folder: string;
  /** The policy folder at a commit; asked of GitLab unless given. */
  readonly filesAt?: (project: string, folder: string, sha: string) => Promise<FilesAt>;
  readonly settings: CommandSettings;
  /** Who is in the groups that the policy in force speaks of. */
  readonly memberships: () => readonly Membership[];
  readonly now: () => number;
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
  };
  readonly thread?: PolicyThread;
  /** `gain:<command pattern>` …: what a merge request may not do, whatever else is right. */
  readonly failOn?: readonly string[];
  /** What was decided in so many days, to be decided again; the same on every instance, or their notes differ. */
  readonly past?: () => Promise<NonNullable<ReviewTask['past']>>;
  readonly sweepEveryMs?: number;
  /** Hears how each look at a merge request ended. */
  readonly onLook?: ((how: Looked) => void) | undefined;
}

/** The name under which the outcome stands beside a commit. */
export const statusName = 'chatops/policy';

const dayMs = 86_400_000;
const usualSweepMs = 300_000;

/** The gateway's own user, asked for once. */
const createSelf = (api: ReviewWiring['api']) => {
  let self: Promise<{ readonly id: number }> | undefined;
  return async (): Promise<number> => {
    self ??= currentUser(api)();
    try {
      return (await self).id;
    } catch (thrown) {
      self = undefined;
      throw thrown;
    }
  };
};

const pageOf = ({ webUrl }: MergeRequest): string | undefined => webUrl?.split('/-/merge_requests/')[0];

const aboutOf = ({ project, ref, folder }: ReviewWiring, request: MergeRequest, head: string): About => ({
  project,
  folder,
  page: pageOf(request),
  iid: request.iid,
  source: request.sha,
  target: head,
  targetBranch: ref,
  base: request.base,
});

const sameFiles = (one: FilesRead, other: FilesRead): boolean =>
  one.ok && other.ok && one.files.revision === other.files.revision;

/** Files as they were found in GitLab, as the policy reads a folder. */
const readOf = ({ files, problems }: FilesAt): FilesRead => {
  const read = policyFilesOf(files);
  if (problems.length === 0) return read;
  const mistakes = problems.map((one) => ({ ...one, line: 1, code: 'file' as const }));
  return read.ok
    ? { ok: false, mistakes, readable: read.files }
    : { ...read, mistakes: [...mistakes, ...read.mistakes] };
};

/** A file that is too long to be sent is a mistake of the file, not of GitLab: asking again would not help. */
const tooLong = (thrown: unknown): FilesRead => {
  if (!(thrown instanceof GitLabError) || !thrown.words.startsWith('the answer is longer than')) throw thrown;
  return {
    ok: false,
    mistakes: [{ file: '.', line: 1, code: 'file', text: 'holds a file that is too large' }],
  };
};

const reader = ({ api, project, folder, filesAt }: ReviewWiring) => {
  const find = filesAt ?? filesOf(api, { mostBytes: mostBytesOf, isIgnored, mostFiles });
  return (sha: string): Promise<FilesRead> => find(project, folder, sha).then(readOf, tooLong);
};

const reviewer =
  (wiring: ReviewWiring, thread: PolicyThread) =>
  async (request: MergeRequest, head: string): Promise<Outcome> => {
    const readAt = reader(wiring);
    const { settings, memberships, now, failOn = [] } = wiring;
    const about = aboutOf(wiring, request, head);
    const [before, after] = await Promise.all([readAt(head), readAt(request.sha)]);
    if (sameFiles(before, after)) {
      const description = 'The policy is the same with this merge request as without it';
      return { state: 'success', description, note: unrelatedNote(about), quiet: true };
    }
    const past = await wiring.past?.();
    const task = { before, after, settings, memberships: memberships(), now: now(), failOn, past, about };
    const reviewed = await thread.review(task);
    if (reviewed.ok) {
      const { ok, headline, note } = reviewed.answer;
      return { state: ok ? 'success' : 'failed', description: headline, note, quiet: false };
    }
    const { because, words } = reviewed;
    if (because === 'closed') throw new GatewayError('internal', `reviewing !${request.iid}: ${words}`);
    wiring.log.warn({ mergeRequest: request.iid, sha: request.sha, because, words }, 'a review was ended');
    const description = `The review could not be finished: ${words}`;
    return { state: 'failed', description, note: unfinishedNote(about, words), quiet: false };
  };

/** Sets the status beside the commit; a fork whose owner does not let us is left alone. */
const marker = ({ api, log }: ReviewWiring, self: () => Promise<number>) => {
  let toldOf = '';
  return async (
    request: MergeRequest,
    state: 'running' | Outcome['state'],
    description: string,
    targetUrl: string | undefined,
  ): Promise<void> => {
    const { sourceProject: project, sha, sourceBranch: ref, iid } = request;
    if (project === undefined) return;
    const author = await self();
    const status = { project, sha, ref, name: statusName, state, description, targetUrl, author };
    const set = await setCommitStatus(api)(status);
    if (set.outcome !== 'refused' || toldOf === sha) return;
    toldOf = sha;
    const { because } = set;
    log.warn(
      { mergeRequest: iid, sha, because },
      'the status of a commit may not be set; only the comment tells',
    );
  };
};

/** Keeps one comment and one commit status up to date on every open merge request into the policy's branch. */
export const wireReview = (wiring: ReviewWiring) => {
  const { api, project, ref, log } = wiring;
  const thread = wiring.thread ?? createPolicyThread();
  const self = createSelf(api);
  const mark = marker(wiring, self);
  const show = showMergeRequest(api);
  const open = openMergeRequests(api);
  const keep = keepNote(api);

  const head = async (): Promise<string> => {
    const found = await headOf(api)(project, ref);
    if (isSha(found?.sha)) return found.sha;
    throw new GatewayError('gitlab.unexpected', `reviewing merge requests: ${project} has no branch ${ref}`);
  };

  const publish = async (request: MergeRequest, outcome: Outcome): Promise<void> => {
    const { iid, webUrl } = request;
    const { note: body, quiet: onlyExisting } = outcome;
    const id = await keep({ project, iid, author: await self(), marker: noteMarker, body, onlyExisting });
    const noteUrl = webUrl === undefined || id === undefined ? webUrl : `${webUrl}#note_${id}`;
    await mark(request, outcome.state, outcome.description, noteUrl);
  };

  const parts: ReviewingParts<MergeRequest> = {
    ref,
    show: (iid) => show(project, iid),
    open: () => open(project, ref),
    head,
    // Grants end with the days, and who is in which group changes.
    surroundings: () =>
      createHash('sha256')
        .update(JSON.stringify([wiring.memberships(), Math.floor(wiring.now() / dayMs)]))
        .digest('hex'),
    begin: (request) => mark(request, 'running', 'The policy is being reviewed', request.webUrl),
    review: reviewer(wiring, thread),
    publish,
    conclude: (request, { state, description }) => mark(request, state, description, request.webUrl),
    told: wiring.onLook,
    problem: (words, fields) => log.warn(fields, words),
    sweepEveryMs: wiring.sweepEveryMs ?? usualSweepMs,
  };
  const reviewing = createReviewing(parts);
  return {
    ...reviewing,
    close: async (): Promise<void> => {
      const closed = reviewing.close();
      await thread.close();
      await closed;
    },
  };
};
