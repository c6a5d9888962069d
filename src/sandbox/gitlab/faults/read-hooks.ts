import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counts } from '../../faults/counts.ts';
import { reset } from '../../faults/routes.ts';
import { sendBadGateway, sendError } from './answers.ts';
import type { Decisions, ReadFault } from './decisions.ts';

/** Lets a share of the API's GET requests fail: lists of pipelines by their own share, all others by theirs. */
export function addReadFaults(
  app: FastifyInstance,
  decide: Pick<Decisions, 'list' | 'read'>,
  counts: Counts,
): void {
  app.addHook('preHandler', (request, reply, goOn) => {
    const url = request.routeOptions.url ?? '';
    if (request.method !== 'GET' || !url.startsWith('/api/v4/')) return goOn();
    const isList = url === '/api/v4/projects/:id/pipelines';
    const fault = isList ? decide.list() : decide.read();
    if (fault === null) return goOn();
    counts.add(isList ? 'lists.fail' : 'reads.fail');
    fail(fault, request, reply);
  });
}

function fail(fault: ReadFault, request: FastifyRequest, reply: FastifyReply): void {
  if (fault === 'error') sendError(reply);
  else if (fault === 'badGateway') sendBadGateway(reply);
  else {
    reply.hijack();
    reset(request);
  }
}
