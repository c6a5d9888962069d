import type { JobPlan } from './model.ts';
import type { Plan } from './plan.ts';
import { type JobRecord, jobSnapshot, type PipelineRecord, pipelineSnapshot } from './records.ts';
import type { CiEvent, CiStatus, PipelineOrder } from './types.ts';

/** All pipelines and jobs, the one place where their statuses change, and who is told of it. */
export interface Ledger {
  readonly pipelines: ReadonlyMap<number, PipelineRecord>;
  readonly jobs: ReadonlyMap<number, JobRecord>;
  /** The jobs that run or are being ended. */
  readonly active: ReadonlySet<JobRecord>;
  /** A project's pipelines, oldest first. */
  ofProject(projectId: number): readonly PipelineRecord[];
  addPipeline(order: PipelineOrder, plan: Plan, parent: JobRecord | null): PipelineRecord;
  addJob(pipeline: PipelineRecord, plan: JobPlan, before?: JobRecord): JobRecord;
  setJob(job: JobRecord, status: CiStatus): void;
  /** Notes something about a job beside its status; nobody is told. */
  amend(job: JobRecord, change: Partial<Amendable>): void;
  setPipeline(pipeline: PipelineRecord, status: CiStatus): void;
  appendLog(job: JobRecord, text: string): void;
  subscribe(listener: (event: CiEvent) => void): () => void;
}

type Amendable = Pick<JobRecord, 'allowFailure' | 'retried' | 'failureReason' | 'downstream'>;

const ENDED: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];

/** Makes an empty ledger; numbers start where an instance in use would stand. */
export function createLedger(now: () => number): Ledger {
  const pipelines = new Map<number, PipelineRecord>();
  const byProject = new Map<number, PipelineRecord[]>();
  const jobs = new Map<number, JobRecord>();
  const active = new Set<JobRecord>();
  const listeners = new Set<(event: CiEvent) => void>();
  const last = { pipeline: 1000, job: 5000 };

  const tell = (kind: CiEvent['kind'], pipeline: PipelineRecord, job?: JobRecord): void => {
    if (listeners.size === 0) return;
    const event = { kind, pipeline: pipelineSnapshot(pipeline), ...(job ? { job: jobSnapshot(job) } : {}) };
    for (const listener of [...listeners]) listener(event);
  };
  const touch = (pipeline: PipelineRecord): number => {
    pipeline.updatedAt = Math.max(now(), pipeline.updatedAt + 1);
    pipeline.shown = null;
    return now();
  };

  const addJob = (pipeline: PipelineRecord, plan: JobPlan, before?: JobRecord): JobRecord => {
    last.job += 1;
    const job = emptyJob(pipeline, plan, last.job, now());
    job.user = before?.user ?? job.user;
    jobs.set(job.id, job);
    pipeline.jobs.push(job);
    pipeline.shown = null;
    return job;
  };

  return {
    pipelines,
    jobs,
    active,
    ofProject: (projectId) => byProject.get(projectId) ?? [],
    addJob,
    addPipeline(order, plan, parent) {
      last.pipeline += 1;
      const siblings = byProject.get(order.project.id) ?? [];
      const pipeline = emptyPipeline(last.pipeline, siblings.length + 1, order, plan, parent, now());
      pipelines.set(pipeline.id, pipeline);
      byProject.set(order.project.id, siblings);
      siblings.push(pipeline);
      for (const job of plan.jobs) addJob(pipeline, job);
      tell('pipeline', pipeline);
      return pipeline;
    },
    setJob(job, status) {
      if (job.status === status) return;
      enter(job, status, touch(job.pipeline));
      job.shown = null;
      if (status === 'running' || status === 'canceling') active.add(job);
      else active.delete(job);
      tell('job', job.pipeline, job);
    },
    amend(job, change) {
      Object.assign(job, change);
      job.shown = null;
      job.pipeline.shown = null;
    },
    setPipeline(pipeline, status) {
      if (pipeline.status === status) return;
      enter(pipeline, status, touch(pipeline));
      tell('pipeline', pipeline);
    },
    appendLog(job, text) {
      job.log += text;
      job.shown = null;
      job.pipeline.shown = null;
      tell('log', job.pipeline, job);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A first start counts for a pipeline that is opened again; its end does not. */
function enter(one: JobRecord | PipelineRecord, status: CiStatus, at: number): void {
  one.status = status;
  if (status === 'running') one.startedAt ??= at;
  one.finishedAt = ENDED.includes(status) ? at : null;
}

function emptyJob(pipeline: PipelineRecord, plan: JobPlan, id: number, createdAt: number): JobRecord {
  return {
    id,
    pipeline,
    plan,
    createdAt,
    status: 'created',
    allowFailure: plan.allowFailure,
    retried: false,
    failureReason: null,
    startedAt: null,
    finishedAt: null,
    downstream: null,
    log: '',
    shown: null,
    asked: false,
    user: pipeline.order.user,
    playVariables: [],
    dotenv: new Map(),
    artifacts: null,
    stop: null,
  };
}

function emptyPipeline(
  id: number,
  iid: number,
  order: PipelineOrder,
  plan: Plan,
  parent: JobRecord | null,
  createdAt: number,
): PipelineRecord {
  return {
    id,
    iid,
    order,
    plan,
    createdAt,
    parent,
    status: 'created',
    updatedAt: createdAt,
    startedAt: null,
    finishedAt: null,
    jobs: [],
    shown: null,
  };
}
