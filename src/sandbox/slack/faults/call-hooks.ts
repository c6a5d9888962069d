import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Counts } from '../../faults/counts.ts';
import { reset } from '../../faults/routes.ts';
import type { callFaults } from './knobs.ts';

/** What becomes of one call; null: nothing goes wrong. */
export type CallFault = (typeof callFaults)[number] | null;

/** What carrying out the faults of calls takes. */
export interface CallParts {
  readonly decide: () => CallFault;
  readonly faults: Counts;
  /** Calls that were read, by method; `response_url` for those. */
  readonly calls: Counts;
}

/** Counts every call of the app, and carries out what is decided for it. */
export function addCallFaults(app: FastifyInstance, { decide, faults, calls }: CallParts): void {
  const doneFirst = new WeakSet<FastifyRequest>();
  app.addHook('preHandler', (request, reply, goOn) => {
    const method = methodOf(request);
    if (method === null) return goOn();
    calls.add(method);
    const fault = decide();
    if (fault === null) return goOn();
    if (fault === 'resetAfter') {
      doneFirst.add(request);
      return goOn();
    }
    faults.add(`calls.${fault}`);
    if (fault === 'error') reply.code(500).type('text/plain; charset=utf-8').send('Internal Server Error');
    else reply.code(429).header('retry-after', '1').send({ ok: false, error: 'ratelimited' });
  });
  app.addHook<unknown>('onSend', (request, _reply, payload, answer) => {
    if (doneFirst.has(request)) {
      faults.add('calls.resetAfter');
      reset(request);
    }
    answer(null, payload);
  });
}

/** The method that is called; null for what is no call of the app. */
function methodOf(request: FastifyRequest): string | null {
  const url = request.routeOptions.url ?? '';
  if (url.startsWith('/:kind(commands|actions)/')) return 'response_url';
  return url === '/api/:method' ? (/^\/api\/([\w.]+)/.exec(request.url)?.[1] ?? 'unknown') : null;
}
