import type { Test } from 'tap';
import type { FilesAt } from '../../src/gitlab/policy-project.ts';
import type { PolicyThread } from '../../src/policy/review/in-thread.ts';
import { noteMarker } from '../../src/policy/review/note.ts';
import type { Looked } from '../../src/policy/review/reviewing.ts';
import { type ReviewWiring, wireReview } from '../../src/wiring/review.ts';
import { type FakeReviews, mergeRequest, sha, startFakeReviews } from '../fakes/gitlab-reviews.ts';

export const project = 'chatops/policies';

export const filesOf = (csv: string): FilesAt => ({
  files: new Map([['policy.csv', Buffer.from(csv)]]),
  problems: [],
});

/** Tells in a note which files it was given; a policy that says "bad" fails. */
export const readingThread = (): PolicyThread & { readonly reviewed: string[] } => {
  const reviewed: string[] = [];
  return {
    reviewed,
    check: async () => ({ ok: true, answer: { ok: true, cases: 1, warnings: 0 } }),
    review: async ({ after, about }) => {
      const text = after.ok ? (after.files.files.get('policy.csv') ?? '') : 'unreadable';
      reviewed.push(about.source);
      const ok = !text.includes('bad');
      return {
        ok: true,
        answer: { ok, headline: `says ${text}`, note: `${noteMarker}\n${about.source}: ${text}` },
      };
    },
    close: async () => undefined,
  };
};

/** A policy project with one open merge request, and what it takes to review it. */
export const createReviewedProject = async (t: Test) => {
  const fake = await startFakeReviews(t);
  fake.branches.set('main', sha('b'));
  fake.mergeRequests.push(mergeRequest());
  const commits = new Map([
    [sha('a'), 'more'],
    [sha('b'), 'less'],
  ]);
  const told: string[] = [];
  const looks: Looked[] = [];
  const instance = (given: Partial<ReviewWiring> = {}) => {
    const review = wireReview({
      api: fake.client(),
      project,
      ref: 'main',
      folder: 'policies',
      filesAt: async (_, __, commit) => filesOf(commits.get(commit) ?? ''),
      settings: { reserved: [], uses: [] },
      memberships: () => [],
      now: () => 0,
      log: { warn: (_, message) => void told.push(message) },
      thread: readingThread(),
      onLook: (how) => void looks.push(how),
      sweepEveryMs: 3_600_000,
      ...given,
    });
    t.teardown(() => review.close());
    return review;
  };
  return { fake, commits, told, looks, instance };
};

export const notes = (fake: FakeReviews): readonly string[] =>
  (fake.notes.get(3) ?? []).map(({ body }) => body);

export const statuses = (fake: FakeReviews): readonly string[] =>
  fake.statuses.map(
    ({ sha: commit, name, status, description }) => `${commit[0]} ${name} ${status}: ${description}`,
  );
