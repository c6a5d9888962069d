import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRecord } from '../form.ts';
import { userOf, type World } from '../world.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { sendPage } from './sending.ts';
import { cast, visitorOf } from './visitor.ts';

/** What became of a press: where to go on, or why it was refused. */
export type Pressed =
  | { readonly ok: true; readonly next: string }
  | { readonly ok: false; readonly error: string };

/** The page that says why a press was refused, with the way back. */
export function refuse(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  error: string,
): FastifyReply {
  const here = new URL(request.url, world.serverUrl()).pathname;
  // The address of a press is its thing's address with the verb behind it.
  const back = here.startsWith('/-/') ? '/' : here.replace(/\/[a-z]+$/, '');
  const part = html`<section class="head"><div class="headline"><h1>That was refused</h1></div>
  <p class="facts">${error}</p><p><a href="${back}">Back</a></p></section>`;
  const people = cast.map((id) => userOf(world, id));
  const visitor = visitorOf(world, request.headers.cookie);
  return sendPage(reply, 403, layout({ title: 'Refused', trail: [], people, visitor, here: back }, part));
}

/** Fields of a path, query or form as texts. */
export function textsOf(fields: unknown): Record<string, string> {
  if (!isRecord(fields)) return {};
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
