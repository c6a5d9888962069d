import type { Work } from '../core/work.ts';
import { type FollowingParts, followPipeline } from './following.ts';
import { type StartingParts, startPipeline } from './starting.ts';

/** The link is the answer; the looks after it only keep the message true: 2 s in the first minute, then up to 30 s. */
export const calmPause = (runningForMs: number): number => {
  if (runningForMs < 60_000) return 2000;
  return runningForMs < 600_000 ? 10_000 : 30_000;
};

/** Mode `link`: a pipeline is started and its link is the answer, because it is long or a person must press its manual job. */
export const createLink =
  (starting: StartingParts, following: Omit<FollowingParts, 'pauseAfter'>): Work =>
  (run, save, urgent) =>
    run.pipeline === null
      ? startPipeline(starting, run, save)
      : followPipeline({ ...following, pauseAfter: calmPause }, run, urgent);
