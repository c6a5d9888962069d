import type { FastifyInstance, FastifyRequest } from 'fastify';
import { level, levelIn, type Project, projectOf, userOf, type World } from '../world.ts';
import { type Pressed, refuse, textsOf } from './pressing.ts';
import { cast, fromOwnPage, visitorCookie, visitorOf } from './visitor.ts';

type Act = (world: World, project: Project, id: number) => Pressed;

const actions: readonly { readonly url: string; readonly act: Act }[] = [
  {
    url: 'pipelines/:id/cancel',
    act: (world, project, id) => onPipeline(world, project, id, world.ci.cancel),
  },
  { url: 'pipelines/:id/retry', act: (world, project, id) => onPipeline(world, project, id, world.ci.retry) },
  {
    url: 'jobs/:id/play',
    act: (world, project, id) => onJob(world, project, id, (it) => world.ci.play(it, [])),
  },
  { url: 'jobs/:id/cancel', act: (world, project, id) => onJob(world, project, id, world.ci.cancelJob) },
  { url: 'jobs/:id/retry', act: (world, project, id) => onJob(world, project, id, world.ci.retryJob) },
];

/** Adds what the pages' buttons post to: playing, cancelling and retrying, and the switch between people. */
export function addActions(app: FastifyInstance, world: World): void {
  for (const { url, act } of actions) {
    app.post(`/:group/:project/-/${url}`, (request, reply) => {
      const pressed = press(world, request, act);
      return pressed.ok ? reply.redirect(pressed.next, 303) : refuse(world, request, reply, pressed.error);
    });
  }
  app.post('/-/person/:username', (request, reply) => {
    const { username = '' } = textsOf(request.params);
    const user = cast.map((id) => userOf(world, id)).find((one) => one.username === username);
    if (!user || !fromOwnPage(request.headers)) return refuse(world, request, reply, 'Nobody of that name');
    return reply.header('set-cookie', visitorCookie(user)).redirect(ownPath(textsOf(request.body).back), 303);
  });
}

function press(world: World, request: FastifyRequest, act: Act): Pressed {
  if (!fromOwnPage(request.headers))
    return { ok: false, error: 'This was not pressed on a page of the sandbox' };
  const { group, project: name, id } = textsOf(request.params);
  const project = projectOf(world, `${group}/${name}`);
  if (!project) return { ok: false, error: 'There is no such project' };
  const visitor = visitorOf(world, request.headers.cookie);
  if (levelIn(project, visitor.id) < level.developer) {
    const who = `${visitor.name} may look at ${project.ci.path}, but not start or stop anything there`;
    return { ok: false, error: `${who}. That takes the role Developer.` };
  }
  return act(world, project, Number(id));
}

function onPipeline(world: World, project: Project, id: number, act: World['ci']['cancel']): Pressed {
  if (world.ci.pipeline(id)?.projectId !== project.ci.id)
    return { ok: false, error: 'There is no such pipeline' };
  const done = act(id);
  return done.ok ? { ok: true, next: `/${project.ci.path}/-/pipelines/${id}` } : done;
}

/** After a press on a job one looks at that job; a retried one has a new id. */
function onJob(world: World, project: Project, id: number, act: World['ci']['cancelJob']): Pressed {
  const job = world.ci.job(id);
  if (job?.projectId !== project.ci.id) return { ok: false, error: 'There is no such job' };
  const done = act(id);
  if (!done.ok) return done;
  const next = done.value.kind === 'job' ? `jobs/${done.value.id}` : `pipelines/${done.value.pipelineId}`;
  return { ok: true, next: `/${project.ci.path}/-/${next}` };
}

/** A path on this server, whatever the form said: never another host. */
function ownPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\w\-./]*$/.test(path) ? path : '/';
}
