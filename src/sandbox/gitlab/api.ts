import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorFor, requireScope } from './access.ts';
import { type Fields, isRecord, parseForm } from './form.ts';
import { createRateLimit, rateLimitHeaders } from './rate-limit.ts';
import { badRequest, Refusal } from './refusal.ts';
import type { Actor, Answer, Call, Route } from './route.ts';
import { accountRoutes } from './routes/account.ts';
import { branchRoutes } from './routes/branches.ts';
import { commitRoutes } from './routes/commits.ts';
import { environmentRoutes } from './routes/environments.ts';
import { fileRoutes } from './routes/files.ts';
import { flagRoutes } from './routes/flags.ts';
import { hookRoutes } from './routes/hooks.ts';
import { jobRoutes } from './routes/jobs.ts';
import { mergeRequestRoutes } from './routes/merge-requests.ts';
import { noteRoutes } from './routes/notes.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { projectRoutes } from './routes/projects.ts';
import { startingRoutes } from './routes/starting.ts';
import { statusRoutes } from './routes/statuses.ts';
import { treeRoutes } from './routes/tree.ts';
import type { World } from './world.ts';

/** One API request that was answered, for tests that count what was asked. */
export interface ApiRequest {
  readonly at: number;
  readonly method: string;
  /** Path and query, with the values of `token` left out. */
  readonly url: string;
  readonly status: number;
}

const routes: readonly Route[] = [
  ...accountRoutes,
  ...projectRoutes,
  ...fileRoutes,
  ...treeRoutes,
  ...branchRoutes,
  ...commitRoutes,
  ...mergeRequestRoutes,
  ...noteRoutes,
  ...statusRoutes,
  ...startingRoutes,
  ...pipelineRoutes,
  ...jobRoutes,
  ...flagRoutes,
  ...hookRoutes,
  ...environmentRoutes,
];

/** Adds every endpoint below `/api/v4` to the server; `seen` hears of each request. */
export function addApi(app: FastifyInstance, world: World, seen: (request: ApiRequest) => void): void {
  const count = createRateLimit(world.now, world.limits.requestsPerMinute);
  const note = (request: FastifyRequest, status: number): void => {
    const url = request.url.replace(/([?&]token=)[^&]*/g, '$1***');
    seen({ at: world.now(), method: request.method, url, status });
  };
  for (const route of routes) {
    app.route({
      method: route.method,
      url: `/api/v4${route.url}`,
      exposeHeadRoute: false,
      handler: (request, reply) => {
        const answer = guarded(() => answerTo(world, route, count, request, reply));
        note(request, answer.status);
        return send(reply, answer);
      },
    });
  }
  app.all('/api/v4/*', (request, reply) => {
    note(request, 404);
    return send(reply, { status: 404, body: { error: '404 Not Found' } });
  });
}

/** A Refusal as an answer; anything else thrown is a fault of the sandbox and goes on. */
function guarded(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: error.body };
  }
}

type Count = ReturnType<typeof createRateLimit>;

function answerTo(
  world: World,
  route: Route,
  count: Count,
  request: FastifyRequest,
  reply: FastifyReply,
): Answer {
  const actor = route.token === 'none' ? undefined : actorFor(world, request.headers);
  const tally = count(actor ? `user ${actor.user.id}` : `ip ${request.ip}`);
  reply.headers(rateLimitHeaders(tally));
  if (tally.exceeded) return { status: 429, body: 'Retry later\n' };
  if (actor) requireScope(actor, route.method);
  return route.answer(callOf(world, actor, request));
}

function callOf(world: World, actor: Actor | undefined, request: FastifyRequest): Call {
  const url = new URL(request.url, world.serverUrl());
  const query = parseForm(url.search.slice(1));
  const body = bodyFields(request.body);
  return {
    world,
    // Routes that authenticate by themselves never look at the actor.
    actor: actor ?? nobody,
    path: textParams(request.params),
    fields: { ...query, ...body },
    headers: request.headers,
    url,
  };
}

const nobody: Actor = {
  user: { id: 0, username: 'nobody', name: 'Nobody', email: '', bot: false, title: '' },
  token: { id: 0, token: '', name: '', userId: 0, scopes: [], expiresAt: '9999-12-31', createdAt: 0 },
};

function bodyFields(body: unknown): Fields {
  if (body === undefined || body === null) return {};
  if (!isRecord(body)) throw badRequest('The body must be an object');
  return body;
}

function textParams(params: unknown): Record<string, string> {
  if (!isRecord(params)) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.status === 204) return reply.send();
  if (typeof answer.body !== 'string') {
    return reply.type('application/json').send(JSON.stringify(answer.body));
  }
  if (!reply.hasHeader('content-type')) reply.type('text/plain; charset=utf-8');
  return reply.send(answer.body);
}
