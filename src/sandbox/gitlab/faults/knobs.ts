import { type Knobs, readKnobs } from '../../faults/knobs.ts';
import type { Span } from '../../faults/shares.ts';

/** What can become of a `POST /projects/:id/pipeline`. After: the pipeline is made. Before: it is not. */
export const startFaults = [
  'errorAfter',
  'resetAfter',
  'resetBefore',
  'errorBefore',
  'tooMany',
  'late',
  'slow',
  'html',
] as const;

/** The shares of all requests that go wrong, and the times, in milliseconds. */
export interface GitLabKnobs {
  /** null: the dice go on from where they are. */
  readonly seed: number | null;
  readonly start: Readonly<Record<(typeof startFaults)[number], number>>;
  readonly lateMs: Span;
  readonly slowMs: Span;
  /** A start makes nothing once its request is older than this; 0: no limit. */
  readonly requestLifeMs: number;
  readonly lists: { readonly fail: number; readonly lagMs: Span };
  readonly reads: { readonly fail: number };
  readonly webhooks: { readonly lose: number; readonly twice: number; readonly delayMs: Span };
}

/** Reads the body of `PUT /-/sandbox/faults`. */
export function readGitLabKnobs(body: unknown): Knobs<GitLabKnobs> {
  return readKnobs(body, (top) => {
    const lists = top.section('lists');
    const webhooks = top.section('webhooks');
    return {
      seed: top.whole('seed'),
      start: top.section('start').shares(...startFaults),
      lateMs: top.span('lateMs'),
      slowMs: top.span('slowMs'),
      requestLifeMs: top.whole('requestLifeMs') ?? 0,
      lists: { ...lists.shares('fail'), lagMs: lists.span('lagMs') },
      reads: top.section('reads').shares('fail'),
      webhooks: { ...webhooks.shares('lose', 'twice'), delayMs: webhooks.span('delayMs') },
    };
  });
}

/** Nothing goes wrong. */
export const calm: GitLabKnobs = {
  seed: 0,
  start: {
    ...{ errorAfter: 0, resetAfter: 0, resetBefore: 0, errorBefore: 0 },
    ...{ tooMany: 0, late: 0, slow: 0, html: 0 },
  },
  lateMs: [0, 0],
  slowMs: [0, 0],
  requestLifeMs: 0,
  lists: { fail: 0, lagMs: [0, 0] },
  reads: { fail: 0 },
  webhooks: { lose: 0, twice: 0, delayMs: [0, 0] },
};
