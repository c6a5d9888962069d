import type { FastifyInstance } from 'fastify';
import { patiently } from './patience.ts';

/** Something without which no work can be taken. `sentence` says how it stands. */
export interface ReadyCheck {
  readonly name: string;
  readonly check: () => Promise<{ readonly ready: boolean; readonly sentence: string }>;
}

/** What operators ask. */
export interface Operations {
  readonly ready: readonly ReadyCheck[];
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  version(): {
    readonly name: string;
    readonly version: string;
    readonly policyRevision: string;
    readonly commit?: string;
  };
  /** The public keys of tickets: https://www.rfc-editor.org/rfc/rfc7517#section-5 */
  keys(): { readonly keys: readonly object[] };
}

/** Milliseconds that one check may take. */
const checkPatience = 2000;

/** Declares `/livez`, `/readyz`, `/metrics`, `/version` and the public keys. */
export function registerOperations(app: FastifyInstance, operations: Operations): void {
  app.get('/livez', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const checks = await Promise.all(operations.ready.map(looked));
    const ready = checks.every((each) => each.ready);
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await operations.metrics();
    return reply.type(contentType).send(body);
  });
  app.get('/version', async () => operations.version());
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .type('application/jwk-set+json')
      .send(JSON.stringify(operations.keys())),
  );
}

async function looked({ name, check }: ReadyCheck) {
  try {
    const found = await patiently(check(), checkPatience);
    return { name, ...(found === 'late' ? { ready: false, sentence: 'no answer in time' } : found) };
  } catch (thrown) {
    return { name, ready: false, sentence: thrown instanceof Error ? thrown.message : 'the check failed' };
  }
}
