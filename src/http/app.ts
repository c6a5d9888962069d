import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { ErrorCode } from '../core/errors.ts';
import { createBackground } from './background.ts';
import { type ChatRoutes, registerChat } from './chat-routes.ts';
import { answerBrokenHttp, answerFailures } from './failures.ts';
import { type GitlabWebhook, registerGitlabWebhook } from './gitlab-webhook.ts';
import type { Log } from './log.ts';
import { type Operations, registerOperations } from './operations.ts';
import { createRefuse } from './problem.ts';

/** What the web side is made of. A part that is left out has no route. */
export interface HttpParts {
  readonly log: Log;
  /** A word that no other request has; people quote it when something went wrong. */
  readonly newRequestId: () => string;
  readonly chat: ChatRoutes;
  readonly gitlabWebhook?: GitlabWebhook;
  readonly operations: Operations;
  /** Told of every refused request, for counting; `route` is null where there is no such route. */
  readonly onRefused?: (code: ErrorCode, route: string | null) => void;
}

/** For every answer of a machine's interface: nothing is to be framed, guessed, loaded or kept. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Builds the web server; nothing listens yet. `close()` waits for what is still being told to people. */
export function createHttp(parts: HttpParts): FastifyInstance {
  const { log, newRequestId } = parts;
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    requestIdHeader: false,
    trustProxy: false,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    // Longer than the 60 s after which the usual proxies give up an idle connection, so that they hang up first.
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000 },
    clientErrorHandler: answerBrokenHttp(log, newRequestId),
    frameworkErrors: (error, request, reply) => app.errorHandler(error, request, reply),
  });
  app.addHook('preClose', async () => {
    // A kept-alive connection that was busy when closing began would stay open until it idles out.
    const timer = setInterval(() => app.server.closeIdleConnections(), 100);
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders));
  const refuse = createRefuse(parts.onRefused ?? (() => {}));
  answerFailures(app, refuse);
  const background = createBackground();
  app.addHook('onClose', () => background.settled());
  const surroundings = { refuse, background };
  registerChat(app, parts.chat, surroundings);
  const { gitlabWebhook } = parts;
  if (gitlabWebhook !== undefined) registerGitlabWebhook(app, gitlabWebhook, surroundings);
  registerOperations(app, parts.operations);
  return app;
}
