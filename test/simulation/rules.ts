import { doubted, type Generation } from '../../src/core/generation.ts';
import type { Run } from '../../src/core/run.ts';
import { type Times, usualTimes } from '../../src/core/times.ts';
import { skewMost } from './plan.ts';

/** The rules by which the gateways of a simulation play, and how late their POSTs may be. */
export interface Rules {
  readonly times: Times;
  readonly doubt: (run: Run, generation: Generation) => Run;
  /** The clock of an instance goes on while it is paused. */
  readonly clockGoesOn: boolean;
  /** From the end of sending, by the instance's own clock, to the last moment at which GitLab may receive the POST. Milliseconds. */
  readonly receivedWithin: number;
}

/** The usual: a POST is received before the client would have given up one that was sent at the last moment. */
export const usualRules: Rules = {
  times: usualTimes,
  doubt: (run, generation) => doubted(run, generation, usualTimes.start.sendWithin),
  clockGoesOn: true,
  receivedWithin: usualTimes.start.answerWithin - 2 * skewMost,
};
