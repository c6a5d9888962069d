import type { Job, Pipeline } from '../../ci/types.ts';
import { projectFor } from '../access.ts';
import { requiredText, severalOf, text, truth } from '../fields.ts';
import { badRequest, forbidden, notFound } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { bridgeView, jobView, pipelineBasic, pipelineDetail } from '../views/pipelines.ts';
import { level, levelIn, type Project } from '../world.ts';
import { jobScopes, matching } from './pipeline-filters.ts';

const one = '/projects/:id/pipelines/:pipeline_id';

/** Endpoints that follow, cancel, retry and rename pipelines. */
export const pipelineRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/pipelines', answer: list },
  { method: 'GET', url: '/projects/:id/pipelines/latest', answer: latest },
  { method: 'GET', url: one, answer: show },
  { method: 'GET', url: `${one}/variables`, answer: variables },
  { method: 'GET', url: `${one}/jobs`, answer: (call) => jobs(call, 'job', jobView) },
  { method: 'GET', url: `${one}/bridges`, answer: (call) => jobs(call, 'bridge', bridgeView) },
  { method: 'GET', url: `${one}/test_report_summary`, answer: testSummary },
  { method: 'POST', url: `${one}/cancel`, answer: cancel },
  { method: 'POST', url: `${one}/retry`, answer: retry },
  { method: 'PUT', url: `${one}/metadata`, answer: rename },
];

interface Found {
  readonly project: Project;
  readonly pipeline: Pipeline;
}

function find(call: Call, least: number = level.reporter): Found {
  const project = projectFor(call, least);
  const id = requiredText(call.path, 'pipeline_id');
  const pipeline = /^\d+$/.test(id) ? call.world.ci.pipeline(Number(id)) : undefined;
  if (pipeline?.projectId !== project.ci.id) throw notFound();
  return { project, pipeline };
}

function list(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const found = matching(call, project);
  return page(call, found, (pipeline) => pipelineBasic(call.world, project, pipeline));
}

/** The newest pipeline of a ref's newest commit; GitLab answers 403 when there is none. */
function latest(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const ref = text(call.fields, 'ref') ?? project.ci.defaultBranch;
  const sha = project.repository.find(ref)?.sha;
  const pipeline = call.world.ci.pipelines(project.ci.id).find((it) => it.ref === ref && it.sha === sha);
  if (!pipeline) throw forbidden();
  return ok(pipelineDetail(call.world, project, pipeline));
}

function show(call: Call): Answer {
  const { project, pipeline } = find(call);
  return ok(pipelineDetail(call.world, project, pipeline));
}

function variables(call: Call): Answer {
  const { project, pipeline } = find(call);
  const own = pipeline.user.id === call.actor.user.id;
  if (!own && levelIn(project, call.actor.user.id) < level.maintainer) throw forbidden();
  return ok(pipeline.variables.map((variable) => ({ ...variable, raw: false })));
}

type View = (world: Call['world'], project: Project, pipeline: Pipeline, job: Job) => unknown;

function jobs(call: Call, kind: Job['kind'], view: View): Answer {
  const { project, pipeline } = find(call);
  const scope = severalOf(call.fields, 'scope', jobScopes);
  const retried = truth(call.fields, 'include_retried') ?? false;
  const found = pipeline.jobs
    .filter((job) => job.kind === kind && (retried || !job.retried))
    .filter((job) => scope === undefined || scope.some((status) => status === job.status))
    .toSorted((a, b) => b.id - a.id);
  return page(call, found, (job) => view(call.world, project, pipeline, job));
}

function testSummary(call: Call): Answer {
  find(call);
  const none = { time: 0, count: 0, success: 0, failed: 0, skipped: 0, error: 0, suite_error: null };
  return ok({ total: none, test_suites: [] });
}

/** GitLab answers 200 even when nothing was left to cancel (https://gitlab.com/gitlab-org/gitlab/-/issues/519143). */
function cancel(call: Call): Answer {
  const { project, pipeline } = find(call, level.developer);
  const done = call.world.ci.cancel(pipeline.id);
  return ok(pipelineDetail(call.world, project, done.ok ? done.value : pipeline));
}

function retry(call: Call): Answer {
  const { project, pipeline } = find(call, level.developer);
  const done = call.world.ci.retry(pipeline.id);
  if (!done.ok) throw badRequest(done.error);
  return created(pipelineDetail(call.world, project, done.value));
}

function rename(call: Call): Answer {
  const { project, pipeline } = find(call, level.developer);
  const name = requiredText(call.fields, 'name');
  // GitLab's column holds 255 characters.
  if (name.length > 255) throw badRequest('Name is too long (maximum is 255 characters)');
  call.world.pipelineNames.set(pipeline.id, name);
  return ok(pipelineDetail(call.world, project, pipeline));
}
