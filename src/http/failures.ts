import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { codeOf, type ErrorCode, errorCodes } from '../core/errors.ts';
import type { Log } from './log.ts';
import { problemOf, type Refuse, sendProblem } from './problem.ts';

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_BAD_URL: 'request.malformed',
};

/** Every way a request can fail outside its route ends in one log line and one problem document. */
export function answerFailures(app: FastifyInstance, refuse: Refuse): void {
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, { code: 'request.unknown-route', because: `no route for ${request.method}` }),
  );
  app.setErrorHandler((error: Error, request: FastifyRequest, reply: FastifyReply) => {
    const code = codeOfFailure(error);
    if (errorCodes[code].status < 500) return refuse(request, reply, { code, because: error.message });
    request.log.error({ err: error, code }, 'request failed');
    return sendProblem(request, reply, code);
  });
}

function codeOfFailure(error: Error): ErrorCode {
  const framework =
    'code' in error && typeof error.code === 'string' ? frameworkCodes[error.code] : undefined;
  if (framework !== undefined) return framework;
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? 'request.malformed' : codeOf(error);
}

/** Answers bytes that are not HTTP, or come too slowly, and hangs up. */
export const answerBrokenHttp =
  (log: Log, newRequestId: () => string) =>
  (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const problem = problemOf('request.malformed', newRequestId());
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : problem.status;
    log.warn({ code: problem.code, route: null, because: error.code ?? error.message }, 'request refused');
    const body = JSON.stringify({ ...problem, status });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };
