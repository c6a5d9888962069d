import type { Done, Job, Pipeline } from '../../ci/types.ts';
import { projectFor } from '../access.ts';
import { requiredText, severalOf } from '../fields.ts';
import { badRequest, forbidden, notFound } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { jobView } from '../views/pipelines.ts';
import { level, type Project } from '../world.ts';
import { jobScopes } from './pipeline-filters.ts';
import { listedVariables } from './starting.ts';

const one = '/projects/:id/jobs/:job_id';

/** Endpoints about single jobs: their log, and playing, retrying and cancelling them. */
export const jobRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/jobs', answer: list },
  { method: 'GET', url: one, answer: show },
  { method: 'GET', url: `${one}/trace`, answer: trace },
  { method: 'POST', url: `${one}/play`, answer: play },
  { method: 'POST', url: `${one}/retry`, answer: retry },
  { method: 'POST', url: `${one}/cancel`, answer: cancel },
];

interface Found {
  readonly project: Project;
  readonly pipeline: Pipeline;
  readonly job: Job;
}

/** GitLab's job endpoints know no bridges, except for playing them. */
function find(call: Call, least: number = level.reporter, kinds: readonly Job['kind'][] = ['job']): Found {
  const project = projectFor(call, least);
  const id = requiredText(call.path, 'job_id');
  const job = /^\d+$/.test(id) ? call.world.ci.job(Number(id)) : undefined;
  const pipeline = job && call.world.ci.pipeline(job.pipelineId);
  if (!job || !pipeline || job.projectId !== project.ci.id || !kinds.includes(job.kind)) throw notFound();
  return { project, pipeline, job };
}

function list(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const scope = severalOf(call.fields, 'scope', jobScopes);
  const found = call.world.ci
    .pipelines(project.ci.id)
    .flatMap((pipeline) => pipeline.jobs.map((job) => ({ pipeline, job })))
    .filter(({ job }) => job.kind === 'job')
    .filter(({ job }) => scope === undefined || scope.some((status) => status === job.status))
    .toSorted((a, b) => b.job.id - a.job.id);
  return page(call, found, ({ pipeline, job }) => jobView(call.world, project, pipeline, job));
}

function show(call: Call): Answer {
  const { project, pipeline, job } = find(call);
  return ok(jobView(call.world, project, pipeline, job));
}

function trace(call: Call): Answer {
  const { job } = find(call);
  const disposition = `inline; filename="${job.id}.log"`;
  return {
    status: 200,
    body: job.log,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': disposition },
  };
}

function play(call: Call): Answer {
  const { project, job } = find(call, level.developer, ['job', 'bridge']);
  const variables = listedVariables(call.fields, 'job_variables_attributes');
  const done = call.world.ci.play(job.id, variables);
  if (!done.ok) throw badRequest(done.error);
  return ok(shown(call, project, done));
}

function retry(call: Call): Answer {
  const { project, job } = find(call, level.developer);
  const done = call.world.ci.retryJob(job.id);
  if (!done.ok) throw forbidden(done.error);
  return created(shown(call, project, done));
}

function cancel(call: Call): Answer {
  const { project, job } = find(call, level.developer);
  const done = call.world.ci.cancelJob(job.id);
  if (!done.ok) throw forbidden(done.error);
  return created(shown(call, project, done));
}

function shown(call: Call, project: Project, done: Extract<Done<Job>, { ok: true }>): unknown {
  const pipeline = call.world.ci.pipeline(done.value.pipelineId);
  if (!pipeline)
    throw new Error(`Job ${done.value.id} belongs to pipeline ${done.value.pipelineId}, which is gone`);
  return jobView(call.world, project, pipeline, done.value);
}
