import { GatewayError } from '../core/errors.ts';
import type { Alike, Run, RunStore } from '../core/run.ts';
import {
  dueList,
  endingList,
  entriesOf,
  listsFor,
  pipelineKey,
  pipelineOf,
  rows,
  undeliveredList,
} from './lists.ts';
import { createUses } from './uses.ts';

/** What is kept of a run: its JSON, so that nobody can change it from outside, and where it stands in lists. */
interface Kept {
  readonly text: string;
  readonly version: number;
  readonly generation: string;
  readonly entries: ReadonlyMap<string, number>;
  readonly pipeline: string | undefined;
}

/** The run is what this store wrote as JSON. */
const read = (kept: Kept): Run => JSON.parse(kept.text) as Run;

const keep = (run: Run): Kept => ({
  text: JSON.stringify(run),
  version: run.version,
  generation: run.generation,
  entries: new Map(entriesOf(run).map((entry) => [entry.list, entry.score])),
  pipeline: pipelineOf(run),
});

/** Ids with their score in a list, lowest first, equal scores by id: the order of a Redis sorted set. */
const ranked = (runs: ReadonlyMap<string, Kept>, list: string): readonly (readonly [string, number])[] =>
  [...runs]
    .flatMap(([id, kept]): [string, number][] => {
      const score = kept.entries.get(list);
      return score === undefined ? [] : [[id, score]];
    })
    .sort(([idA, a], [idB, b]) => a - b || (idA < idB ? -1 : 1));

/** Keeps runs in this process only: for the sandbox and for tests. */
export const createMemoryStore = ({ now }: { readonly now: () => number }): RunStore => {
  const runs = new Map<string, Kept>();
  const pipelines = new Map<string, string>();
  /** Runs that are over, by the moment they are forgotten. */
  const ending = new Map<string, number>();
  let nextEnd = Number.POSITIVE_INFINITY;
  const uses = createUses(now);
  const forbidden = new Set<string>();
  const newest = new Map<string, string>();
  /** The memory of a process has one life. */
  const generation = { id: 'memory', beganAt: now(), first: true } as const;

  const leave = (id: string): void => {
    const pipeline = runs.get(id)?.pipeline;
    if (pipeline !== undefined && pipelines.get(pipeline) === id) pipelines.delete(pipeline);
    ending.delete(id);
    runs.delete(id);
  };

  const put = (run: Run): void => {
    leave(run.id);
    const kept = keep(run);
    runs.set(run.id, kept);
    if (kept.pipeline !== undefined) pipelines.set(kept.pipeline, run.id);
    const until = kept.entries.get(endingList);
    if (until === undefined) return;
    ending.set(run.id, until);
    nextEnd = Math.min(nextEnd, until);
  };

  const clear = (): void => {
    if (now() < nextEnd) return;
    nextEnd = Number.POSITIVE_INFINITY;
    for (const [id, until] of ending) {
      if (until <= now()) leave(id);
      else nextEnd = Math.min(nextEnd, until);
    }
  };

  const unseen = ({ key, seen }: Alike): Kept | undefined => {
    const id = newest.get(key);
    return id === undefined || id === seen || seen === 'any' ? undefined : runs.get(id);
  };

  return {
    create: async (run, alike) => {
      clear();
      if (run.generation !== '' && run.generation !== generation.id)
        throw new GatewayError('store.unavailable', `storing run ${run.id}: it was made in another life`);
      if (runs.has(run.id)) return 'exists';
      if (forbidden.has(run.id)) return 'forbidden';
      const other = alike === undefined ? undefined : unseen(alike);
      if (other !== undefined) return { alike: read(other) };
      if (alike !== undefined) newest.set(alike.key, run.id);
      put({ ...run, version: run.version + 1, generation: generation.id });
      return 'created';
    },
    forbid: async (id) => {
      if (runs.has(id)) return 'exists';
      forbidden.add(id);
      return 'forbidden';
    },
    generation: async () => generation,
    undelivered: async () => ranked(runs, undeliveredList).length,
    load: async (id) => {
      const kept = runs.get(id);
      return kept === undefined ? undefined : read(kept);
    },
    save: async (run) => {
      clear();
      const kept = runs.get(run.id);
      if (kept?.version !== run.version || kept.generation !== run.generation) return 'conflict';
      const next = { ...run, version: run.version + 1, generation: generation.id };
      put(next);
      return next;
    },
    due: async (before, limit) =>
      ranked(runs, dueList)
        .filter(([, dueAt]) => dueAt <= before)
        .slice(0, rows(limit))
        .map(([id]) => id),
    list: async (filter) => {
      const [first = '', ...others] = listsFor(filter);
      return ranked(runs, first)
        .map(([id]) => runs.get(id))
        .filter((kept): kept is Kept => kept !== undefined && others.every((list) => kept.entries.has(list)))
        .reverse()
        .slice(0, rows(filter.limit))
        .map(read);
    },
    byPipeline: async (project, pipelineId) => pipelines.get(pipelineKey(project, pipelineId)),
    firstTime: async (key, ttlMs) => uses.firstTime(key, ttlMs),
    allow: async (key, count, perMs) => uses.allow(key, count, perMs),
    ping: async () => undefined,
    close: async () => undefined,
  };
};
