import type { Plan } from './campaign.ts';
import { usualTemper } from './nemesis.ts';
import { requestLife } from './times.ts';

/** Fits into every run of the tests. */
export const shortPlan = (seed: string, dir: string): Plan => ({
  seed,
  dir,
  commands: 520,
  perSecond: 13,
  instances: 2,
  temper: {
    everyMs: 1500,
    shares: { kill: 0.5, stop: 0.2, term: 0.1, 'redis kill': 0.08, 'redis cut': 0.12 },
  },
  failpoints: 0.4,
  settleMs: 30_000,
});

/** Ten thousand commands under more than five hundred process faults. */
export const longPlan = (seed: string, dir: string, commands = 10_000): Plan => ({
  seed,
  dir,
  commands,
  perSecond: 10,
  instances: 2,
  temper: usualTemper,
  failpoints: 0.4,
  settleMs: 60_000,
});

const control = { instances: 2, failpoints: 0, settleMs: 30_000 } as const;

/** Answers that are lost and pipelines that come late: without the quarantine, or with a client that repeats, some come twice. */
export const lossyPlan = (seed: string, dir: string): Plan => ({
  ...control,
  seed,
  dir,
  commands: 120,
  perSecond: 20,
  faults: {
    gitlab: {
      seed: 1,
      start: { late: 0.25, errorAfter: 0.25 },
      lateMs: [700, 1500],
      requestLifeMs: requestLife,
    },
    chat: { seed: 1 },
  },
});

/**
 * A Redis that loses its last writes while many starts are tried a second time: what it still knows then is older than what was
 * done, and a gateway that believes it starts some twice.
 */
export const forgetfulPlan = (seed: string, dir: string): Plan => ({
  ...control,
  seed,
  dir,
  commands: 250,
  perSecond: 25,
  temper: {
    everyMs: 3000,
    shares: { kill: 0, stop: 0, term: 0, 'redis kill': 0, 'redis cut': 1 },
    cutMs: [900, 1400],
  },
  faults: { gitlab: { seed: 1, start: { tooMany: 0.5 }, requestLifeMs: requestLife }, chat: { seed: 1 } },
});
