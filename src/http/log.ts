import { type FastifyBaseLogger, fastify } from 'fastify';

/** How much is logged, and where to; without `stream` to standard output, one JSON object a line. */
export interface LogOptions {
  readonly level: string;
  readonly stream?: { write(line: string): void };
}

/** The gateway's log. */
export type Log = FastifyBaseLogger;

/** Names of fields that never reach a log line, wherever they stand at the top or one level down. */
const secretFields = [
  'authorization',
  'cookie',
  'token',
  'secret',
  'password',
  'response_url',
  'responseUrl',
  'x-slack-signature',
  'x-gitlab-token',
  'private-token',
];

const redact = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]);

/** Makes the one log that every part writes to (pino, as fastify brings it). */
export function createLog({ level, stream }: LogOptions): Log {
  const logger = { level, redact, ...(stream === undefined ? {} : { stream }) };
  return fastify({ logger }).log;
}
