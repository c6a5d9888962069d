import type { PipelineOrder, PipelineRef, PipelineView, StartOutcome } from '../../src/core/pipelines.ts';
import { usualStartTimes } from '../../src/core/starting.ts';
import type { CancelAnswer } from '../../src/modes/following.ts';
import type { Dice } from '../faults/dice.ts';
import { type Calls, someTime } from './calls.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** What GitLab holds. Virtual milliseconds. */
export interface Pipeline {
  readonly id: number;
  readonly runId: string;
  readonly createdAt: number;
  readonly listedAt: number;
  readonly overAt: number;
  readonly succeeds: boolean;
  canceledAt: number | undefined;
}

export interface GitLabParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly dice: Dice;
  /** Of the POSTs, those that do not go smoothly. */
  readonly startOddly: number;
  readonly readFails: number;
  /** The last moment at which a POST that this life makes now for that run may reach GitLab. */
  readonly receivedBy: (life: Life, runId: string) => number;
}

const { serverLife, listLag, answerWithin } = usualStartTimes;

type Fate = 'smooth' | 'late' | 'answer lost' | 'swallowed' | 'not sent' | 'refused' | 'not now';

const oddFates: readonly Fate[] = [
  'late',
  'late',
  'late',
  'answer lost',
  'answer lost',
  'swallowed',
  'refused',
  'not now',
];

const project = 'ops/say';

const refOf = ({ id, createdAt }: Pipeline): PipelineRef => ({
  project,
  id,
  webUrl: `https://gitlab.example/ops/say/-/pipelines/${id}`,
  status: 'created',
  createdAt,
});

/** A GitLab that holds to what is assumed of it, and to no more. */
export const createSimulatedGitLab = (parts: GitLabParts) => {
  const { scheduler, faults, calls, dice, startOddly, readFails, receivedBy } = parts;
  const pipelines: Pipeline[] = [];
  const posts = new Map<string, number>();
  let awayUntil = 0;
  let onItsWay = 0;
  const isAway = (): boolean => scheduler.now() < awayUntil;

  const commit = (runId: string): Pipeline => {
    const own = dice.apart(`pipeline ${runId} ${pipelines.length}`);
    const now = scheduler.now();
    const lag = own.pick([0, own.between(0, listLag), listLag]);
    const pipeline: Pipeline = {
      id: 100 + pipelines.length,
      runId,
      createdAt: now,
      listedAt: now + lag,
      overAt: now + own.between(1000, 60_000),
      succeeds: own.chance(0.8),
      canceledAt: undefined,
    };
    pipelines.push(pipeline);
    return pipeline;
  };

  const later = (ms: number, act: () => void): void => {
    onItsWay += 1;
    scheduler.after(ms, undefined, () => {
      onItsWay -= 1;
      act();
    });
  };

  const fateOf = (own: Dice): Fate => {
    if (isAway()) return own.chance(0.7) ? 'not sent' : 'swallowed';
    return !faults.isCalm() && own.chance(startOddly) ? own.pick(oddFates) : 'smooth';
  };

  /** GitLab has the request: how it ends there, and what is told of it. */
  const receive = (runId: string, own: Dice, tell: (outcome: StartOutcome) => void): void => {
    const unknown = { outcome: 'unknown', because: 'the connection was reset' } as const;
    const refused = { outcome: 'refused', because: 'no', advice: 'ask' } as const;
    switch (fateOf(own)) {
      case 'smooth':
        later(own.between(5, 400), () => tell({ outcome: 'created', pipeline: refOf(commit(runId)) }));
        break;
      case 'answer lost':
        later(own.between(5, 400), () => {
          commit(runId);
          tell(unknown);
        });
        break;
      case 'late':
        later(own.pick([own.between(0, serverLife), serverLife]), () => void commit(runId));
        if (own.chance(0.5)) tell(unknown);
        break;
      case 'swallowed':
        tell(unknown);
        break;
      case 'not sent':
        tell({ outcome: 'not-sent', because: 'connection refused' });
        break;
      case 'refused':
        tell(refused);
        break;
      case 'not now':
        tell({ ...refused, tryAgainAfterMs: own.between(1000, 60_000) });
    }
  };

  const start =
    (life: Life) =>
    (order: PipelineOrder): Promise<StartOutcome> =>
      new Promise((resolve) => {
        if (life.dead) return;
        const { runId } = order;
        faults.reached('gitlab.start', 'asked', life);
        const nth = (posts.get(runId) ?? 0) + 1;
        posts.set(runId, nth);
        const own = dice.apart(`start ${runId} ${nth}`);
        const by = receivedBy(life, runId);
        const tell = (outcome: StartOutcome): void => {
          faults.reached('gitlab.start', 'done', life);
          scheduler.after(someTime(own), life, () => resolve(outcome));
        };
        const lost = { outcome: 'unknown', because: 'the connection was reset' } as const;
        scheduler.after(own.between(0, 2), life, () => {
          const there = own.pick([someTime(own), own.between(0, answerWithin)]);
          const isTooLate = scheduler.now() + there > by;
          later(isTooLate ? 0 : there, () => (isTooLate ? tell(lost) : receive(runId, own, tell)));
        });
        const timeout = { outcome: 'unknown', because: 'no answer in time' } as const;
        scheduler.after(answerWithin, life, () => resolve(timeout), 'timer');
      });

  const reading = <T>(life: Life, point: string, effect: () => T): Promise<T> => {
    const fails = !faults.isCalm() && dice.chance(readFails);
    return calls({
      life,
      point,
      effect: () => {
        if (isAway() || fails) throw new Error('GitLab cannot be reached');
        return effect();
      },
    });
  };

  const viewOf = (pipeline: Pipeline): PipelineView => {
    const ended = pipeline.succeeds ? 'succeeded' : 'failed';
    const phase =
      pipeline.canceledAt !== undefined ? 'canceled' : scheduler.now() < pipeline.overAt ? 'going' : ended;
    return { ...refOf(pipeline), phase, stages: [] };
  };

  return {
    pipelines: (): readonly Pipeline[] => pipelines,
    /** Requests that it has and has not ended. */
    onItsWay: () => onItsWay,
    away: (ms: number): void => {
      awayUntil = Math.max(awayUntil, scheduler.now() + ms);
    },
    /** GitLab as one life of an instance reaches it. */
    reachedBy: (life: Life) => ({
      order: (runId: string) =>
        reading(life, 'gitlab.order', () => ({
          ok: true as const,
          order: { runId, project, ref: 'main', inputs: {}, variables: [] },
        })),
      start: start(life),
      find: (runId: string): Promise<readonly PipelineRef[]> =>
        reading(life, 'gitlab.find', () =>
          pipelines.filter((one) => one.runId === runId && one.listedAt <= scheduler.now()).map(refOf),
        ),
      look: (id: number): Promise<PipelineView | 'gone'> =>
        reading(life, 'gitlab.look', () => {
          const found = pipelines.find((one) => one.id === id);
          return found === undefined ? 'gone' : viewOf(found);
        }),
      cancel: (id: number): Promise<CancelAnswer> =>
        reading(life, 'gitlab.cancel', () => {
          const found = pipelines.find((one) => one.id === id);
          if (found === undefined || scheduler.now() >= found.overAt)
            return { outcome: 'nothing', because: 'it is over' };
          found.canceledAt ??= scheduler.now();
          return { outcome: 'done' };
        }),
    }),
  };
};

export type SimulatedGitLab = ReturnType<typeof createSimulatedGitLab>;
