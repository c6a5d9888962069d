import { createInTurn } from './in-turn.ts';

/** A merge request, as far as keeping its review up to date needs. */
export interface Reviewable {
  readonly iid: number;
  readonly open: boolean;
  /** The last commit of the source branch. */
  readonly sha: string;
  readonly targetBranch: string;
}

/** What a review came to, as GitLab is to show it. */
export interface Outcome {
  readonly state: 'success' | 'failed';
  /** One line. */
  readonly description: string;
  /** Markdown. */
  readonly note: string;
  /** There is nothing that is worth a note of its own: only one that is there already is changed. */
  readonly quiet: boolean;
}

/** How a look at a merge request ended. `later`: something was away, it is looked at again. */
export type Looked = 'reviewed' | 'as before' | 'overtaken' | 'not open' | 'later';

/** What reviewing works with. Every promise may reject: then the merge request is looked at again later. */
export interface ReviewingParts<Request extends Reviewable> {
  /** The branch that the policy comes from. */
  readonly ref: string;
  readonly show: (iid: number) => Promise<Request | 'gone'>;
  /** The numbers of the open merge requests into the branch. */
  readonly open: () => Promise<readonly number[]>;
  /** The commit that the branch ends at. */
  readonly head: () => Promise<string>;
  /** Whatever else an outcome depends on, in one text: the same text, the same outcome. */
  readonly surroundings: () => string;
  /** Lets people see that a review has begun. */
  readonly begin: (request: Request) => Promise<void>;
  readonly review: (request: Request, head: string) => Promise<Outcome>;
  /** Makes GitLab show the outcome; harmless when it does already. */
  readonly publish: (request: Request, outcome: Outcome) => Promise<void>;
  /** Ends what `begin` began at a commit that is no longer the last one. */
  readonly conclude: (request: Request, outcome: Outcome) => Promise<void>;
  /** Hears how each look ended. */
  readonly told?: ((how: Looked) => void) | undefined;
  readonly problem: (words: string, fields: object) => void;
  readonly sweepEveryMs: number;
}

/** Reviews merge requests one after another, each as often as something about it may have changed. */
export interface Reviewing {
  /** The merge request may have changed. Returns at once. */
  hint(iid: number): void;
  /** Looks at every open merge request soon: the branch that they are compared with may end elsewhere now. Returns at once. */
  sweep(): void;
  /** Looks at every open merge request, now and every so often: hints get lost, notes get deleted. */
  start(): void;
  /** Resolves when nothing is left to look at. */
  settled(): Promise<void>;
  /** Takes nothing new and waits for the look in hand. */
  close(): Promise<void>;
}

/** More are not remembered: the next sweep finds them. */
const mostWanted = 1000;

/** An outcome, and what it was reached for. */
interface Known {
  readonly key: string;
  readonly outcome: Outcome;
}

const looksAt = async <Request extends Reviewable>(
  parts: ReviewingParts<Request>,
  known: Map<number, Known>,
  iid: number,
): Promise<Looked> => {
  const request = await parts.show(iid);
  if (request === 'gone' || !request.open || request.targetBranch !== parts.ref) {
    known.delete(iid);
    return 'not open';
  }
  const head = await parts.head();
  const key = [request.sha, head, parts.surroundings()].join(' ');
  const before = known.get(iid);
  if (before?.key === key) {
    await parts.publish(request, before.outcome);
    return 'as before';
  }
  await parts.begin(request);
  const outcome = await parts.review(request, head);
  const now = await parts.show(iid);
  if (now === 'gone' || !now.open || now.sha !== request.sha) {
    await parts.conclude(request, outcome);
    return 'overtaken';
  }
  await parts.publish(now, outcome);
  known.set(iid, { key, outcome });
  return 'reviewed';
};

/** Calls `sweep` now and again `everyMs` after each end. */
const createSweeping = (everyMs: number, sweep: () => Promise<void>) => {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopped = false;
  const run = (): void => {
    last = sweep().finally(() => {
      if (stopped) return;
      timer = setTimeout(run, everyMs);
      timer.unref();
    });
  };
  return {
    start: run,
    settled: () => last,
    stop: (): void => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

/** Keeps the reviews of all merge requests of a project up to date. */
export const createReviewing = <Request extends Reviewable>(parts: ReviewingParts<Request>): Reviewing => {
  const known = new Map<number, Known>();
  let closed = false;

  const lookAt = async (iid: number): Promise<void> => {
    try {
      const looked = await looksAt(parts, known, iid);
      parts.told?.(looked);
      if (looked === 'overtaken') wanted.add(iid);
    } catch (err) {
      if (closed) return;
      parts.told?.('later');
      const words = 'a merge request of the policy could not be reviewed; it is looked at again';
      parts.problem(words, { mergeRequest: iid, err });
    }
  };
  const wanted = createInTurn(mostWanted, lookAt);

  const sweep = async (): Promise<void> => {
    try {
      const open = await parts.open();
      for (const iid of known.keys()) if (!open.includes(iid)) known.delete(iid);
      for (const iid of open) wanted.add(iid);
    } catch (err) {
      const words = 'the open merge requests of the policy could not be listed; they are looked for again';
      parts.problem(words, { err });
    }
  };
  const sweeping = createSweeping(parts.sweepEveryMs, sweep);

  let asked: Promise<void> = Promise.resolve();
  const settled = async (): Promise<void> => {
    await Promise.all([sweeping.settled(), asked]);
    await wanted.settled();
  };
  return {
    hint: wanted.add,
    sweep: () => {
      asked = sweep();
    },
    start: sweeping.start,
    settled,
    close: async () => {
      closed = true;
      wanted.stop();
      sweeping.stop();
      await settled();
    },
  };
};
