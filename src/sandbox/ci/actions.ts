import { advance, type Course, cancel, enqueue, reopen } from './course.ts';
import { type JobRecord, jobSnapshot, newest, type PipelineRecord, pipelineSnapshot } from './records.ts';
import { again, revive } from './tries.ts';
import type { CiStatus, CiUser, CiVariable, Done, Job, Pipeline } from './types.ts';

const NOT_FOUND = { ok: false, error: '404 Not found' } as const;

const RETRYABLE: readonly CiStatus[] = ['success', 'failed', 'canceled', 'canceling'];

/** Cancels what of a pipeline and its child pipelines has not ended; manual jobs stay as they are, as in GitLab. */
export function cancelPipeline(course: Course, id: number): Done<Pipeline> {
  const pipeline = course.ledger.pipelines.get(id);
  if (pipeline === undefined) return NOT_FOUND;
  cancelAll(course, pipeline);
  return { ok: true, value: pipelineSnapshot(pipeline) };
}

function cancelAll(course: Course, pipeline: PipelineRecord): void {
  for (const job of newest(pipeline)) cancel(course, job);
  for (const job of newest(pipeline)) {
    if (job.downstream?.order.source === 'parent_pipeline') cancelAll(course, job.downstream);
  }
  advance(course, pipeline);
}

/** Tries the failed and cancelled jobs of a pipeline again, and gives the skipped ones another chance. */
export function retryPipeline(course: Course, id: number): Done<Pipeline> {
  const { ledger } = course;
  const pipeline = ledger.pipelines.get(id);
  if (pipeline === undefined) return NOT_FOUND;
  for (const job of newest(pipeline)) {
    if (job.status === 'failed' || job.status === 'canceled') again(ledger, job, false);
    else if (job.status === 'skipped') ledger.setJob(job, 'created');
  }
  reopen(course, pipeline);
  advance(course, pipeline);
  return { ok: true, value: pipelineSnapshot(pipeline) };
}

/** Starts a manual job; one that has already ended is tried again. */
export function playJob(
  course: Course,
  id: number,
  variables: readonly CiVariable[],
  user: CiUser | undefined,
): Done<Job> {
  const job = course.ledger.jobs.get(id);
  if (job === undefined) return NOT_FOUND;
  const playable = job.plan.when === 'manual' && !job.retried;
  if (!playable || (job.status !== 'manual' && !RETRYABLE.includes(job.status))) {
    return { ok: false, error: 'Unplayable Job' };
  }
  const target = job.status === 'manual' ? job : again(course.ledger, job, true);
  target.playVariables = variables;
  target.user = user ?? target.user;
  if (target === job) enqueue(course, job);
  return goOn(course, target);
}

/** Cancels one job; one that has ended stays as it is. */
export function cancelJob(course: Course, id: number): Done<Job> {
  const job = course.ledger.jobs.get(id);
  if (job === undefined) return NOT_FOUND;
  cancel(course, job);
  advance(course, job.pipeline);
  return { ok: true, value: jobSnapshot(job) };
}

/** Makes a new try of a job that has ended. */
export function retryJob(course: Course, id: number): Done<Job> {
  const job = course.ledger.jobs.get(id);
  if (job === undefined) return NOT_FOUND;
  if (job.retried || !RETRYABLE.includes(job.status)) return { ok: false, error: 'Job is not retryable' };
  return goOn(course, again(course.ledger, job, true));
}

function goOn(course: Course, job: JobRecord): Done<Job> {
  revive(course.ledger, job);
  reopen(course, job.pipeline);
  advance(course, job.pipeline);
  return { ok: true, value: jobSnapshot(job) };
}
