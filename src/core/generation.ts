import { isFinal, type Run } from './run.ts';

/**
 * One life of the store. A store that was restarted, restored or replaced may have lost its last writes, also ones it had
 * confirmed; whoever was last saved in an earlier life is not believed any more.
 */
export interface Generation {
  readonly id: string;
  /** Unix milliseconds; never before the life really began. */
  readonly beganAt: number;
  /** The store knew of no life before this one. */
  readonly first: boolean;
}

const because = 'The store of the gateway began anew; GitLab is asked whether it was started.';

/** The run with an intent that may have been carried out by `beganAt + sendWithin`, whatever else is known. */
export const perhapsSent = (run: Run, beganAt: number, sendWithin: number): Run => ({
  ...run,
  state: run.state === 'queued' ? 'starting' : run.state,
  intent: {
    attempt: Math.max(1, run.intent?.attempt ?? 1),
    sendUntil: Math.max(beganAt + sendWithin, run.intent?.sendUntil ?? 0),
  },
  outcome: { because },
});

/**
 * A run as it is to be read when it was last saved in an earlier life of the store: what is written may be older than what
 * happened, so its POST may have been made. One that is over, or that has its pipeline, stays as it is: an end stays an end, and
 * a pipeline is only looked at again.
 */
export const doubted = (run: Run, { id, beganAt }: Generation, sendWithin: number): Run =>
  run.generation === id || isFinal(run.state) || run.pipeline !== null
    ? run
    : perhapsSent(run, beganAt, sendWithin);

/**
 * A run made from a request that may be older than the store's memory: the same request may have been accepted, and carried out,
 * in the life before. Of the very first life nothing can have been forgotten but by whoever emptied the store: then a request of
 * the same second is taken to be new. Chat apps sign to the second.
 */
export const doubtedIfOlder = (
  run: Run,
  sentAt: number,
  { beganAt, first }: Generation,
  sendWithin: number,
): Run => (sentAt + (first ? 1000 : 0) <= beganAt ? perhapsSent(run, beganAt, sendWithin) : run);
