import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isRecord } from '../form.ts';
import { type Project, projectOf, userOf, type World } from '../world.ts';
import { addActions } from './actions.ts';
import { type Html, html } from './html.ts';
import { jobPart } from './job-page.ts';
import { type Frame, layout } from './layout.ts';
import { homePart, projectPart } from './list-page.ts';
import { pipelinePart } from './pipeline-page.ts';
import { addWebFiles, sendPage } from './sending.ts';
import { cast, visitorOf } from './visitor.ts';

/** A page: what it is called, where it stands, and the part that renews itself. */
interface Page {
  readonly title: string;
  readonly trail: Frame['trail'];
  readonly part: Html;
}

type Find = (world: World, params: Readonly<Record<string, string>>) => Page | undefined;

const pages: readonly { readonly url: string; readonly find: Find }[] = [
  { url: '/', find: (world) => ({ title: 'Sandbox CI', trail: [], part: homePart(world) }) },
  { url: '/:group/:project', find: projectPage },
  { url: '/:group/:project/-/pipelines', find: projectPage },
  { url: '/:group/:project/-/pipelines/:id', find: pipelinePage },
  { url: '/:group/:project/-/jobs/:id', find: jobPage },
];

/** Adds the web pages, their buttons and their style to the server. */
export function addPages(app: FastifyInstance, world: World): void {
  addWebFiles(app);
  addActions(app, world);
  for (const { url, find } of pages) {
    const liveUrl = url === '/' ? '/-/live' : `${url}/live`;
    app.get(url, (request, reply) => {
      const page = find(world, textsOf(request.params));
      return sendPage(reply, page ? 200 : 404, layout(frame(world, request, page), page?.part ?? missing()));
    });
    app.get(liveUrl, (request, reply) => {
      const page = find(world, textsOf(request.params));
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

function frame(world: World, request: FastifyRequest, page: Page | undefined): Frame {
  const here = new URL(request.url, world.serverUrl()).pathname;
  const shared = {
    people: cast.map((id) => userOf(world, id)),
    visitor: visitorOf(world, request.headers.cookie),
    here: page ? here : '/',
  };
  if (!page) return { ...shared, title: 'Not found', trail: [] };
  const live = here === '/' ? '/-/live' : `${here.replace(/\/$/, '')}/live`;
  return { ...shared, title: page.title, trail: page.trail, live };
}

function missing(): Html {
  return html`<section class="head"><div class="headline"><h1>There is nothing here</h1></div>
  <p class="facts"><a href="/">All projects</a></p></section>`;
}

function projectIn(world: World, params: Readonly<Record<string, string>>): Project | undefined {
  return projectOf(world, `${params.group}/${params.project}`);
}

function projectTrail(project: Project): Frame['trail'] {
  return [[project.ci.path, `/${project.ci.path}`]];
}

function projectPage(world: World, params: Readonly<Record<string, string>>): Page | undefined {
  const project = projectIn(world, params);
  if (!project) return undefined;
  return { title: project.ci.path, trail: projectTrail(project), part: projectPart(world, project) };
}

function pipelinePage(world: World, params: Readonly<Record<string, string>>): Page | undefined {
  const project = projectIn(world, params);
  const pipeline = world.ci.pipeline(Number(params.id));
  if (!project || pipeline?.projectId !== project.ci.id) return undefined;
  const title = `Pipeline #${pipeline.id} · ${project.ci.path}`;
  return { title, trail: projectTrail(project), part: pipelinePart(world, project, pipeline) };
}

function jobPage(world: World, params: Readonly<Record<string, string>>): Page | undefined {
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

/** The path parameters of a request, as texts. */
function textsOf(params: unknown): Record<string, string> {
  if (!isRecord(params)) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
