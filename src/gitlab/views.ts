import { type JobView, type Phase, type PipelineView, phaseOf } from '../core/pipelines.ts';
import { type JobRecord, type PipelineState, refOf } from './shapes.ts';

/** Stages in the order of their first job ever, each with the newest try of its jobs in their first order. */
export const stagesOf = (
  tries: readonly JobRecord[],
): readonly { readonly name: string; readonly jobs: readonly JobRecord[] }[] => {
  const stages = new Map<string, Map<string, JobRecord>>();
  for (const job of tries.toSorted((a, b) => a.id - b.id)) {
    const jobs = stages.get(job.stage) ?? new Map<string, JobRecord>();
    // A Map keeps the place of a key that is set again.
    stages.set(job.stage, jobs.set(job.name, job));
  }
  return [...stages].map(([name, jobs]) => ({ name, jobs: [...jobs.values()] }));
};

/** The pipeline as it is shown, from its state and all tries of its jobs. */
export const viewOf = (state: PipelineState, tries: readonly JobRecord[]): PipelineView => {
  const stages = stagesOf(tries).map(({ name, jobs }) => ({ name, jobs: jobs.map(shown) }));
  return { ...refOf(state), phase: phaseWith(state.status, stages), stages };
};

/** Lists do not tell "passed with warnings" apart from "passed", so the jobs have to. */
const phaseWith = (status: string, stages: PipelineView['stages']): Phase => {
  const phase = phaseOf(status);
  const warned = stages.some(({ jobs }) => jobs.some((job) => job.phase === 'warned'));
  return phase === 'succeeded' && warned ? 'warned' : phase;
};

const shown = ({ downstream: _, ...job }: JobRecord): JobView => job;
