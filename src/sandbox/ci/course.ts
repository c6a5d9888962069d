import { planDownstream } from './downstream.ts';
import { nextSteps, pipelineStatus } from './graph.ts';
import { inheritsFrom } from './inherits.ts';
import type { JobEnd, JobRun, RunJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import { graphOf, type JobRecord, newest, type PipelineRecord } from './records.ts';
import { again, mayTryAgain, revive } from './tries.ts';
import type { CiLimits, CiParts, CiStatus } from './types.ts';

/** What is under way: jobs that wait for room, and jobs that run. */
export interface Course {
  readonly ledger: Ledger;
  readonly parts: CiParts;
  readonly limits: CiLimits;
  readonly runJob: RunJob;
  /** In the order in which their turn came. */
  readonly waiting: Set<JobRecord>;
  readonly running: Map<JobRecord, JobRun>;
  /** Nothing starts any more. */
  closed: boolean;
}

const ENDED: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Applies the order of a pipeline until nothing more follows from it, and starts what may start. */
export function advance(course: Course, pipeline: PipelineRecord): void {
  if (course.closed) return;
  for (let steps = nextSteps(graphOf(pipeline)); steps.size > 0; steps = nextSteps(graphOf(pipeline))) {
    for (const job of newest(pipeline)) {
      const step = steps.get(job.plan.config.name);
      if (step === 'start') enqueue(course, job);
      else if (step !== undefined) course.ledger.setJob(job, step === 'manual' ? 'manual' : 'skipped');
    }
  }
  course.ledger.setPipeline(pipeline, pipelineStatus(graphOf(pipeline)));
  mirror(course, pipeline);
  startWaiting(course);
}

/** Lets a job wait for room, whatever its pipeline is at: this is how a manual job is played. */
export function enqueue(course: Course, job: JobRecord): void {
  course.ledger.setJob(job, 'pending');
  course.waiting.add(job);
}

/** Asks a running job to end, and cancels one that has not started. */
export function cancel(course: Course, job: JobRecord): void {
  if (job.stop !== null && job.status === 'running') {
    course.ledger.setJob(job, 'canceling');
    job.stop();
  } else if (job.status === 'created' || job.status === 'pending' || job.status === 'running') {
    course.waiting.delete(job);
    course.ledger.setJob(job, 'canceled');
  }
}

/** Lets the trigger job that waits for this pipeline wait again, since the pipeline goes on after all. */
export function reopen(course: Course, pipeline: PipelineRecord): void {
  const bridge = dependent(pipeline);
  if (bridge === undefined || !ENDED.includes(bridge.status)) return;
  course.ledger.setJob(bridge, 'running');
  revive(course.ledger, bridge);
  reopen(course, bridge.pipeline);
  advance(course, bridge.pipeline);
}

/** Ends everything that runs and waits until it has ended. */
export async function close(course: Course): Promise<void> {
  course.closed = true;
  course.waiting.clear();
  const runs = [...course.running.values()];
  for (const run of runs) run.stop(true);
  await Promise.all(runs.map((run) => run.done));
}

function startWaiting(course: Course): void {
  for (const job of course.waiting) {
    const bridge = job.plan.config.trigger !== undefined;
    const room = bridge || course.running.size < course.limits.atOnce;
    if (course.closed || !room || !groupFree(course, job)) continue;
    course.waiting.delete(job);
    if (bridge) startBridge(course, job);
    else startJob(course, job);
  }
}

function groupFree(course: Course, job: JobRecord): boolean {
  const group = job.plan.config.resourceGroup;
  if (group === undefined) return true;
  return [...course.ledger.active].every(
    (other) =>
      other.plan.config.resourceGroup !== group ||
      other.pipeline.order.project.id !== job.pipeline.order.project.id,
  );
}

function startJob(course: Course, job: JobRecord): void {
  const { ledger, parts, limits } = course;
  ledger.setJob(job, 'running');
  const run = course.runJob({
    job,
    earlier: inheritsFrom(job),
    workDir: parts.workDir,
    serverUrl: parts.serverUrl(),
    path: parts.path ?? DEFAULT_PATH,
    limits,
    now: parts.now,
    write: (text) => ledger.appendLog(job, text),
  });
  course.running.set(job, run);
  job.stop = () => run.stop(false);
  void run.done.then((end) => finish(course, job, end));
  ledger.setPipeline(job.pipeline, pipelineStatus(graphOf(job.pipeline)));
}

function finish(course: Course, job: JobRecord, end: JobEnd): void {
  course.running.delete(job);
  job.stop = null;
  if (end.status === 'failed') {
    const { allowedExitCodes } = job.plan.config;
    const allowed = end.exitCode !== undefined && allowedExitCodes.includes(end.exitCode);
    course.ledger.amend(job, {
      failureReason: end.reason,
      allowFailure: job.allowFailure || allowed,
    });
  }
  course.ledger.setJob(job, end.status);
  const more = end.status === 'failed' && !job.retried && !course.closed && mayTryAgain(job, end.reason);
  if (more) again(course.ledger, job, true);
  advance(course, job.pipeline);
}

function startBridge(course: Course, job: JobRecord): void {
  const { ledger, parts } = course;
  const { trigger } = job.plan.config;
  if (trigger === undefined) return;
  ledger.setJob(job, 'running');
  const planned = planDownstream(job, trigger, parts);
  if (planned.ok) {
    const downstream = ledger.addPipeline(planned.order, planned.plan, job);
    ledger.amend(job, { downstream });
    advance(course, downstream);
    if (!trigger.depend) ledger.setJob(job, 'success');
  } else {
    ledger.amend(job, { failureReason: planned.reason });
    ledger.appendLog(job, `${planned.message}\n`);
    ledger.setJob(job, 'failed');
  }
  advance(course, job.pipeline);
}

/** A trigger job with `strategy: depend` ends as its pipeline ends; a skipped pipeline counts as failed. */
function mirror(course: Course, pipeline: PipelineRecord): void {
  const bridge = dependent(pipeline);
  if (bridge?.status !== 'running' || !ENDED.includes(pipeline.status)) return;
  course.ledger.setJob(bridge, pipeline.status === 'skipped' ? 'failed' : pipeline.status);
  advance(course, bridge.pipeline);
}

/** The trigger job whose status follows this pipeline. */
function dependent(pipeline: PipelineRecord): JobRecord | undefined {
  const bridge = pipeline.parent;
  const follows = bridge?.plan.config.trigger?.depend === true && bridge.downstream === pipeline;
  return bridge !== null && follows && !bridge.retried ? bridge : undefined;
}
