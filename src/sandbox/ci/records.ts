import { type GraphJob, hasWarnings } from './graph.ts';
import type { JobPlan } from './model.ts';
import type { Plan } from './plan.ts';
import type { CiStatus, CiUser, CiVariable, Job, Pipeline, PipelineOrder } from './types.ts';

/** One try of a job as it is kept; it changes as the job goes on. */
export interface JobRecord {
  readonly id: number;
  readonly pipeline: PipelineRecord;
  readonly plan: JobPlan;
  readonly createdAt: number;
  status: CiStatus;
  readonly allowFailure: boolean;
  readonly retried: boolean;
  readonly failureReason: string | null;
  startedAt: number | null;
  finishedAt: number | null;
  readonly downstream: PipelineRecord | null;
  log: string;
  /** What others saw of it last; null since it changed. */
  shown: Job | null;
  /** Played or retried: a manual job then starts without waiting. */
  asked: boolean;
  user: CiUser;
  playVariables: readonly CiVariable[];
  /** Variables that the job left in dotenv reports. */
  dotenv: ReadonlyMap<string, string>;
  /** Folder with the files that the job left. */
  artifacts: string | null;
  /** Asks the job's processes to end. */
  stop: (() => void) | null;
}

/** A pipeline as it is kept. */
export interface PipelineRecord {
  readonly id: number;
  readonly iid: number;
  readonly order: PipelineOrder;
  readonly plan: Plan;
  readonly createdAt: number;
  readonly parent: JobRecord | null;
  status: CiStatus;
  updatedAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  readonly jobs: JobRecord[];
  /** What others saw of it last; null since it or one of its jobs changed. */
  shown: Pipeline | null;
}

/** The newest try of each job. */
export function newest(pipeline: PipelineRecord): readonly JobRecord[] {
  return pipeline.jobs.filter((job) => !job.retried);
}

/** The newest tries as the order of the pipeline sees them. */
export function graphOf(pipeline: PipelineRecord): readonly GraphJob[] {
  return newest(pipeline).map(graphJob);
}

/** One job as the order of the pipeline sees it. */
export function graphJob(job: JobRecord): GraphJob {
  return {
    name: job.plan.config.name,
    stageIndex: job.plan.stageIndex,
    status: job.status,
    when: job.plan.when,
    allowFailure: job.allowFailure,
    needs: job.plan.needs?.map((need) => need.job),
    asked: job.asked,
  };
}

/** The job as it stands now, for others to keep. */
export function jobSnapshot(job: JobRecord): Job {
  job.shown ??= shownJob(job);
  return job.shown;
}

function shownJob(job: JobRecord): Job {
  const { config, when } = job.plan;
  return {
    id: job.id,
    pipelineId: job.pipeline.id,
    projectId: job.pipeline.order.project.id,
    name: config.name,
    stage: config.stage,
    kind: config.trigger === undefined ? 'job' : 'bridge',
    status: job.status,
    manual: when === 'manual',
    allowFailure: job.allowFailure,
    retried: job.retried,
    failureReason: job.failureReason,
    environment: config.environment?.name ?? null,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    downstreamPipelineId: job.downstream?.id ?? null,
    log: job.log,
  };
}

/** The pipeline as it stands now, with all tries of its jobs. */
export function pipelineSnapshot(pipeline: PipelineRecord): Pipeline {
  pipeline.shown ??= shownPipeline(pipeline);
  return pipeline.shown;
}

function shownPipeline(pipeline: PipelineRecord): Pipeline {
  const { order, plan } = pipeline;
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    projectId: order.project.id,
    name: plan.name,
    ref: order.ref,
    sha: plan.sha,
    source: order.source,
    status: pipeline.status,
    warnings: hasWarnings(newest(pipeline)),
    user: order.user,
    variables: order.variables,
    inputs: order.inputs,
    stages: plan.stages,
    createdAt: pipeline.createdAt,
    updatedAt: pipeline.updatedAt,
    startedAt: pipeline.startedAt,
    finishedAt: pipeline.finishedAt,
    upstream: order.upstream ?? null,
    jobs: pipeline.jobs.map(jobSnapshot),
  };
}
