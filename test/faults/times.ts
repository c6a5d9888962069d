import type { Times } from '../../src/core/times.ts';

/** A process is stopped (SIGSTOP) for at most this long. Milliseconds, like all here. */
export const longestStop = 2000;

/** GitLab carries out a request that lost its client at most this long after it read it. */
export const requestLife = 1600;

/** What a busy machine may add to any of these. */
export const margin = 900;

/**
 * The usual times, about forty times faster. GitLab's assumed life of a request outlasts a process that is stopped right before its
 * POST and then a request that is carried out late, so that a campaign on a slow machine breaks no assumption of the gateway.
 */
export const scaledTimes: Times = {
  start: {
    sendWithin: 1000,
    answerWithin: 400,
    serverLife: longestStop + requestLife + margin,
    listLag: 350,
    betweenLooks: 150,
    notSentPause: 200,
    attempts: 3,
  },
  leaseMs: 1000,
  renewEveryMs: 300,
  faultPauseMs: 200,
  sweepEveryMs: 500,
  sweepGraceMs: 500,
  sweepAgainMs: 1000,
  listEveryMs: 200,
  gitlabReadMs: 1000,
};

/** The same without any quarantine: a list without the pipeline is believed at once. */
export const hastyTimes: Times = {
  ...scaledTimes,
  start: { ...scaledTimes.start, sendWithin: 100, serverLife: 0, listLag: 0, betweenLooks: 10 },
};

/** From its intent on, a pipeline may come to be for this long and no longer, or the campaign broke the gateway's assumptions. */
export const longestWay =
  scaledTimes.start.sendWithin + scaledTimes.start.answerWithin + scaledTimes.start.serverLife;
