import type { FastifyRequest } from 'fastify';
import { codeOf, errorCodes } from '../core/errors.ts';
import type { Incoming } from '../core/invocation.ts';
import type { Reply } from '../core/reply.ts';
import type { CommandGateway } from './chat-endpoint.ts';
import { routeOf } from './problem.ts';
import { notAccepted, perhapsAccepted, wentWrong } from './told.ts';

/** What became of a wanted request. `status` is the HTTP status that says the same. */
export type Outcome =
  | { readonly outcome: 'replayed' }
  | { readonly outcome: 'answered'; readonly status: 200 | 503; readonly reply: Reply | null };

/** What is needed to bring a request to its outcome. */
export interface Bringing {
  readonly gateway: CommandGateway;
  readonly firstTime: (key: string, ttlMs: number) => Promise<boolean>;
  readonly request: FastifyRequest;
  readonly incoming: Exclude<Incoming, { kind: 'ignored' }>;
}

/** Twice the window in which a signature is taken: a request is forgotten only when it is long stale. */
const rememberMs = 600_000;

/** Brings a verified request to the gateway unless it came before. Never rejects: what failed is told in words. */
export async function outcomeOf(bringing: Bringing, replayKey: string): Promise<Outcome> {
  const { gateway, firstTime, incoming, request } = bringing;
  try {
    if (!(await firstTime(replayKey, rememberMs))) return { outcome: 'replayed' };
    const reply =
      incoming.kind === 'press'
        ? await gateway.press(incoming.press)
        : await gateway.receive(incoming.invocation);
    return { outcome: 'answered', status: 200, reply };
  } catch (thrown) {
    return failure(request, thrown);
  }
}

function failure(request: FastifyRequest, thrown: unknown): Outcome {
  const code = codeOf(thrown);
  const fields = { code, route: routeOf(request), err: thrown };
  if (code === 'accept.unknown') {
    request.log.error(fields, 'not known whether a command was accepted');
    return { outcome: 'answered', status: 503, reply: perhapsAccepted(request.id) };
  }
  if (errorCodes[code].status === 503) {
    request.log.error(fields, 'command not accepted: nothing was done');
    return { outcome: 'answered', status: 503, reply: notAccepted(request.id) };
  }
  request.log.error(fields, 'command failed inside the gateway');
  return { outcome: 'answered', status: 200, reply: wentWrong(request.id) };
}
