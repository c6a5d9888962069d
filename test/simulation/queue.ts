import type { WakeQueue } from '../../src/core/run.ts';
import type { Dice } from '../faults/dice.ts';
import type { Calls } from './calls.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

type Work = Parameters<WakeQueue['start']>[0];

interface WakeUp {
  readonly runId: string;
  readonly urgent: boolean;
}

export interface QueueParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly dice: Dice;
  readonly lost: number;
  /** Redis, which carries them, takes nothing now. */
  readonly isAway: () => boolean;
}

const nobodyMs = 500;
/** What was in the hands of one that stopped answering is given to another after this. */
const stalledMs = 7000;

/** Wake-ups that any instance may get, that may be lost, doubled and late, and that are in Redis: they go with it. */
export const createSimulatedQueue = ({ scheduler, faults, calls, dice, lost, isAway }: QueueParts) => {
  const workers = new Map<Life, Work>();
  const carried = new Set<WakeUp>();

  const give = (wakeUp: WakeUp): void => {
    const able = [...workers].filter(([life]) => !life.dead);
    if (able.length === 0) {
      scheduler.after(nobodyMs, undefined, () => give(wakeUp));
      return;
    }
    const [life, work] = dice.pick(able);
    let taken = false;
    scheduler.after(0, life, () => {
      taken = true;
      void work(wakeUp.runId, wakeUp.urgent);
    });
    scheduler.after(stalledMs, undefined, () => {
      if ((life.dead || !taken) && dice.chance(0.8)) give(wakeUp);
    });
  };

  const carry = (wakeUp: WakeUp, afterMs: number): void => {
    if (!faults.isCalm() && dice.chance(lost)) return;
    carried.add(wakeUp);
    scheduler.after(afterMs, undefined, () => {
      if (!carried.delete(wakeUp)) return;
      give(wakeUp);
      if (dice.chance(lost)) give(wakeUp);
    });
  };

  return {
    /** Redis lost its last writes, or all of them. */
    forget: (): void => {
      for (const wakeUp of carried) if (dice.chance(0.5)) carried.delete(wakeUp);
    },
    of: (life: Life): WakeQueue => ({
      wake: (runId, afterMs, urgent) =>
        calls({
          life,
          point: 'queue.wake',
          effect: () => {
            if (isAway()) throw new Error('Redis is away');
            carry({ runId, urgent }, afterMs);
          },
        }),
      start: (work) => void workers.set(life, work),
      close: async () => void workers.delete(life),
    }),
  };
};

export type SimulatedQueue = ReturnType<typeof createSimulatedQueue>;
