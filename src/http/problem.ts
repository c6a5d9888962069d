import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCodes } from '../core/errors.ts';

/** An error as a machine reads it: https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly instance: string;
}

/** The problem with this code that this request met. */
export const problemOf = (code: ErrorCode, requestId: string): Problem => ({
  type: `urn:chatops-gateway:${code}`,
  title: errorCodes[code].meaning,
  status: errorCodes[code].status,
  code,
  instance: `urn:request:${requestId}`,
});

/** Answers with a problem document. Says nothing that the code does not say: details are in the log under the request's id. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, code: ErrorCode): FastifyReply {
  const problem = problemOf(code, request.id);
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Ends a request that is not dealt with: one log line, one problem document. */
export type Refuse = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: { readonly code: ErrorCode; readonly because: string },
) => FastifyReply;

/** Makes the one way to refuse a request. `onRefused` is told of each, for counting. */
export const createRefuse =
  (onRefused: (code: ErrorCode, route: string | null) => void): Refuse =>
  (request, reply, { code, because }) => {
    const route = routeOf(request);
    request.log.warn({ code, route: route ?? pathOf(request), because }, 'request refused');
    onRefused(code, route);
    return sendProblem(request, reply, code);
  };

/** The route as it is declared; null where there is none. */
export const routeOf = (request: FastifyRequest): string | null => request.routeOptions.url ?? null;

const pathOf = ({ url }: FastifyRequest): string => url.replace(/[?#].*$/s, '').slice(0, 200);
