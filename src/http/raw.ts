import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from '../core/errors.ts';

/** A request before anybody has looked into it: the body's very bytes, and headers with lower-case names. */
export interface RawRequest {
  readonly rawBody: Buffer;
  readonly headers: FastifyRequest['headers'];
}

/** A request that is not dealt with, and why. `because` is for the log. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly because: string;
}

/** The raw side of a fastify request whose body was kept as bytes. */
export const rawOf = (request: FastifyRequest): RawRequest => ({
  rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  headers: request.headers,
});
