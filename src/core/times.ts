import { type StartTimes, usualStartTimes } from './starting.ts';

/** How long things may take while runs are worked. Milliseconds. What one rests on another for is said beside it. */
export interface Times {
  readonly start: StartTimes;
  /** So long a run stays in the hands of a process that was killed; a step that takes longer renews its lease. */
  readonly leaseMs: number;
  /** Between two renewals: well under half a lease, so that one may fail. */
  readonly renewEveryMs: number;
  /** A step that failed for a reason of ours is tried again after this. */
  readonly faultPauseMs: number;
  /** Between two sweeps for runs whose wake-up was lost. */
  readonly sweepEveryMs: number;
  /** A run this much overdue has lost its wake-up. */
  readonly sweepGraceMs: number;
  /** The sweeper wakes the same run again only after this. */
  readonly sweepAgainMs: number;
  /** At most one list request per GitLab project in this time. */
  readonly listEveryMs: number;
  /** How long GitLab may take for the answer to a read; for a write it is `start.answerWithin`. */
  readonly gitlabReadMs: number;
}

/** The times of a gateway in front of a usual GitLab. */
export const usualTimes: Times = {
  start: usualStartTimes,
  leaseMs: 15_000,
  renewEveryMs: 5_000,
  faultPauseMs: 5_000,
  sweepEveryMs: 5_000,
  sweepGraceMs: 10_000,
  sweepAgainMs: 30_000,
  listEveryMs: 2_000,
  gitlabReadMs: 10_000,
};
