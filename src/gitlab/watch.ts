import { setTimeout as sleep } from 'node:timers/promises';
import { isOver, type PipelineView, phaseOf } from '../core/pipelines.ts';
import type { JobRecord, PipelineState } from './shapes.ts';
import { viewOf } from './views.ts';
import { createMemory, createOnce, type Known, type WatchMemory } from './watch-memory.ts';
import { createRounds, type Reach } from './watch-rounds.ts';

/** What the watch asks of GitLab, and how often. Times in milliseconds. */
export interface WatchParts {
  readonly list: (project: string, reach: Reach) => Promise<readonly PipelineState[]>;
  readonly show: (project: string, id: number) => Promise<PipelineState | 'gone'>;
  /** All tries of jobs and bridges. */
  readonly jobs: (project: string, id: number) => Promise<readonly JobRecord[]>;
  readonly now: () => number;
  /** At most one list request per project in this time. */
  readonly intervalMs: number;
  /** A running pipeline's jobs are read again after this long: GitLab does not touch `updated_at` for every job. Default: 6 intervals. */
  readonly jobsEveryMs?: number;
  /** An unfinished pipeline that no list mentioned for this long is asked for itself. Default: 5 minutes. */
  readonly confirmEveryMs?: number;
  /** A pipeline nobody looked at for this long is forgotten. Default: 15 minutes. */
  readonly forgetAfterMs?: number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Answers thousands of look-ups from few requests. */
export interface PipelineWatch {
  /** The pipeline as of this interval; `fresh` asks GitLab for it now. Rejects with GatewayError when GitLab cannot tell. */
  look(project: string, id: number, how?: { readonly fresh: boolean }): Promise<PipelineView | 'gone'>;
  /** How many pipelines are held. */
  size(): number;
}

/** Watches pipelines of any number of projects. Holds what it knows in memory only. */
export const createPipelineWatch = (parts: WatchParts): PipelineWatch => {
  const { now, intervalMs, jobsEveryMs = 6 * intervalMs, confirmEveryMs = 300_000, pause = sleep } = parts;
  const memory = createMemory(parts.forgetAfterMs ?? 900_000);
  const viewOnce = createOnce<PipelineView>();
  const rounds = createRounds({ list: parts.list, memory, now, intervalMs });

  const single = createSingle(parts, memory, rounds);

  const unknownYet = async (project: string, id: number): Promise<Known | 'gone'> => {
    for (;;) {
      const round = rounds.of(project);
      await round.listed;
      const known = memory.get(project, id);
      if (known) return known;
      if (round.maySingle()) return single(project, id);
      await pause(Math.max(1, round.startedAt + intervalMs - now()));
    }
  };

  const usual = async (project: string, id: number): Promise<Known | 'gone'> => {
    const before = memory.get(project, id);
    if (before === undefined) {
      const release = rounds.want(project, id);
      return unknownYet(project, id).finally(release);
    }
    const round = rounds.of(project);
    await round.listed;
    const known = memory.get(project, id) ?? before;
    const isDoubtful = !isOver(phaseOf(known.state.status)) && now() - known.confirmedAt >= confirmEveryMs;
    return isDoubtful && round.mayCheck() ? single(project, id) : known;
  };

  const view = async (known: Known, fresh: boolean): Promise<PipelineView> => {
    const { state, shown } = known;
    const mark = `${state.status} ${state.updatedAt}`;
    if (shown?.mark === mark && !fresh) {
      const isOld = !isOver(phaseOf(state.status)) && now() - shown.at >= jobsEveryMs;
      if (!isOld || !rounds.of(state.project).mayCheck()) return shown.view;
    }
    return viewOnce(`${state.project} ${state.id} ${mark}`, async () => {
      const built = viewOf(state, await parts.jobs(state.project, state.id));
      memory.show(known, { mark, at: now(), view: built });
      return built;
    });
  };

  return {
    look: async (project, id, { fresh } = { fresh: false }) => {
      const known = await (fresh ? single(project, id) : usual(project, id));
      if (known === 'gone') return 'gone';
      memory.touch(known, now());
      return view(known, fresh);
    },
    size: memory.size,
  };
};

/** Asks for one pipeline, once for all who ask at the same time. */
const createSingle = (
  { show, now }: WatchParts,
  memory: WatchMemory,
  rounds: ReturnType<typeof createRounds>,
): ((project: string, id: number) => Promise<Known | 'gone'>) => {
  const once = createOnce<Known | 'gone'>();
  return (project, id) =>
    once(`${project} ${id}`, async () => {
      const state = await show(project, id);
      if (state === 'gone') memory.drop(project, id);
      else rounds.begin(project, state.updatedAt);
      return state === 'gone' ? state : memory.learn(state, now());
    });
};
