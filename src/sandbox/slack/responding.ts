import type { FastifyInstance } from 'fastify';
import { type Content, isEmpty, parseContent } from './content.ts';
import type { Exchanges } from './exchanges.ts';
import { parseJson } from './json.ts';
import type { Grant, ResponseUrls } from './response-urls.ts';
import { app as slackApp } from './seed.ts';
import type { Audience, Workspace } from './workspace.ts';

/** What the response_url routes need. */
export interface RespondingParts {
  readonly workspace: Workspace;
  readonly responseUrls: ResponseUrls;
  readonly exchanges: Exchanges;
  readonly now: () => number;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly audience: Audience;
}

/** Serves `POST /commands/…` and `POST /actions/…`: JSON in, `ok` out, or a status from 400 with Slack's error word. */
export async function registerResponding(app: FastifyInstance, parts: RespondingParts): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/:kind(commands|actions)/:team/:id/:secret', async (request, reply) => {
    const at = parts.now();
    const body = typeof request.body === 'string' ? request.body : '';
    const answer = respond(parts, request.url, request.headers['content-type'] ?? '', body);
    parts.exchanges.record(
      {
        at,
        direction: 'from app',
        what: 'response_url',
        status: answer.status,
        milliseconds: parts.now() - at,
        note: answer.body,
        request: `POST ${request.url}\n${body}`,
        response: answer.body,
      },
      answer.audience,
    );
    return reply.code(answer.status).type('text/plain; charset=utf-8').send(answer.body);
  });
}

function respond(parts: RespondingParts, path: string, contentType: string, body: string): Reply {
  const redeemed = parts.responseUrls.redeem(path);
  if (!redeemed.ok) return { status: 404, body: redeemed.error, audience: { channel: null, person: null } };
  const { grant, spend } = redeemed;
  const forPerson = { channel: grant.channel, person: grant.person };
  const refused = (status: number, error: string) => ({ status, body: error, audience: forPerson });
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return refused(400, 'invalid_payload');
  const parsed = parseContent(parseJson(body));
  if (!parsed.ok) return refused(400, [parsed.error, ...parsed.messages].join('\n'));
  const error = show(parts.workspace, grant, parsed.content);
  if (error !== null) return refused(error === 'message_not_found' ? 404 : 400, error);
  spend();
  return {
    status: 200,
    body: 'ok',
    audience: parsed.content.inChannel ? { ...forPerson, person: null } : forPerson,
  };
}

/** Puts the content where it belongs; answers Slack's error word, or null when it was done. */
function show(workspace: Workspace, grant: Grant, content: Content): string | null {
  if (grant.original !== null && (content.replaceOriginal || content.deleteOriginal)) {
    return changeOriginal(workspace, grant.channel, grant.original, content);
  }
  if (isEmpty(content)) return 'no_text';
  workspace.add({
    channel: grant.channel,
    from: 'app',
    user: slackApp.userId,
    text: content.text,
    blocks: content.blocks,
    threadTs: content.threadTs,
    onlyFor: content.inChannel ? null : grant.person,
  });
  return null;
}

function changeOriginal(workspace: Workspace, channel: string, ts: string, content: Content): string | null {
  const original = workspace.find(channel, ts);
  if (original === undefined) return 'message_not_found';
  if (content.deleteOriginal) {
    workspace.remove(original);
    return null;
  }
  if (isEmpty(content)) return 'no_text';
  workspace.edit(original, content.text, content.blocks);
  return null;
}
