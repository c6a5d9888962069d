import type { Action, Fault } from './plan.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** Where things go wrong: every place that can be reached is told of, and what is planned for it happens there. */
export interface Faults {
  /** So many times the point was reached now; what was planned for that happens. */
  reached(point: string, phase: 'asked' | 'done', life: Life): void;
  /** Something goes wrong until then. */
  lasts(ms: number): void;
  /** When the last of it is over, as far as it is known; Infinity while some of it has a time that is to come. */
  overAt(): number;
  isCalm(): boolean;
}

export interface FaultsParts {
  readonly scheduler: Scheduler;
  readonly faults: readonly Fault[];
  readonly calmAfterMs: number;
  readonly apply: (action: Action, here: Life | undefined) => void;
}

export const createFaults = ({ scheduler, faults, calmAfterMs, apply }: FaultsParts): Faults => {
  const counts = new Map<string, number>();
  const calmAt = scheduler.now() + calmAfterMs;
  let over = scheduler.now();
  let toCome = 0;
  const planned = new Map<string, Action[]>();
  for (const { when, action } of faults) {
    if ('at' in when) {
      toCome += 1;
      scheduler.after(when.at, undefined, () => {
        toCome -= 1;
        apply(action, undefined);
      });
    } else {
      const key = `${when.point} ${when.phase} ${when.nth}`;
      planned.set(key, [...(planned.get(key) ?? []), action]);
    }
  }
  const isCalm = (): boolean => scheduler.now() >= calmAt;
  return {
    reached: (point, phase, life) => {
      const count = counts.get(`${point} ${phase}`) ?? 0;
      counts.set(`${point} ${phase}`, count + 1);
      if (isCalm()) return;
      for (const action of planned.get(`${point} ${phase} ${count}`) ?? []) apply(action, life);
    },
    lasts: (ms) => {
      over = Math.max(over, scheduler.now() + ms);
    },
    overAt: () => (toCome > 0 ? Number.POSITIVE_INFINITY : over),
    isCalm,
  };
};
