import { monitorEventLoopDelay } from 'node:perf_hooks';
import { check } from './check.ts';
import { repeatedMessages } from './check-told.ts';
import { deliverAll } from './clients.ts';
import { createDice } from './dice.ts';
import { drawFailpoint } from './failpoint.ts';
import { type FaultCounts, gather } from './gather.ts';
import type { InstanceParts } from './instance.ts';
import type { Ledgers } from './ledgers.ts';
import { planStrikes, strikeAll, type Temper } from './nemesis.ts';
import { badDay, type ChatFaults, type GitLabFaults } from './sandbox-faults.ts';
import { tellStories } from './story.ts';
import { strayedPipelines } from './strayed.ts';
import { margin, scaledTimes } from './times.ts';
import { planTraffic } from './traffic.ts';
import type { Violation } from './violation.ts';
import { type Happened, startWorld, untilQuiet, type World } from './world.ts';

/** One campaign: how much, how bad, with which rule switched off. */
export interface Plan {
  readonly seed: string;
  readonly dir: string;
  readonly commands: number;
  readonly perSecond: number;
  readonly instances: number;
  /** Absent: no process is struck. */
  readonly temper?: Temper;
  /** Share of starts with a failpoint. */
  readonly failpoints: number;
  /** Default: a bad day. */
  readonly faults?: { readonly gitlab: GitLabFaults; readonly chat: ChatFaults };
  readonly times?: typeof scaledTimes;
  readonly blind?: InstanceParts['blind'];
  readonly settleMs: number;
}

/** What a campaign showed. */
export interface Shown {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly ledgers: Ledgers;
  readonly happenings: readonly Happened[];
  readonly gitlabFaults: FaultCounts;
  readonly chatFaults: FaultCounts;
  readonly repeatedMessages: number;
  /** What makes the result worth less: the machine was too slow for the times that the campaign took for granted. */
  readonly doubts: readonly string[];
  readonly wallMs: number;
  readonly settleMs: number;
  /** The longest that this very process was kept from working, in milliseconds. */
  readonly longestStallMs: number;
}

/** Faults stop here; what was struck goes on. */
const runFaults = async (plan: Plan, world: World) => {
  const { seed, commands, perSecond, instances, temper } = plan;
  const dice = createDice(seed);
  const forMs = (commands / perSecond) * 1000;
  const sendings = planTraffic(dice.apart('traffic'), { commands, perSecond, instances });
  const strikes = temper === undefined ? [] : planStrikes(dice.apart('nemesis'), forMs, instances, temper);
  await world.sandbox.misbehave(plan.faults ?? badDay(dice.apart('sandbox').between(1, 2 ** 31)));
  const [delivered] = await Promise.all([deliverAll(sendings, world.urls, seed), strikeAll(world, strikes)]);
  return delivered;
};

const doubtsOf = (ledgers: Ledgers, longestStallMs: number, plan: Plan): readonly string[] => {
  const strayed = plan.times === undefined ? strayedPipelines(ledgers) : [];
  const stalled =
    longestStallMs > margin ? [`the harness stood still for ${Math.round(longestStallMs)} ms`] : [];
  return [...strayed, ...stalled];
};

/** Runs a campaign from start to check. Rejects only when the world could not be made. */
export const runCampaign = async (plan: Plan): Promise<Shown> => {
  const began = performance.now();
  const stalls = monitorEventLoopDelay({ resolution: 20 });
  const dice = createDice(plan.seed);
  const points = dice.apart('failpoints');
  let calm = plan.failpoints === 0;
  const failpoint = () => (!calm && points.chance(plan.failpoints) ? drawFailpoint(points) : undefined);
  const { dir, instances, times = scaledTimes, blind } = plan;
  const world = await startWorld({ dir, dice, instances, times, blind, failpoint });
  try {
    stalls.enable();
    const delivered = await runFaults(plan, world);
    calm = true;
    await world.sandbox.behave();
    const quietFrom = performance.now();
    await untilQuiet(world, plan.settleMs);
    const settleMs = performance.now() - quietFrom;
    stalls.disable();
    const longestStallMs = stalls.max / 1e6;
    const { ledgers, ...faults } = await gather(dir, world.sandbox, world.look, delivered);
    return {
      plan,
      ledgers,
      ...faults,
      violations: check(ledgers),
      happenings: world.happenings,
      repeatedMessages: repeatedMessages(tellStories(ledgers).runs),
      doubts: doubtsOf(ledgers, longestStallMs, plan),
      wallMs: performance.now() - began,
      settleMs,
      longestStallMs,
    };
  } finally {
    await world.close();
  }
};
