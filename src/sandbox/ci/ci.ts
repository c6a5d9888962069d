import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createConductor } from './conductor.ts';
import { createLedger } from './ledger.ts';
import { planPipeline } from './plan.ts';
import { type JobRecord, jobSnapshot, newest, type PipelineRecord, pipelineSnapshot } from './records.ts';
import type { Ci, CiLimits, CiParts, CiStatus, Done, Job } from './types.ts';

const LIMITS: CiLimits = { atOnce: 4, jobTimeoutMs: 10 * 60_000, graceMs: 2000, logBytes: 4 * 1024 * 1024 };

const RETRYABLE: readonly CiStatus[] = ['success', 'failed', 'canceled', 'canceling'];

/** Makes the CI of the sandbox's GitLab: keeps pipelines, really runs their jobs, tells of every change. */
export function createCi(parts: CiParts): Ci {
  const ledger = createLedger(parts.now);
  const conductor = createConductor(ledger, parts, { ...LIMITS, ...parts.limits });

  /** GitLab starts a pipeline in the background: it is answered as `created`. */
  const advanceSoon = (pipeline: PipelineRecord): void => {
    setImmediate(() => conductor.advance(pipeline));
  };
  const withPipeline = <T>(id: number, act: (pipeline: PipelineRecord) => Done<T>): Done<T> => {
    const pipeline = ledger.pipelines.get(id);
    return pipeline === undefined ? { ok: false, error: '404 Not found' } : act(pipeline);
  };
  const withJob = <T>(id: number, act: (job: JobRecord) => Done<T>): Done<T> => {
    const job = ledger.jobs.get(id);
    return job === undefined ? { ok: false, error: '404 Not found' } : act(job);
  };
  const cancelAll = (pipeline: PipelineRecord): void => {
    for (const job of newest(pipeline)) conductor.cancel(job);
    for (const job of newest(pipeline)) {
      if (job.downstream?.order.source === 'parent_pipeline') cancelAll(job.downstream);
    }
    conductor.advance(pipeline);
  };
  const goOn = (job: JobRecord): Done<Job> => {
    conductor.revive(job);
    conductor.reopen(job.pipeline);
    conductor.advance(job.pipeline);
    return { ok: true, value: jobSnapshot(job) };
  };

  return {
    create(order) {
      const planned = planPipeline(order, parts);
      if (!planned.ok) return planned;
      const pipeline = ledger.addPipeline(order, planned.plan, null);
      advanceSoon(pipeline);
      return { ok: true, pipeline: pipelineSnapshot(pipeline) };
    },
    pipeline(id) {
      const pipeline = ledger.pipelines.get(id);
      return pipeline && pipelineSnapshot(pipeline);
    },
    pipelines(projectId) {
      const all = [...ledger.pipelines.values()].filter(({ order }) => order.project.id === projectId);
      return all.toReversed().map(pipelineSnapshot);
    },
    job(id) {
      const job = ledger.jobs.get(id);
      return job && jobSnapshot(job);
    },
    cancel: (id) =>
      withPipeline(id, (pipeline) => {
        cancelAll(pipeline);
        return { ok: true, value: pipelineSnapshot(pipeline) };
      }),
    retry: (id) =>
      withPipeline(id, (pipeline) => {
        for (const job of newest(pipeline)) {
          if (job.status === 'failed' || job.status === 'canceled') conductor.again(job, false);
          else if (job.status === 'skipped') ledger.setJob(job, 'created');
        }
        conductor.reopen(pipeline);
        conductor.advance(pipeline);
        return { ok: true, value: pipelineSnapshot(pipeline) };
      }),
    play: (id, variables, user) =>
      withJob(id, (job) => {
        const playable = job.plan.when === 'manual' && !job.retried;
        if (!playable || (job.status !== 'manual' && !RETRYABLE.includes(job.status))) {
          return { ok: false, error: 'Unplayable Job' };
        }
        const target = job.status === 'manual' ? job : conductor.again(job, true);
        target.playVariables = variables;
        target.user = user ?? target.user;
        if (target === job) conductor.play(job);
        return goOn(target);
      }),
    cancelJob: (id) =>
      withJob(id, (job) => {
        conductor.cancel(job);
        conductor.advance(job.pipeline);
        return { ok: true, value: jobSnapshot(job) };
      }),
    retryJob: (id) =>
      withJob(id, (job) => {
        if (job.retried || !RETRYABLE.includes(job.status))
          return { ok: false, error: 'Job is not retryable' };
        return goOn(conductor.again(job, true));
      }),
    subscribe: ledger.subscribe,
    async close() {
      await conductor.close();
      await removeLeft(parts.workDir);
    },
  };
}

/** Removes what the CI made below its folder and leaves everything else there alone. */
async function removeLeft(workDir: string): Promise<void> {
  const names = existsSync(workDir) ? await readdir(workDir) : [];
  for (const name of names.filter((entry) => /^(job|artifacts)-\d+$/.test(entry))) {
    await rm(join(workDir, name), { recursive: true, force: true });
  }
}
