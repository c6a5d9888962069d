import type { WakeQueue } from '../core/run.ts';

/** What is done with a wake-up. */
export type Work = Parameters<WakeQueue['start']>[0];

/** Hears of trouble that nobody waits for: what was being done, and what went wrong. */
export type Problem = (words: string, cause: unknown) => void;

/** Does the work of one wake-up; whatever it throws is told and ends there. */
export const deliver = async (
  work: Work,
  runId: string,
  urgent: boolean,
  problem: Problem,
): Promise<void> => {
  try {
    await work(runId, urgent);
  } catch (error) {
    problem(`working on run ${runId} failed; it is looked at again when it is due`, error);
  }
};
