import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Exchanges } from './exchanges.ts';
import { limits } from './limits.ts';
import type { PageEvents } from './page-events.ts';
import { findPress, press } from './pressing.ts';
import { refuseStranger } from './same-site.ts';
import { people, app as slackApp, team } from './seed.ts';
import { isRecord } from './shape.ts';
import type { Channel, Person, Press, State, Typed } from './types.ts';
import { type AppSide, type as typeText } from './typing.ts';

/** What the page's routes need. */
export interface PageParts {
  readonly appSide: AppSide;
  readonly exchanges: Exchanges;
  readonly events: PageEvents;
  readonly links: State['links'];
  readonly suggestions: State['suggestions'];
  /** Lets work go on after the page has its answer. */
  readonly inBackground: (work: Promise<void>) => void;
}

interface Place {
  readonly person: Person;
  readonly channel: Channel;
}

/** Serves `/sandbox/…` to the sandbox's own page: state, events, typing, pressing; refusals are JSON `{ error }` with a sentence. */
export async function registerPage(app: FastifyInstance, parts: PageParts): Promise<void> {
  const { workspace } = parts.appSide;
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    const refusal = refuseStranger(request.headers);
    if (refusal !== null) return refuse(reply, 403, refusal);
  });
  app.get<{ Querystring: { as?: unknown } }>('/sandbox/state', async (request, reply) => {
    const person = workspace.person(String(request.query.as));
    return person === undefined ? refuse(reply, 404, 'no such person') : reply.send(stateFor(parts, person));
  });
  app.get<{ Querystring: { as?: unknown } }>('/sandbox/events', async (request, reply) => {
    const person = workspace.person(String(request.query.as));
    if (person === undefined) return refuse(reply, 404, 'no such person');
    reply.hijack();
    parts.events.open(reply.raw, person.id);
  });
  app.post('/sandbox/type', async (request, reply) => typeRoute(parts, request.body, reply));
  app.post('/sandbox/press', async (request, reply) => pressRoute(parts, request.body, reply));
}

function typeRoute(parts: PageParts, body: unknown, reply: FastifyReply): FastifyReply {
  const typed = asTyped(body);
  if (typed === null) return refuse(reply, 400, 'say as, channel and text, each a string');
  if (typed.text.trim() === '') return refuse(reply, 400, 'the text is empty');
  if (typed.text.length > limits.typedText)
    return refuse(reply, 400, `the text has over ${limits.typedText} characters`);
  const place = placeOf(parts, typed);
  if (place === null) return refuse(reply, 403, 'this person is not in this channel');
  parts.inBackground(typeText(parts.appSide, place.person, place.channel, typed.text));
  return reply.code(204).send();
}

function pressRoute(parts: PageParts, body: unknown, reply: FastifyReply): FastifyReply {
  const pressed = asPress(body);
  if (pressed === null) return refuse(reply, 400, 'say as, channel, ts, blockId and actionId, each a string');
  const place = placeOf(parts, pressed);
  if (place === null) return refuse(reply, 403, 'this person is not in this channel');
  const known = findPress(parts.appSide, place.person, place.channel, pressed);
  if (known === null) return refuse(reply, 404, 'there is no such button here');
  parts.inBackground(press(parts.appSide, place.person, place.channel, known));
  return reply.code(204).send();
}

function stateFor(parts: PageParts, person: Person): State {
  const { workspace } = parts.appSide;
  return {
    team: { id: team.id, name: team.name },
    app: { userId: slackApp.userId, name: slackApp.name, command: slackApp.command },
    people,
    channels: workspace.channelsOf(person.id),
    messages: workspace.visibleTo(person.id),
    exchanges: parts.exchanges.visible((audience) => workspace.sees(person.id, audience)),
    suggestions: parts.suggestions,
    links: parts.links,
  };
}

function placeOf(parts: PageParts, where: { as: string; channel: string }): Place | null {
  const person = parts.appSide.workspace.person(where.as);
  const channel = parts.appSide.workspace.channel(where.channel);
  if (person === undefined || channel === undefined || !channel.members.includes(person.id)) return null;
  return { person, channel };
}

function asTyped(body: unknown): Typed | null {
  if (!isRecord(body)) return null;
  const { as, channel, text } = body;
  if (typeof as !== 'string' || typeof channel !== 'string' || typeof text !== 'string') return null;
  return { as, channel, text };
}

function asPress(body: unknown): Press | null {
  if (!isRecord(body)) return null;
  const { as, channel, ts, blockId, actionId, option } = body;
  if (typeof as !== 'string' || typeof channel !== 'string' || typeof ts !== 'string') return null;
  if (typeof blockId !== 'string' || typeof actionId !== 'string') return null;
  return { as, channel, ts, blockId, actionId, ...(typeof option === 'string' ? { option } : {}) };
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}
