import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What a judge may ask of one side of the sandbox. */
export interface Judged {
  /** Takes new settings in place of the old; a sentence when they are not understood, and then the old ones stay. */
  readonly put: (body: unknown) => string | null;
  /** Everything that happened, as JSON. */
  readonly ledger: () => unknown;
}

/** Adds `PUT /-/sandbox/faults` and `GET /-/sandbox/ledger`. */
export function addFaultRoutes(app: FastifyInstance, judged: Judged): void {
  app.put('/-/sandbox/faults', (request, reply) => {
    const error = judged.put(request.body);
    return error === null ? reply.code(204).send() : reply.code(400).send({ error });
  });
  app.get('/-/sandbox/ledger', (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(judged.ledger())),
  );
}

/** Ends the connection so that the other side sees ECONNRESET, whatever was under way. */
export function reset(request: FastifyRequest): void {
  request.raw.socket.resetAndDestroy();
}
