import { revived } from './graph.ts';
import type { Ledger } from './ledger.ts';
import { graphJob, graphOf, type JobRecord, newest } from './records.ts';

/** Replaces a job by a new try; `asked`: a manual job then starts without waiting to be played. */
export function again(ledger: Ledger, job: JobRecord, asked: boolean): JobRecord {
  ledger.amend(job, { retried: true });
  const next = ledger.addJob(job.pipeline, job.plan, job);
  next.asked = asked;
  next.playVariables = job.playVariables;
  return next;
}

/** Gives the skipped jobs behind a job that is to run after all another chance. */
export function revive(ledger: Ledger, job: JobRecord): void {
  const names = revived(graphOf(job.pipeline), graphJob(job));
  for (const other of newest(job.pipeline)) {
    if (names.has(other.plan.config.name)) ledger.setJob(other, 'created');
  }
}

/** Says whether `retry:` asks for one more try; it counts the tries that were replaced, by whom ever. */
export function mayTryAgain(job: JobRecord, reason: string): boolean {
  const { retries, name } = job.plan.config;
  const tries = job.pipeline.jobs.filter((other) => other.retried && other.plan.config.name === name).length;
  return tries < retries.max && (retries.when.includes('always') || retries.when.includes(reason));
}
