import type { FastifyInstance } from 'fastify';
import { isOfType } from './media-type.ts';
import type { Refuse } from './problem.ts';

/** What a POST body must be before anybody looks at it. */
export interface BodyRule {
  readonly type: 'application/x-www-form-urlencoded' | 'application/json';
  /** Bytes. */
  readonly limit: number;
}

/** Routes that get their bodies as the very bytes sent, of one type and at most so long; nothing else is parsed in there. */
export function withRawBodies(
  app: FastifyInstance,
  rule: BodyRule,
  refuse: Refuse,
  declare: (scope: FastifyInstance) => void,
): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: rule.limit }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook('onRequest', async (request, reply) => {
      if (request.method !== 'POST' || isOfType(request.headers['content-type'], rule.type)) return undefined;
      return refuse(request, reply, { code: 'request.media-type', because: `the body is not ${rule.type}` });
    });
    declare(scope);
  });
}
