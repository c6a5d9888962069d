import type { Work } from '../core/work.ts';
import { type FollowingParts, followPipeline } from './following.ts';
import { type StartingParts, startPipeline } from './starting.ts';

/** Looks often at first, when most jobs end, then less: 1 s, 2 s, 5 s, at most every 10 s. */
export const eagerPause = (runningForMs: number): number => {
  if (runningForMs < 20_000) return 1000;
  if (runningForMs < 120_000) return 2000;
  return runningForMs < 600_000 ? 5000 : 10_000;
};

/** Mode `wait`: a pipeline is started and followed to its end; the reply is what its jobs said. */
export const createWait =
  (starting: StartingParts, following: Omit<FollowingParts, 'pauseAfter'>): Work =>
  (run, save, urgent) =>
    run.pipeline === null
      ? startPipeline(starting, run, save)
      : followPipeline({ ...following, pauseAfter: eagerPause }, run, urgent);
