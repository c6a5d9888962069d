import type { Pipeline } from '../../ci/types.ts';
import { pipelineName } from '../views/pipelines.ts';
import type { Project, World } from '../world.ts';
import { type Html, html } from './html.ts';
import { mergeRequestList } from './merge-requests/list.ts';
import { ago, avatar, lasted, pipelineBadge } from './parts.ts';

/** The start page's part: every project with its newest pipelines. */
export function homePart(world: World): Html {
  return html`<section class="head"><div class="headline"><h1>Projects</h1></div></section>
<div class="projects">${world.projects.map((project) => card(world, project))}</div>`;
}

/** A project's part: all of its pipelines that are still interesting. */
export function projectPart(world: World, project: Project): Html {
  return html`<section class="head"><div class="headline"><h1>${project.ci.path}</h1></div>
  <p class="facts"><span>${project.description}</span></p></section>
${requestsCard(world, project)}
${hasPipelines(world, project) && html`<section class="card"><h2>Pipelines</h2>${pipelineList(world, project, 50)}</section>`}${flagsTable(project)}`;
}

function card(world: World, project: Project): Html {
  return html`<section class="card"><h2><a href="/${project.ci.path}">${project.ci.path}</a></h2>
  <p>${project.description}</p>${newest(world, project)}</section>`;
}

/** What one comes for: the merge requests of a project that has any, else its pipelines. */
function newest(world: World, project: Project): Html {
  return mergeRequestList(world, project, 5) || pipelineList(world, project, 5);
}

/** A project without a CI file has no pipelines to wait for. */
function hasPipelines(world: World, { ci }: Project): boolean {
  const files = ci.at(ci.defaultBranch)?.files;
  return (files?.has(ci.ciConfigPath) ?? false) || world.ci.pipelines(ci.id).length > 0;
}

function requestsCard(world: World, project: Project): Html | false {
  const list = mergeRequestList(world, project, 20);
  const files = `/${project.ci.path}/-/tree/${project.ci.defaultBranch}`;
  return (
    list &&
    html`<section class="card"><div class="card-title"><h2>Merge requests</h2><a href="${files}">Files</a></div>${list}</section>`
  );
}

function pipelineList(world: World, project: Project, most: number): Html {
  const pipelines = world.ci.pipelines(project.ci.id).slice(0, most);
  if (pipelines.length === 0) return html`<p class="empty">No pipeline has run yet.</p>`;
  return html`<ul class="pipelines">${pipelines.map((pipeline) => row(world, project, pipeline))}</ul>`;
}

function row(world: World, project: Project, pipeline: Pipeline): Html {
  const name = pipelineName(world, pipeline) ?? `Pipeline #${pipeline.id}`;
  return html`<li><a href="/${project.ci.path}/-/pipelines/${pipeline.id}">${pipelineBadge(pipeline)}
  <span class="what"><b>${name}</b><small>#${pipeline.id} · ${[ago(pipeline.createdAt, world.now()), lasted(pipeline, world.now())].filter(Boolean).join(' · ')}</small></span>
  ${avatar(pipeline.user)}</a></li>`;
}

function flagsTable(project: Project): Html | false {
  const flags = [...project.flags.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.length === 0) return false;
  const environments = (flag: (typeof flags)[number]): string =>
    flag.strategies
      .flatMap(({ scopes }) =>
        scopes.map(({ environment_scope: where }) => (where === '*' ? 'everywhere' : where)),
      )
      .join(', ');
  return html`<section class="card"><h2>Feature flags</h2><table class="flags">
  <tr><th>Flag</th><th>State</th><th>Environments</th></tr>
  ${flags.map(
    (flag) => html`<tr><th scope="row"><code>${flag.name}</code><small>${flag.description}</small></th>
    <td>${flag.active ? html`<span class="badge success">On</span>` : html`<span class="badge skipped">Off</span>`}</td><td>${environments(flag)}</td></tr>`,
  )}
  </table></section>`;
}
