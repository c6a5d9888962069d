import { isFinal, type Run, type RunFilter, type RunState } from '../core/run.ts';

/** A sorted list of run ids, by its name, and where in it a run stands. */
export interface Entry {
  readonly list: string;
  readonly score: number;
}

/** How long a run is kept after it came to its end. Milliseconds. */
export const retentionMs = 30 * 24 * 60 * 60 * 1000;

/** The list of runs that somebody must look at, by `dueAt`. */
export const dueList = 'due';

/** The list of runs that are over, by the moment they are forgotten. */
export const endingList = 'ending';

/** The list of every run, by its creation. */
export const everyList = 'every';

/** The list of runs whose last word chat was not told. */
export const undeliveredList = 'undelivered';

const isUndelivered = ({ state, told }: Run): boolean =>
  told.givenUp !== undefined || (isFinal(state) && told.failures > 0);

const failedStates: readonly RunState[] = ['failed', 'expired', 'uncertain'];

/** Every list that the run belongs in: a store keeps exactly these, whatever was there before. */
export const entriesOf = (run: Run): readonly Entry[] => {
  const lists = [everyList, `account:${run.caller.account}`, `channel:${run.channel.id}`];
  if (!isFinal(run.state)) lists.push('active');
  if (failedStates.includes(run.state)) lists.push('failed');
  if (isUndelivered(run)) lists.push(undeliveredList);
  const entries = lists.map((list) => ({ list, score: run.createdAt }));
  if (run.dueAt !== null) entries.push({ list: dueList, score: run.dueAt });
  if (isFinal(run.state)) entries.push({ list: endingList, score: run.changedAt + retentionMs });
  return entries;
};

/** The lists whose common runs a filter asks for. */
export const listsFor = (filter: RunFilter): readonly string[] => {
  const lists = [
    ...(filter.state === undefined ? [] : [filter.state]),
    ...(filter.account === undefined ? [] : [`account:${filter.account}`]),
    ...(filter.channel === undefined ? [] : [`channel:${filter.channel}`]),
  ];
  return lists.length === 0 ? [everyList] : lists;
};

/** One name for a pipeline; the number comes first, so that no project can be mistaken for another. */
export const pipelineKey = (project: string, pipelineId: number): string => `${pipelineId}:${project}`;

/** The pipeline that the run follows, or undefined. */
export const pipelineOf = (run: Run): string | undefined =>
  run.pipeline === null ? undefined : pipelineKey(run.pipeline.project, run.pipeline.id);

/** A number of rows that can be asked for: whole, not negative. */
export const rows = (limit: number): number => Math.max(0, Math.floor(limit));
