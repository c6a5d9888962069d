import type { Dice } from '../faults/dice.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** What one question to another program is like. */
export interface Call<T> {
  readonly life: Life;
  readonly point: string;
  /** What it does there; what it throws comes back as the answer. */
  readonly effect: () => T;
  /** It is done there, but the answer never comes. */
  readonly lost?: boolean;
}

export type Calls = <T>(call: Call<T>) => Promise<T>;

/** Mostly quick, sometimes not. Milliseconds. */
export const someTime = (dice: Dice): number =>
  dice.chance(0.05) ? dice.between(20, 900) : dice.between(1, 15);

/** Asks another program: it leaves the instance, is done there, and the answer comes back, unless somebody died between. */
export const createCalls =
  (scheduler: Scheduler, faults: Faults, dice: Dice): Calls =>
  ({ life, point, effect, lost = false }) =>
    new Promise((resolve, reject) => {
      if (life.dead) return;
      faults.reached(point, 'asked', life);
      const tell = (act: () => void): void => scheduler.after(someTime(dice), life, act);
      const arrive = (): void => {
        try {
          const answer = effect();
          faults.reached(point, 'done', life);
          if (lost) tell(() => reject(new Error(`${point}: the connection was lost`)));
          else tell(() => resolve(answer));
        } catch (error) {
          tell(() => reject(error));
        }
      };
      scheduler.after(0, life, () => scheduler.after(someTime(dice), undefined, arrive));
    });
