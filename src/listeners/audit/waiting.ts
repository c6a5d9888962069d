import type { GatewayError } from '../../core/errors.ts';
import type { Timed } from './chain.ts';

/** One entry on its way to the file. */
export interface Waiting {
  readonly timed: Timed;
  /** It must be on disk before anybody acts: refused when that fails. Without it, it has happened and waits for a better time. */
  readonly refuse?: (error: GatewayError) => void;
  /** It is on disk; or it is known to wait. */
  readonly settle: () => void;
}

/** What goes into the file at once. */
export interface Batch {
  readonly entries: readonly Timed[];
  /** How much of the queue it is. */
  readonly length: number;
  readonly gap: Readonly<OpenGap> | undefined;
}

/** A time in which nothing could be written, not yet in the file itself. */
interface OpenGap {
  readonly at: number;
  readonly refused: number;
  readonly missing: number;
}

/** Where the queue stands, for whoever watches. */
export interface WaitingCounts {
  readonly waiting: number;
  readonly missing: number;
}

type Place = Waiting | 'the gap';

const batchSize = 1000;

const gapLine = ({ at, refused, missing }: OpenGap): readonly Timed[] =>
  refused + missing === 0 ? [] : [{ told: { kind: 'gap', refused, missing }, at }];

/** Entries in their order, at most `keepAtMost` of them while nothing can be written. */
export const createWaiting = ({ now, keepAtMost }: { now: () => number; keepAtMost: number }) => {
  let queue: Place[] = [];
  let gap: OpenGap | undefined;

  const count = (more: { refused?: number; missing?: number }): void => {
    if (gap === undefined) queue.push('the gap');
    const { at, refused, missing } = gap ?? { at: now(), refused: 0, missing: 0 };
    gap = { at, refused: refused + (more.refused ?? 0), missing: missing + (more.missing ?? 0) };
  };

  const take = (): Batch => {
    const places = queue.slice(0, batchSize);
    const told = places.includes('the gap') ? gap : undefined;
    const entries = places.flatMap((place) => {
      if (place !== 'the gap') return [place.timed];
      return told === undefined ? [] : gapLine(told);
    });
    return { entries, length: places.length, gap: told };
  };

  /** What came to the gap while its line was being written begins another one. */
  const closeGap = (told: OpenGap): void => {
    const refused = (gap?.refused ?? 0) - told.refused;
    const missing = (gap?.missing ?? 0) - told.missing;
    gap = undefined;
    if (refused + missing > 0) count({ refused, missing });
  };

  const written = (batch: Batch): void => {
    const places = queue.splice(0, batch.length);
    if (batch.gap !== undefined) closeGap(batch.gap);
    for (const place of places) if (place !== 'the gap') place.settle();
  };

  const failed = (error: GatewayError): void => {
    const all = queue;
    queue = [];
    const refused: Waiting[] = [];
    let missing = 0;
    for (const place of all) {
      if (place !== 'the gap' && place.refuse !== undefined) refused.push(place);
      else if (place === 'the gap' || queue.length < keepAtMost) queue.push(place);
      else missing += 1;
    }
    count({ refused: refused.length, missing });
    for (const { refuse } of refused) refuse?.(error);
    for (const place of all) if (place !== 'the gap' && place.refuse === undefined) place.settle();
  };

  return {
    add: (one: Waiting): void => void queue.push(one),
    /** For while nothing can be written: when there are too many already it is only counted. */
    addIfRoom: (one: Waiting): void => {
      if (queue.length < keepAtMost + (gap === undefined ? 0 : 1)) queue.push(one);
      else count({ missing: 1 });
    },
    take,
    written,
    /** Refuses those that cannot wait, and keeps the others in their order. */
    failed,
    isEmpty: () => queue.length === 0,
    counts: (): WaitingCounts => ({
      waiting: queue.filter((place) => place !== 'the gap').length,
      missing: gap?.missing ?? 0,
    }),
  };
};
