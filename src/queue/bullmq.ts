import { Queue } from 'bullmq';
import { GatewayError } from '../core/errors.ts';
import type { WakeQueue } from '../core/run.ts';
import type { QueueConnections } from './connections.ts';
import type { Problem } from './delivery.ts';
import { createReceiver } from './receiver.ts';
import { endsWithin } from './timers.ts';
import { prefix, queueName, type WakeUp } from './wake-up.ts';

/** What the queue needs. */
export interface BullQueueOptions {
  readonly connections: QueueConnections;
  readonly problem: Problem;
  /** How long closing waits for work in hand. */
  readonly closeWithinMs?: number;
}

/** BullMQ orders by milliseconds x 4096 in a double, which ends in 2039; no wake-up needs a longer wait than this. */
const longestMs = 365 * 24 * 60 * 60 * 1000;

/** Milliseconds that BullMQ takes. */
const delayOf = (afterMs: number): number => Math.round(Math.min(longestMs, Math.max(0, afterMs || 0)));

type Wakes = Queue<WakeUp>;

const openQueue = async ({ connections, problem }: BullQueueOptions): Promise<Wakes> => {
  const queue: Wakes = new Queue<WakeUp>(queueName, {
    connection: connections.client,
    prefix,
    skipWaitingForReady: true,
    defaultJobOptions: { attempts: 1, removeOnComplete: { count: 100 }, removeOnFail: { count: 1000 } },
  });
  queue.on('error', (error) => problem('the queue of wake-ups has trouble sending', error));
  await queue.waitUntilReady();
  return queue;
};

/** The sending side. A Queue whose first contact failed stays broken for ever, so it is made only when used, and anew after such a failure. */
const createSender = (options: BullQueueOptions) => {
  let opening: Promise<Wakes> | undefined;

  const opened = async (): Promise<Wakes> => {
    await options.connections.tried();
    opening ??= openQueue(options).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  return {
    send: async (wakeUp: WakeUp, afterMs: number): Promise<void> => {
      try {
        const queue = await opened();
        await queue.add('wake', wakeUp, { delay: delayOf(afterMs), lifo: wakeUp.urgent });
      } catch (error) {
        const cause = new Error(error instanceof Error ? error.message : String(error));
        const said = `Redis could not take the wake-up of run ${wakeUp.runId}: ${cause.message}`;
        throw new GatewayError('store.unavailable', said, { cause });
      }
    },
    close: async (): Promise<void> => {
      const queue = await opening?.catch(() => undefined);
      await queue?.close();
    },
  };
};

/** Carries wake-ups over Redis: they survive this process, and any instance may receive them. */
export const createBullQueue = (options: BullQueueOptions): WakeQueue => {
  const { closeWithinMs = 5000, problem } = options;
  const sender = createSender(options);
  let receiver: ReturnType<typeof createReceiver> | undefined;

  return {
    wake: (runId, afterMs, urgent) => sender.send({ runId, urgent }, afterMs),
    start: (work) => {
      receiver ??= createReceiver(work, options);
    },
    close: async () => {
      if ((await receiver?.close(closeWithinMs)) === false) {
        problem('work in hand did not end in time; its wake-ups are delivered again', undefined);
      }
      // Only now: work in hand may still wake.
      await endsWithin(closeWithinMs, sender.close());
    },
  };
};
