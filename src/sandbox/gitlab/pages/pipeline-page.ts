import type { Job, Pipeline } from '../../ci/types.ts';
import { pipelineName } from '../views/pipelines.ts';
import { type Project, projectOf, type World } from '../world.ts';
import { type Html, html } from './html.ts';
import {
  ago,
  avatar,
  button,
  isGoing,
  jobBadge,
  jobButtons,
  jobDot,
  lasted,
  pipelineBadge,
  took,
} from './parts.ts';

/** The part of a pipeline's page that renews itself: its state, and the stages as columns of jobs. */
export function pipelinePart(world: World, project: Project, pipeline: Pipeline): Html {
  const path = `/${project.ci.path}/-/pipelines/${pipeline.id}`;
  const name = pipelineName(world, pipeline);
  return html`<section class="head">
  <div class="headline">
    ${pipelineBadge(pipeline)}
    <h1>${name ?? `Pipeline #${pipeline.id}`}</h1>
    <div class="actions">
      ${isGoing(pipeline.status) && button(`${path}/cancel`, 'Cancel pipeline', 'danger', 'cancel-pipeline')}
      ${isBroken(pipeline) && button(`${path}/retry`, 'Retry failed jobs', 'plain', 'retry-pipeline')}
    </div>
  </div>
  <p class="facts">
    <span>Pipeline <b>#${pipeline.id}</b></span>
    <span>${avatar(pipeline.user)} <b>${pipeline.user.name}</b> by ${pipeline.source}, ${ago(pipeline.createdAt, world.now())}</span>
    <span>on <code>${pipeline.ref}</code> at <code>${pipeline.sha.slice(0, 8)}</code></span>
    ${took(pipeline, world.now())}
    ${upstreamLink(world, pipeline)}
  </p>
  ${waitingNote(pipeline)}
</section>
<section class="stages" aria-label="Stages">${pipeline.stages.map((stage) => column(world, project, pipeline, stage))}</section>
${variablesTable(pipeline)}`;
}

function isBroken(pipeline: Pipeline): boolean {
  return pipeline.status === 'failed' || pipeline.status === 'canceled';
}

function waitingNote(pipeline: Pipeline): Html | false {
  if (pipeline.status !== 'manual') return false;
  const waiting = current(pipeline).filter((job) => job.status === 'manual');
  const names = waiting.map((job) => job.name).join(', ');
  return html`<p class="waiting" role="status"><b>Waits for a person.</b> Nothing goes on until somebody plays ${names}.</p>`;
}

function upstreamLink(world: World, pipeline: Pipeline): Html | false {
  const from = pipeline.upstream;
  const project = from && projectOf(world, from.projectId);
  if (!from || !project) return false;
  const address = `/${project.ci.path}/-/pipelines/${from.pipelineId}`;
  return html`<span>started by <a href="${address}">${project.ci.path} #${from.pipelineId}</a></span>`;
}

function current(pipeline: Pipeline): readonly Job[] {
  return pipeline.jobs.filter((job) => !job.retried);
}

function column(world: World, project: Project, pipeline: Pipeline, stage: string): Html | false {
  const jobs = current(pipeline).filter((job) => job.stage === stage);
  if (jobs.length === 0) return false;
  return html`<div class="stage"><h2>${stage}</h2><ul>${jobs.map((job) => pill(world, project, job))}</ul></div>`;
}

function pill(world: World, project: Project, job: Job): Html {
  const inner = html`${jobDot(job)}<span class="what"><b>${job.name}</b><small>${jobBadge(job)} ${lasted(job, world.now())}</small></span>`;
  const body =
    job.kind === 'job'
      ? html`<a class="go" href="/${project.ci.path}/-/jobs/${job.id}">${inner}</a>`
      : html`<span class="go">${inner}</span>`;
  return html`<li class="job">${body}${downstreamLink(world, job)}${jobButtons(project, job)}</li>`;
}

function downstreamLink(world: World, job: Job): Html | false {
  const pipeline =
    job.downstreamPipelineId === null ? undefined : world.ci.pipeline(job.downstreamPipelineId);
  const project = pipeline && projectOf(world, pipeline.projectId);
  if (!pipeline || !project) return false;
  const address = `/${project.ci.path}/-/pipelines/${pipeline.id}`;
  return html`<a class="downstream" href="${address}">${project.ci.path} #${pipeline.id} ›</a>`;
}

function variablesTable(pipeline: Pipeline): Html | false {
  if (pipeline.variables.length === 0) return false;
  const row = ({ key, value }: Pipeline['variables'][number]): Html =>
    html`<tr><th scope="row"><code>${key}</code></th><td><code>${value}</code></td></tr>`;
  return html`<details class="variables"><summary>Variables (${pipeline.variables.length})</summary><table>${pipeline.variables.map(row)}</table></details>`;
}
