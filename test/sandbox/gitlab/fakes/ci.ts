import type {
  Ci,
  CiEvent,
  CiParts,
  CiStatus,
  Created,
  Done,
  Job,
  Pipeline,
  PipelineOrder,
} from '../../../../src/sandbox/ci/types.ts';

/** A CI that runs nothing: tests move its jobs by hand. Every pipeline has `build`, then `ship` (manual) and a bridge. */
export interface FakeCi extends Ci {
  readonly orders: readonly PipelineOrder[];
  /** The next orders are refused with these messages. */
  refuse(errors: readonly string[]): void;
  moveJob(jobId: number, change: Partial<Job>): void;
  movePipeline(pipelineId: number, change: Partial<Pipeline>): void;
}

const ended: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];

/** Makes the fake. */
export function createFakeCi({ now }: Pick<CiParts, 'now'>): FakeCi {
  const pipelines = new Map<number, Pipeline>();
  const listeners = new Set<(event: CiEvent) => void>();
  const orders: PipelineOrder[] = [];
  let errors: readonly string[] = [];
  let lastId = 1000;
  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };
  const jobs = (): Job[] => [...pipelines.values()].flatMap((one) => one.jobs);
  const tell = (event: CiEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const movePipeline = (id: number, change: Partial<Pipeline>): Pipeline => {
    const before = pipelines.get(id);
    if (!before) throw new Error(`The fake has no pipeline ${id}`);
    const pipeline = { ...before, ...change, updatedAt: now() };
    pipelines.set(id, pipeline);
    tell({ kind: 'pipeline', pipeline });
    return pipeline;
  };
  const moveJob = (id: number, change: Partial<Job>): Job => {
    const before = jobs().find((one) => one.id === id);
    const owner = before && pipelines.get(before.pipelineId);
    if (!before || !owner) throw new Error(`The fake has no job ${id}`);
    const job = { ...before, ...change };
    const pipeline = {
      ...owner,
      updatedAt: now(),
      jobs: owner.jobs.map((one) => (one.id === id ? job : one)),
    };
    pipelines.set(owner.id, pipeline);
    tell({ kind: 'job', pipeline, job });
    return job;
  };
  const create = (order: PipelineOrder): Created => {
    if (errors.length > 0) return { ok: false, errors };
    orders.push(order);
    const pipeline = freshPipeline(order, nextId, now());
    pipelines.set(pipeline.id, pipeline);
    tell({ kind: 'pipeline', pipeline });
    return { ok: true, pipeline };
  };
  const refused = { ok: false, error: 'Unplayable Job' } as const;
  const known = (id: number): Job | undefined => jobs().find((one) => one.id === id);
  const retryJob = (id: number): Done<Job> => {
    const job = known(id);
    if (!job || job.retried || !ended.includes(job.status))
      return { ok: false, error: 'Job is not retryable' };
    moveJob(id, { retried: true });
    const again: Job = {
      ...job,
      id: nextId(),
      status: 'pending',
      log: '',
      startedAt: null,
      finishedAt: null,
    };
    const owner = pipelines.get(job.pipelineId);
    if (owner) movePipeline(owner.id, { jobs: [...owner.jobs, again], status: 'running' });
    return { ok: true, value: again };
  };
  const cancelJob = (id: number): Done<Job> => {
    const job = known(id);
    if (!job || ended.includes(job.status)) return { ok: false, error: 'Job is not cancelable' };
    return { ok: true, value: moveJob(id, { status: 'canceled', finishedAt: now() }) };
  };
  const missing = { ok: false, error: 'Pipeline not found' } as const;
  return {
    orders,
    refuse: (given) => {
      errors = given;
    },
    moveJob,
    movePipeline,
    create,
    pipeline: (id) => pipelines.get(id),
    pipelines: (projectId) => [...pipelines.values()].filter((one) => one.projectId === projectId).reverse(),
    job: known,
    cancel(id) {
      for (const job of pipelines.get(id)?.jobs ?? []) cancelJob(job.id);
      return pipelines.has(id) ? { ok: true, value: movePipeline(id, { status: 'canceled' }) } : missing;
    },
    retry(id) {
      for (const job of pipelines.get(id)?.jobs ?? []) if (job.status === 'failed') retryJob(job.id);
      const pipeline = pipelines.get(id);
      return pipeline ? { ok: true, value: pipeline } : missing;
    },
    play(id, _variables) {
      if (known(id)?.status !== 'manual') return refused;
      return { ok: true, value: moveJob(id, { status: 'pending' }) };
    },
    cancelJob,
    retryJob,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => listeners.clear(),
  };
}

function freshPipeline(order: PipelineOrder, nextId: () => number, at: number): Pipeline {
  const id = nextId();
  const found = order.project.at(order.ref);
  const job = (name: string, stage: string, change: Partial<Job>): Job => ({
    ...{ id: nextId(), pipelineId: id, projectId: order.project.id, name, stage, kind: 'job' },
    ...{ status: 'created', manual: false, allowFailure: false, retried: false, failureReason: null },
    ...{ environment: null, createdAt: at, startedAt: null, finishedAt: null },
    ...{ downstreamPipelineId: null, log: '' },
    ...change,
  });
  return {
    id,
    iid: id - 1000,
    projectId: order.project.id,
    name: typeof order.inputs.name === 'string' ? order.inputs.name : `chatops ${id}`,
    ref: order.ref,
    sha: found?.sha ?? '',
    source: order.source,
    status: 'created',
    warnings: false,
    user: order.user,
    variables: order.variables,
    inputs: order.inputs,
    stages: ['build', 'ship'],
    ...{ createdAt: at, updatedAt: at, startedAt: null, finishedAt: null },
    upstream: order.upstream ?? null,
    jobs: [
      job('build', 'build', {}),
      job('ship', 'ship', { status: 'manual', manual: true, environment: 'production' }),
      job('elsewhere', 'ship', { kind: 'bridge' }),
    ],
  };
}
