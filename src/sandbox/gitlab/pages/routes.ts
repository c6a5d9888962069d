import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Project, projectOf, type User, userOf, type World } from '../world.ts';
import { addActions } from './actions.ts';
import { blobPart, commitPart, treePart } from './code/pages.ts';
import { type Html, html } from './html.ts';
import { jobPart } from './job-page.ts';
import { type Frame, layout } from './layout.ts';
import { homePart, projectPart } from './list-page.ts';
import { addMergeRequestActions } from './merge-requests/actions.ts';
import { editPart } from './merge-requests/edit-page.ts';
import { mergeRequestsPart } from './merge-requests/list.ts';
import { mergeRequestPart } from './merge-requests/page.ts';
import { pipelinePart } from './pipeline-page.ts';
import { textsOf } from './pressing.ts';
import { addWebFiles, sendPage } from './sending.ts';
import { cast, visitorOf } from './visitor.ts';

/** A page: what it is called, where it stands, and the part that renews itself. */
interface Page {
  readonly title: string;
  readonly trail: Frame['trail'];
  readonly part: Html;
}

type Texts = Readonly<Record<string, string>>;

type Find = (world: World, params: Texts, visitor: User) => Page | undefined;

/** `still` pages do not renew themselves: nothing of theirs changes, or somebody writes in them. */
const pages: readonly { readonly url: string; readonly find: Find; readonly still?: true }[] = [
  { url: '/', find: (world) => ({ title: 'Sandbox CI', trail: [], part: homePart(world) }) },
  { url: '/:group/:project', find: projectPage },
  { url: '/:group/:project/-/pipelines', find: projectPage },
  { url: '/:group/:project/-/pipelines/:id', find: pipelinePage },
  { url: '/:group/:project/-/jobs/:id', find: jobPage },
  { url: '/:group/:project/-/merge_requests', find: mergeRequestsPage },
  { url: '/:group/:project/-/merge_requests/:id', find: mergeRequestPage },
  { url: '/:group/:project/-/merge_requests/:id/edit', find: editPage, still: true },
  { url: '/:group/:project/-/tree/*', find: codePage(treePart), still: true },
  { url: '/:group/:project/-/blob/*', find: codePage(blobPart), still: true },
  { url: '/:group/:project/-/commit/:sha', find: commitPage, still: true },
];

/** Adds the web pages, their buttons and their style to the server. */
export function addPages(app: FastifyInstance, world: World): void {
  addWebFiles(app);
  addActions(app, world);
  addMergeRequestActions(app, world);
  for (const { url, find, still } of pages) {
    const found = (request: FastifyRequest): Page | undefined => {
      const params = { ...textsOf(request.query), ...textsOf(request.params) };
      return find(world, params, visitorOf(world, request.headers.cookie));
    };
    app.get(url, (request, reply) => {
      const page = found(request);
      const around = frame(world, request, page, still);
      return sendPage(reply, page ? 200 : 404, layout(around, page?.part ?? missing()));
    });
    if (still) continue;
    app.get(url === '/' ? '/-/live' : `${url}/live`, (request, reply) => {
      const page = found(request);
      return reply
        .code(page ? 200 : 404)
        .header('cache-control', 'no-store')
        .send({ html: page?.part.markup ?? '' });
    });
  }
  app.setNotFoundHandler((request, reply) =>
    sendPage(reply, 404, layout(frame(world, request, undefined), missing())),
  );
}

function frame(world: World, request: FastifyRequest, page: Page | undefined, still = false): Frame {
  const here = new URL(request.url, world.serverUrl()).pathname;
  const shared = {
    people: cast.map((id) => userOf(world, id)),
    visitor: visitorOf(world, request.headers.cookie),
    here: page ? here : '/',
  };
  if (!page) return { ...shared, title: 'Not found', trail: [] };
  if (still) return { ...shared, title: page.title, trail: page.trail };
  const live = here === '/' ? '/-/live' : `${here.replace(/\/$/, '')}/live`;
  return { ...shared, title: page.title, trail: page.trail, live };
}

function missing(): Html {
  return html`<section class="head"><div class="headline"><h1>There is nothing here</h1></div>
  <p class="facts"><a href="/">All projects</a></p></section>`;
}

function projectIn(world: World, params: Texts): Project | undefined {
  return projectOf(world, `${params.group}/${params.project}`);
}

function projectTrail(project: Project): Frame['trail'] {
  return [[project.ci.path, `/${project.ci.path}`]];
}

function projectPage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  if (!project) return undefined;
  return { title: project.ci.path, trail: projectTrail(project), part: projectPart(world, project) };
}

function pipelinePage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  const pipeline = world.ci.pipeline(Number(params.id));
  if (!project || pipeline?.projectId !== project.ci.id) return undefined;
  const title = `Pipeline #${pipeline.id} · ${project.ci.path}`;
  return { title, trail: projectTrail(project), part: pipelinePart(world, project, pipeline) };
}

function jobPage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  const job = world.ci.job(Number(params.id));
  const pipeline = job && world.ci.pipeline(job.pipelineId);
  if (!project || !pipeline || job.projectId !== project.ci.id) return undefined;
  const above = `/${project.ci.path}/-/pipelines/${pipeline.id}`;
  return {
    title: `${job.name} · ${project.ci.path}`,
    trail: [...projectTrail(project), [`#${pipeline.id}`, above]],
    part: jobPart(world, project, pipeline, job),
  };
}

function mergeRequestsPage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  if (!project) return undefined;
  const title = `Merge requests · ${project.ci.path}`;
  return { title, trail: projectTrail(project), part: mergeRequestsPart(world, project) };
}

function requestTrail(project: Project): Frame['trail'] {
  return [...projectTrail(project), ['Merge requests', `/${project.ci.path}/-/merge_requests`]];
}

function mergeRequestPage(world: World, params: Texts, visitor: User): Page | undefined {
  const project = projectIn(world, params);
  const one = project?.mergeRequests.get(Number(params.id));
  if (!project || !one) return undefined;
  const part = mergeRequestPart(world, project, one, visitor);
  return { title: `${one.title} · !${one.iid}`, trail: requestTrail(project), part };
}

function editPage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  const one = project?.mergeRequests.get(Number(params.id));
  const part = project && one && editPart(project, one, params.path);
  if (!part) return undefined;
  const above = `/${project.ci.path}/-/merge_requests/${one.iid}`;
  return { title: `Edit · !${one.iid}`, trail: [...requestTrail(project), [`!${one.iid}`, above]], part };
}

function codePage(partOf: (project: Project, place: string) => Html | undefined): Find {
  return (world, params) => {
    const project = projectIn(world, params);
    const place = params['*'] ?? '';
    const part = project && partOf(project, place);
    return part && { title: `${place} · ${project.ci.path}`, trail: projectTrail(project), part };
  };
}

function commitPage(world: World, params: Texts): Page | undefined {
  const project = projectIn(world, params);
  const part = project && commitPart(world, project, params.sha ?? '');
  return (
    part && { title: `${params.sha?.slice(0, 8)} · ${project.ci.path}`, trail: projectTrail(project), part }
  );
}
