import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Incoming } from '../core/invocation.ts';
import type { ChatEndpoint, CommandGateway } from './chat-endpoint.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { patiently } from './patience.ts';
import { rawOf } from './raw.ts';
import { withRawBodies } from './raw-routes.ts';
import type { Surroundings } from './surroundings.ts';
import { tell } from './tell.ts';
import { workingOnIt } from './told.ts';

/** What the routes of all chat apps need. */
export interface ChatRoutes {
  /** An app without a verifier is not in the list and has no route. */
  readonly endpoints: readonly ChatEndpoint[];
  readonly gateway: CommandGateway;
  /** True the first time a key is seen, false again until `ttlMs` have passed. */
  readonly firstTime: (key: string, ttlMs: number) => Promise<boolean>;
  /** Milliseconds until a command is answered, whatever happens: under the 3 s that Slack waits. */
  readonly answerWithinMs: number;
  /** Bytes of a request's body. */
  readonly bodyLimit: number;
}

type Wanted = Exclude<Incoming, { kind: 'ignored' }>;

/** One wanted request on its way to the gateway. */
interface Turn extends Surroundings {
  readonly endpoint: ChatEndpoint;
  readonly routes: ChatRoutes;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly incoming: Wanted;
}

/** Declares the routes of every chat app. */
export function registerChat(app: FastifyInstance, routes: ChatRoutes, surroundings: Surroundings): void {
  const rule = { type: 'application/x-www-form-urlencoded', limit: routes.bodyLimit } as const;
  for (const endpoint of routes.endpoints) {
    const take = taking(endpoint, routes, surroundings);
    withRawBodies(app, rule, surroundings.refuse, (scope) => {
      scope.post(endpoint.commandsPath, (request, reply) => take(request, reply, 'commands'));
      scope.post(endpoint.interactionsPath, (request, reply) => take(request, reply, 'interactions'));
      scope.get(endpoint.commandsPath, (request, reply) => {
        const rawBody = Buffer.from(request.url.split('?')[1] ?? '');
        if (endpoint.isHandshake({ rawBody, headers: request.headers })) return reply.send();
        return surroundings.refuse(request, reply, { code: 'request.unknown-route', because: 'GET' });
      });
    });
  }
}

const taking =
  (endpoint: ChatEndpoint, routes: ChatRoutes, surroundings: Surroundings) =>
  async (request: FastifyRequest, reply: FastifyReply, which: 'commands' | 'interactions') => {
    const raw = rawOf(request);
    if (endpoint.isHandshake(raw)) return reply.send();
    const verified = endpoint.verify(raw);
    if (!verified.ok) return surroundings.refuse(request, reply, verified);
    const parsed = verified.parse(which);
    if (!parsed.ok) return surroundings.refuse(request, reply, parsed);
    const { incoming } = parsed;
    if (incoming.kind === 'ignored') return reply.send();
    const turn: Turn = { ...surroundings, endpoint, routes, request, reply, incoming };
    return answer(turn, outcomeOf({ ...routes, request, incoming }, verified.replayKey));
  };

/** A command's answer is its outcome, if that comes in time. A press is answered at once: nobody sees that answer. */
async function answer(turn: Turn, outcome: Promise<Outcome>): Promise<FastifyReply> {
  const { routes, endpoint, reply, incoming, background } = turn;
  const pressed = incoming.kind === 'press';
  const known = await patiently(outcome, pressed ? pressPatienceMs : routes.answerWithinMs);
  if (known === 'late') {
    background.add(outcome.then((late) => tellLate(turn, late)));
    return reply.send(pressed ? undefined : (endpoint.answer(workingOnIt) ?? undefined));
  }
  if (known.outcome === 'replayed') return refuseReplay(turn);
  const body = known.reply === null ? undefined : (endpoint.answer(known.reply) ?? undefined);
  // The chat app shows no text of an answer that is not 200, and none at all of the answer to a press.
  if (pressed || known.status !== 200) background.add(tellLate(turn, known));
  return pressed ? reply.send() : reply.code(known.status).send(body);
}

/** Long enough to notice a replay and answer it as one, too short for a person to wait. */
const pressPatienceMs = 500;

const refuseReplay = ({ refuse, request, reply }: Turn): FastifyReply =>
  refuse(request, reply, { code: 'request.replayed', because: 'the same signed request came before' });

async function tellLate({ endpoint, request, incoming }: Turn, late: Outcome): Promise<void> {
  if (late.outcome === 'replayed') {
    request.log.warn({ code: 'request.replayed' }, 'request noticed as replayed after its answer');
    return;
  }
  const { replyTo } = incoming.kind === 'press' ? incoming.press : incoming.invocation;
  if (late.reply !== null) await tell(endpoint.sender, replyTo, late.reply, request.log);
}
