import type { WakeQueue } from '../core/run.ts';
import { deliver, type Problem, type Work } from './delivery.ts';
import { after, endsWithin } from './timers.ts';

/** What the queue needs. `closeWithinMs` is how long closing waits for work in hand. */
export interface MemoryQueueOptions {
  readonly problem: Problem;
  readonly closeWithinMs?: number;
}

/** Carries wake-ups inside this process; they are lost with it. */
export const createMemoryQueue = ({ problem, closeWithinMs = 5000 }: MemoryQueueOptions): WakeQueue => {
  let work: Work | undefined;
  let closed = false;
  const waiting = new Set<() => void>();
  const working = new Set<Promise<void>>();
  /** Wake-ups whose time came before `start`. */
  const early: (readonly [string, boolean])[] = [];

  const arrive = (runId: string, urgent: boolean): void => {
    if (closed) return;
    if (work === undefined) {
      early.push([runId, urgent]);
      return;
    }
    const doing = deliver(work, runId, urgent, problem).finally(() => working.delete(doing));
    working.add(doing);
  };

  return {
    wake: async (runId, afterMs, urgent) => {
      if (closed) return;
      const callOff = after(afterMs, () => {
        waiting.delete(callOff);
        arrive(runId, urgent);
      });
      waiting.add(callOff);
    },
    start: (next) => {
      work = next;
      for (const [runId, urgent] of early.splice(0)) arrive(runId, urgent);
    },
    close: async () => {
      closed = true;
      for (const callOff of waiting) callOff();
      waiting.clear();
      await endsWithin(closeWithinMs, Promise.all(working));
    },
  };
};
