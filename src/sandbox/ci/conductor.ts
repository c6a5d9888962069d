import { planDownstream } from './downstream.ts';
import { nextSteps, pipelineStatus, revived } from './graph.ts';
import { inheritsFrom } from './inherits.ts';
import { type JobEnd, type JobRun, runJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import { graphJob, graphOf, type JobRecord, newest, type PipelineRecord } from './records.ts';
import type { CiLimits, CiParts, CiStatus } from './types.ts';

/** Moves pipelines on: decides what may start, runs it when there is room, and draws the conclusions from how it ended. */
export interface Conductor {
  /** Applies the order of a pipeline until nothing more follows, and starts what may start. */
  advance(pipeline: PipelineRecord): void;
  /** Puts a manual job into the queue, whatever else the pipeline is at. */
  play(job: JobRecord): void;
  /** Gives the skipped jobs behind a job that is to run after all another chance. */
  revive(job: JobRecord): void;
  /** Replaces a job by a new try. */
  again(job: JobRecord, asked: boolean): JobRecord;
  /** Lets the trigger job that waits for this pipeline wait again, since the pipeline goes on after all. */
  reopen(pipeline: PipelineRecord): void;
  cancel(job: JobRecord): void;
  /** Ends everything; nothing starts any more. */
  close(): Promise<void>;
}

const ENDED: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes the conductor of a ledger. */
export function createConductor(ledger: Ledger, parts: CiParts, limits: CiLimits): Conductor {
  const waiting: JobRecord[] = [];
  const running = new Map<JobRecord, JobRun>();
  let closed = false;

  const advance = (pipeline: PipelineRecord): void => {
    if (closed) return;
    for (let steps = nextSteps(graphOf(pipeline)); steps.size > 0; steps = nextSteps(graphOf(pipeline))) {
      for (const job of newest(pipeline)) {
        const step = steps.get(job.plan.config.name);
        if (step === 'start') queue(job);
        else if (step !== undefined) ledger.setJob(job, step === 'manual' ? 'manual' : 'skipped');
      }
    }
    ledger.setPipeline(pipeline, pipelineStatus(graphOf(pipeline)));
    mirror(pipeline);
    startWaiting();
  };

  const queue = (job: JobRecord): void => {
    ledger.setJob(job, 'pending');
    waiting.push(job);
  };

  const startWaiting = (): void => {
    for (const job of [...waiting]) {
      const bridge = job.plan.config.trigger !== undefined;
      if (closed || !waiting.includes(job) || (!bridge && running.size >= limits.atOnce) || !groupFree(job))
        continue;
      waiting.splice(waiting.indexOf(job), 1);
      if (bridge) startBridge(job);
      else startJob(job);
    }
  };

  const groupFree = (job: JobRecord): boolean => {
    const group = job.plan.config.resourceGroup;
    if (group === undefined) return true;
    return [...ledger.jobs.values()].every(
      (other) =>
        other.plan.config.resourceGroup !== group ||
        other.pipeline.order.project.id !== job.pipeline.order.project.id ||
        (other.status !== 'running' && other.status !== 'canceling'),
    );
  };

  const startJob = (job: JobRecord): void => {
    ledger.setJob(job, 'running');
    const run = runJob({
      job,
      earlier: inheritsFrom(job),
      workDir: parts.workDir,
      serverUrl: parts.serverUrl(),
      path: parts.path ?? DEFAULT_PATH,
      limits,
      now: parts.now,
      write: (text) => ledger.appendLog(job, text),
    });
    running.set(job, run);
    job.stop = () => run.stop(false);
    void run.done.then((end) => finish(job, end));
    ledger.setPipeline(job.pipeline, pipelineStatus(graphOf(job.pipeline)));
  };

  const finish = (job: JobRecord, end: JobEnd): void => {
    running.delete(job);
    job.stop = null;
    if (end.status === 'failed') {
      job.failureReason = end.reason;
      if (end.exitCode !== undefined && job.plan.config.allowedExitCodes.includes(end.exitCode))
        job.allowFailure = true;
    }
    ledger.setJob(job, end.status);
    if (end.status === 'failed' && mayTryAgain(job, end.reason) && !closed) again(job, true);
    advance(job.pipeline);
  };

  const startBridge = (job: JobRecord): void => {
    const { trigger } = job.plan.config;
    if (trigger === undefined) return;
    ledger.setJob(job, 'running');
    const planned = planDownstream(job, trigger, parts);
    if (planned.ok) {
      job.downstream = ledger.addPipeline(planned.order, planned.plan, job);
      advance(job.downstream);
      if (!trigger.depend) ledger.setJob(job, 'success');
    } else {
      job.failureReason = planned.reason;
      ledger.appendLog(job, `${planned.message}\n`);
      ledger.setJob(job, 'failed');
    }
    advance(job.pipeline);
  };

  /** A trigger job with `strategy: depend` ends as its pipeline ends; a skipped pipeline counts as failed. */
  const mirror = (pipeline: PipelineRecord): void => {
    const bridge = pipeline.parent;
    if (bridge === null || bridge.plan.config.trigger?.depend !== true || bridge.downstream !== pipeline)
      return;
    if (bridge.retried || !ENDED.includes(pipeline.status) || bridge.status !== 'running') return;
    ledger.setJob(bridge, pipeline.status === 'skipped' ? 'failed' : pipeline.status);
    advance(bridge.pipeline);
  };

  const revive = (job: JobRecord): void => {
    const names = revived(graphOf(job.pipeline), graphJob(job));
    for (const other of newest(job.pipeline)) {
      if (names.has(other.plan.config.name)) ledger.setJob(other, 'created');
    }
  };

  const again = (job: JobRecord, asked: boolean): JobRecord => {
    job.retried = true;
    const next = ledger.addJob(job.pipeline, job.plan, job);
    next.asked = asked;
    next.playVariables = job.playVariables;
    return next;
  };

  const reopen = (pipeline: PipelineRecord): void => {
    const bridge = pipeline.parent;
    if (bridge === null || bridge.plan.config.trigger?.depend !== true || bridge.retried) return;
    if (bridge.downstream !== pipeline || !ENDED.includes(bridge.status)) return;
    ledger.setJob(bridge, 'running');
    revive(bridge);
    reopen(bridge.pipeline);
    advance(bridge.pipeline);
  };

  const cancel = (job: JobRecord): void => {
    if (job.stop !== null && job.status === 'running') {
      ledger.setJob(job, 'canceling');
      job.stop();
    } else if (job.status === 'created' || job.status === 'pending' || job.status === 'running') {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1);
      ledger.setJob(job, 'canceled');
    }
  };

  return {
    advance,
    again,
    cancel,
    reopen,
    revive,
    play: queue,
    async close() {
      closed = true;
      waiting.length = 0;
      const runs = [...running.values()];
      for (const run of runs) run.stop(true);
      await Promise.all(runs.map((run) => run.done));
    },
  };
}

/** `retry:` counts tries of the same name that a retry replaced, by whom ever. */
function mayTryAgain(job: JobRecord, reason: string): boolean {
  const { retries, name } = job.plan.config;
  const tries = job.pipeline.jobs.filter((other) => other.retried && other.plan.config.name === name).length;
  return tries < retries.max && (retries.when.includes('always') || retries.when.includes(reason));
}
