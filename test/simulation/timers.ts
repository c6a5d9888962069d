import type { Life, Scheduler } from './scheduler.ts';

/** A timer of virtual time, as far as the gateway uses one. */
interface VirtualTimer {
  stopped: boolean;
  unref(): VirtualTimer;
  ref(): VirtualTimer;
}

const real = { setTimeout, setInterval, clearTimeout, clearInterval };

type Act = (...args: unknown[]) => void;

/**
 * While it lasts, whoever sets a timer within a turn of the scheduler gets one of virtual time that is part of the same life;
 * everybody else a real one. Answers how to end it.
 */
export const virtualTimers = (scheduler: Scheduler): (() => void) => {
  const ours = new WeakSet<object>();

  const begin = (life: Life, ms: number, act: () => void, again: boolean): VirtualTimer => {
    const timer: VirtualTimer = { stopped: false, unref: () => timer, ref: () => timer };
    ours.add(timer);
    const book = (): void =>
      scheduler.after(
        Math.max(1, ms),
        life,
        () => {
          if (timer.stopped) return;
          act();
          if (again) book();
        },
        'timer',
      );
    book();
    return timer;
  };

  const starting =
    (usual: typeof setTimeout | typeof setInterval, again: boolean) =>
    (act: Act, ms = 0, ...args: unknown[]): unknown => {
      const life = scheduler.current();
      return life === undefined ? usual(act, ms, ...args) : begin(life, ms, () => act(...args), again);
    };

  const clearing =
    (usual: (timer?: NodeJS.Timeout) => void) =>
    (timer?: NodeJS.Timeout): void => {
      if (timer === undefined || timer === null) return;
      if (ours.has(timer)) Object.assign(timer, { stopped: true });
      else usual(timer);
    };

  Object.assign(globalThis, {
    setTimeout: starting(real.setTimeout, false),
    setInterval: starting(real.setInterval, true),
    clearTimeout: clearing(real.clearTimeout),
    clearInterval: clearing(real.clearInterval),
  });
  return () => void Object.assign(globalThis, real);
};
