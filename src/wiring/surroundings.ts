import { doubted } from '../core/generation.ts';
import { type Times, usualTimes } from '../core/times.ts';
import type { RequesterFn } from '../gitlab/requester.ts';
import type { RedisStoreOptions } from '../store/redis.ts';

/** Called around every step that touches the world, with the step's name (`store.save`, `gitlab.start`). */
export type Around = <T>(point: string, act: () => Promise<T>) => Promise<T>;

/** What a gateway may be given in place of the usual, from code only: tests of faults do. */
export interface Surroundings {
  readonly times: Times;
  readonly around: Around;
  /** How a run that was last saved in an earlier life of the store is read. */
  readonly doubt: RedisStoreOptions['doubt'];
  /** In place of our own way to GitLab. */
  readonly requester: RequesterFn | undefined;
}

/** The usual, but for what is given. */
export const surroundingsWith = (given: Partial<Surroundings>): Surroundings => {
  const times = given.times ?? usualTimes;
  return {
    times,
    around: (_point, act) => act(),
    doubt: (run, generation) => doubted(run, generation, times.start.sendWithin),
    requester: undefined,
    ...given,
  };
};

/** The same function, with something around it. */
export const watched =
  <A extends readonly unknown[], R>(around: Around, point: string, act: (...args: A) => Promise<R>) =>
  (...args: A): Promise<R> =>
    around(point, () => act(...args));
