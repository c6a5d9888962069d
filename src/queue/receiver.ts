import { setTimeout as pause } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import type { QueueConnections } from './connections.ts';
import { deliver, type Problem, type Work } from './delivery.ts';
import { endsWithin } from './timers.ts';
import { prefix, queueName, type WakeUp } from './wake-up.ts';

/** What receiving needs. */
export interface ReceiverOptions {
  readonly connections: QueueConnections;
  readonly problem: Problem;
}

/** Pause before a receiver that ended is replaced. */
const replaceAfterMs = 200;

/** Timings bound how long a wake-up in the hands of a killed process is lost: about 7 seconds. */
const timings = { lockDuration: 5000, stalledInterval: 2000, maxStalledCount: 10 };

const few = { removeOnComplete: { count: 100 }, removeOnFail: { count: 1000 } };

/** Counts what a worker has in hand: from when it got a wake-up until Redis knows that it is done with it. */
const inHand = (worker: Worker<WakeUp>) => {
  const ids = new Set<string | undefined>();
  let empty = (): void => undefined;
  const done = (id: string | undefined): void => {
    ids.delete(id);
    if (ids.size === 0) empty();
  };
  worker.on('active', (job) => ids.add(job.id));
  worker.on('completed', (job) => done(job.id));
  worker.on('failed', (job) => done(job?.id));
  return {
    ended: (): Promise<void> =>
      new Promise((resolve) => {
        empty = resolve;
        if (ids.size === 0) resolve();
      }),
  };
};

/**
 * Receives until closed. BullMQ's worker stays broken for ever when Redis refuses its first contact; then another one
 * takes its place.
 */
export const createReceiver = (work: Work, { connections, problem }: ReceiverOptions) => {
  let closed = false;
  let current: { readonly worker: Worker<WakeUp>; readonly hand: ReturnType<typeof inHand> } | undefined;
  const connection = connections.patient();

  const open = (): Worker<WakeUp> => {
    const receive = (job: Job<WakeUp>) => deliver(work, job.data.runId, job.data.urgent, problem);
    const options = { connection, prefix, autorun: false, concurrency: 50, ...timings, ...few };
    const opened = new Worker<WakeUp>(queueName, receive, options);
    opened.on('error', (error) => problem('the queue of wake-ups has trouble receiving', error));
    return opened;
  };

  const receiveOnce = async (): Promise<void> => {
    await connections.ready();
    if (closed) return;
    const worker = open();
    current = { worker, hand: inHand(worker) };
    try {
      // A worker that runs after its first contact was refused asks again without a pause and lets nothing else happen.
      await worker.waitUntilReady();
      await worker.run();
    } catch (error) {
      problem('receiving wake-ups ended; it begins again', error);
    }
    if (!closed) worker.close(true).catch(() => undefined);
  };

  const receive = async (): Promise<void> => {
    while (!closed) {
      await receiveOnce();
      if (!closed) await pause(replaceAfterMs, undefined, { ref: false });
    }
  };

  void receive();
  return {
    /** Stops receiving and waits for work in hand, at most that long. False when some was left: it is delivered again elsewhere. */
    close: async (withinMs: number): Promise<boolean> => {
      closed = true;
      if (current === undefined) return true;
      const { worker, hand } = current;
      await worker.pause(true);
      const ended = await endsWithin(withinMs, hand.ended());
      // By force: closing in good order waits for ever to say goodbye to a Redis that is gone.
      await worker.close(true);
      return ended;
    },
  };
};
