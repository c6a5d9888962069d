import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { chatMethods } from './chat-methods.ts';
import type { Exchanges } from './exchanges.ts';
import { parseJson } from './json.ts';
import { type Args, failure, type MethodAnswer, parseArgs, textArg } from './methods.ts';
import type { TakePlace } from './rate.ts';
import { readingMethods } from './reading-methods.ts';
import { isRecord } from './shape.ts';
import type { Audience, Workspace } from './workspace.ts';

/** What the Web API needs; `now` in milliseconds. */
export interface WebApiParts {
  readonly workspace: Workspace;
  readonly exchanges: Exchanges;
  readonly botToken: string;
  readonly takePlace: TakePlace;
  readonly now: () => number;
  /** This Slack's own address. */
  readonly ownUrl: () => string;
}

interface Reply {
  readonly status: number;
  readonly answer: MethodAnswer;
  readonly args: Args;
  readonly retryAfter?: number;
}

const scopes = 'commands,chat:write,users:read,users:read.email,channels:read,groups:read,im:write,team:read';

/** Serves `/api/<method>` as https://slack.com/api/ does: 200 with `ok: false` for logical errors, 429 with `Retry-After` when too fast. */
export async function registerWebApi(app: FastifyInstance, parts: WebApiParts): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.route<{ Params: { method: string } }>({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: async (request, reply) => {
      const at = parts.now();
      const { method } = request.params;
      const outcome = call(parts, method, request);
      record(parts, method, at, outcome);
      if (outcome.retryAfter !== undefined) reply.header('retry-after', String(outcome.retryAfter));
      reply.headers({ 'x-oauth-scopes': scopes, 'x-accepted-oauth-scopes': scopes });
      return reply.code(outcome.status).send(outcome.answer);
    },
  });
}

function call(parts: WebApiParts, name: string, request: FastifyRequest): Reply {
  const body = typeof request.body === 'string' ? request.body : '';
  const query = isRecord(request.query) ? request.query : {};
  const parsed = parseArgs(request.headers['content-type'] ?? '', body, query);
  const args = parsed.ok ? parsed.args : {};
  const methods = { ...readingMethods(parts.ownUrl()), ...chatMethods };
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return { status: 200, answer: failure('unknown_method'), args };
  if (!parsed.ok) return { status: 200, answer: failure(parsed.error), args };
  const refusal = refuseCaller(request.headers.authorization, args, parts.botToken);
  if (refusal !== null) return { status: 200, answer: failure(refusal), args };
  const wait = limited.has(name) ? parts.takePlace(`${name} ${textArg(args, 'channel')}`) : 0;
  if (wait > 0) return { status: 429, answer: failure('ratelimited'), args, retryAfter: wait };
  return { status: 200, answer: method(args, parts.workspace), args };
}

const limited = new Set(['chat.postMessage', 'chat.postEphemeral', 'chat.update']);

function refuseCaller(authorization: string | undefined, args: Args, botToken: string): string | null {
  const header = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const token = header ?? textArg(args, 'token');
  if (token === '') return 'not_authed';
  const [given, wanted] = [Buffer.from(token), Buffer.from(botToken)];
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? null : 'invalid_auth';
}

function record(parts: WebApiParts, method: string, at: number, reply: Reply): void {
  const { token: _token, ...args } = reply.args;
  parts.exchanges.record(
    {
      at,
      direction: 'from app',
      what: method,
      status: reply.status,
      milliseconds: parts.now() - at,
      note: reply.answer.ok ? 'ok' : String(reply.answer.error),
      request: JSON.stringify(readable(args), null, 2),
      response: JSON.stringify(reply.answer, null, 2),
    },
    audienceOf(method, args, parts.workspace),
  );
}

/** Blocks of a form come as JSON in a string; shown as what they say. */
function readable(args: Args): Args {
  const blocks = typeof args.blocks === 'string' ? parseJson(args.blocks) : undefined;
  return blocks === undefined ? args : { ...args, blocks };
}

function audienceOf(method: string, args: Args, workspace: Workspace): Audience {
  const channel = textArg(args, 'channel');
  if (workspace.person(channel) !== undefined) return { channel: null, person: channel };
  const person = method === 'chat.postEphemeral' ? textArg(args, 'user') || null : null;
  return { channel: workspace.channel(channel) === undefined ? null : channel, person };
}
