import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelJob, cancelPipeline, playJob, retryJob, retryPipeline } from './actions.ts';
import { advance, type Course, close } from './course.ts';
import { type RunJob, runJob } from './job.ts';
import { createLedger } from './ledger.ts';
import { planPipeline } from './plan.ts';
import { jobSnapshot, pipelineSnapshot } from './records.ts';
import type { Ci, CiLimits, CiParts, Created, PipelineOrder } from './types.ts';

const LIMITS: CiLimits = { atOnce: 4, jobTimeoutMs: 10 * 60_000, graceMs: 2000, logBytes: 4 * 1024 * 1024 };

/** Makes the CI of the sandbox's GitLab: keeps pipelines, runs their jobs (really, with bash, unless told otherwise), tells of every change. */
export function createCi(parts: CiParts, run: RunJob = runJob): Ci {
  const ledger = createLedger(parts.now);
  const limits = { ...LIMITS, ...parts.limits };
  const course: Course = {
    ...{ ledger, parts, limits, runJob: run },
    ...{ waiting: new Set(), running: new Map(), closed: false },
  };
  return {
    create: (order) => create(course, order),
    pipeline(id) {
      const pipeline = ledger.pipelines.get(id);
      return pipeline && pipelineSnapshot(pipeline);
    },
    pipelines: (projectId) => ledger.ofProject(projectId).toReversed().map(pipelineSnapshot),
    job(id) {
      const job = ledger.jobs.get(id);
      return job && jobSnapshot(job);
    },
    cancel: (id) => cancelPipeline(course, id),
    retry: (id) => retryPipeline(course, id),
    play: (id, variables, user) => playJob(course, id, variables, user),
    cancelJob: (id) => cancelJob(course, id),
    retryJob: (id) => retryJob(course, id),
    subscribe: ledger.subscribe,
    async close() {
      await close(course);
      await removeLeft(parts.workDir);
    },
  };
}

/** GitLab starts a pipeline in the background: it is answered as `created`. */
function create(course: Course, order: PipelineOrder): Created {
  const planned = planPipeline(order, course.parts);
  if (!planned.ok) return planned;
  const pipeline = course.ledger.addPipeline(order, planned.plan, null);
  setImmediate(() => advance(course, pipeline));
  return { ok: true, pipeline: pipelineSnapshot(pipeline) };
}

/** Removes what the CI made below its folder and leaves everything else there alone. */
async function removeLeft(workDir: string): Promise<void> {
  const names = existsSync(workDir) ? await readdir(workDir) : [];
  for (const name of names.filter((entry) => /^(job|artifacts)-\d+$/.test(entry))) {
    await rm(join(workDir, name), { recursive: true, force: true });
  }
}
