import type { Job, Pipeline } from '../../ci/types.ts';
import { pipelineName } from '../views/pipelines.ts';
import type { Project, World } from '../world.ts';
import { type Html, html } from './html.ts';
import { logLines } from './log.ts';
import { avatar, jobBadge, jobButtons, jobDot, took } from './parts.ts';

/** The part of a job's page that renews itself: its state, its log, and its neighbours. */
export function jobPart(world: World, project: Project, pipeline: Pipeline, job: Job): Html {
  const address = `/${project.ci.path}/-/pipelines/${pipeline.id}`;
  return html`<section class="head">
  <div class="headline">
    ${jobBadge(job)}
    <h1>${job.name}</h1>
    <div class="actions">${jobButtons(project, job)}</div>
  </div>
  <p class="facts">
    <span>Job <b>#${job.id}</b> of <a href="${address}">${pipelineName(world, pipeline) ?? `pipeline #${pipeline.id}`}</a></span>
    <span>stage <b>${job.stage}</b></span>
    ${job.environment !== null && html`<span>environment <b>${job.environment}</b></span>`}
    <span>${avatar(pipeline.user)} <b>${pipeline.user.name}</b></span>
    ${took(job, world.now())}
    ${job.retried && html`<span>an earlier try</span>`}
    ${job.failureReason !== null && html`<span>because of <code>${job.failureReason}</code></span>`}
  </p>
</section>
<div class="split">
  <section class="log" aria-label="Log">${job.log === '' ? emptyLog(job) : logLines(job.log)}</section>
  <aside aria-label="Jobs of this pipeline"><h2>Jobs</h2><ul>${pipeline.jobs
    .filter((one) => one.kind === 'job' && !one.retried)
    .map((one) => neighbour(project, one, one.id === job.id))}</ul></aside>
</div>`;
}

function emptyLog(job: Job): Html {
  const why =
    job.status === 'manual'
      ? 'This job waits for a person. Press Play to start it.'
      : job.status === 'skipped'
        ? 'This job was skipped.'
        : 'This job has not written anything yet.';
  return html`<p class="empty">${why}</p>`;
}

function neighbour(project: Project, job: Job, isThis: boolean): Html {
  const address = `/${project.ci.path}/-/jobs/${job.id}`;
  return html`<li><a href="${address}"${isThis && html` aria-current="page"`}>${jobDot(job)} ${job.name} <small>${job.stage}</small></a></li>`;
}
