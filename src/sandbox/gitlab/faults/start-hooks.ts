import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counts } from '../../faults/counts.ts';
import type { Pauses } from '../../faults/pauses.ts';
import { reset } from '../../faults/routes.ts';
import type { Turns } from '../../faults/turns.ts';
import { badGatewayPage, otherPage, sendError, sendTooMany } from './answers.ts';
import type { Decisions, StartFault } from './decisions.ts';

/** What carrying out the faults of starts takes; `tick` is a clock that never goes back, in milliseconds. */
export interface StartParts {
  readonly decide: Pick<Decisions, 'start'>;
  readonly counts: Counts;
  readonly pauses: Pauses;
  readonly turns: Turns;
  readonly tick: () => number;
  /** How old a request may be when its pipeline is made; 0: no limit. */
  readonly lifeMs: () => number;
  /** Hears of every start whose request was read to its end. */
  readonly onRead: () => void;
}

interface Start {
  /** When its headers can have come, by `tick`. */
  readonly cameAt: number;
  fault: StartFault;
}

/** Carries out what is decided for each `POST /projects/:id/pipeline`. */
export function addStartFaults(app: FastifyInstance, parts: StartParts): void {
  const starts = new WeakMap<FastifyRequest, Start>();
  app.addHook('onRequest', (request, _reply, done) => {
    if (isStart(request)) starts.set(request, { cameAt: parts.turns.earliest(), fault: { kind: 'none' } });
    done();
  });
  app.addHook('preHandler', (request, reply, make) => {
    const start = starts.get(request);
    if (start === undefined) return make();
    parts.onRead();
    start.fault = parts.decide.start();
    before(parts, start, request, reply, make);
  });
  app.addHook<unknown>('onSend', (request, reply, payload, answer) => {
    const start = starts.get(request);
    // Without a pipeline there is nothing whose answer could go wrong.
    if (start === undefined || reply.statusCode !== 201) return answer(null, payload);
    after(parts, start.fault, request, reply, (page) => answer(null, page ?? payload));
  });
}

function isStart(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.routeOptions.url === '/api/v4/projects/:id/pipeline';
}

function before(
  parts: StartParts,
  { cameAt, fault }: Start,
  request: FastifyRequest,
  reply: FastifyReply,
  make: () => void,
): void {
  const { counts, pauses, tick, lifeMs } = parts;
  const makeInTime = (): void => {
    if (lifeMs() === 0 || tick() - cameAt <= lifeMs()) make();
    else {
      counts.add('start.late-dropped');
      sendError(reply);
    }
  };
  if (fault.kind === 'errorBefore') sendError(reply);
  else if (fault.kind === 'tooMany') sendTooMany(reply);
  else if (fault.kind === 'resetBefore') {
    reply.hijack();
    reset(request);
  } else if (fault.kind === 'late') pauses.after(fault.ms, makeInTime);
  else {
    makeInTime();
    return;
  }
  counts.add(`start.${fault.kind}`);
}

/** Nothing here waits for the client: a pipeline is made late, or its answer is written, also when nobody is there any more. */
function after(
  { counts, pauses }: StartParts,
  fault: StartFault,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (page?: string) => void,
): void {
  if (fault.kind === 'slow') pauses.after(fault.ms, answer);
  else if (fault.kind === 'resetAfter') {
    reset(request);
    answer();
  } else if (fault.kind === 'errorAfter' || fault.kind === 'html') {
    const broken = fault.kind === 'errorAfter';
    reply.code(broken ? 502 : 201).type('text/html; charset=utf-8');
    answer(broken ? badGatewayPage : otherPage);
  } else {
    answer();
    return;
  }
  counts.add(`start.${fault.kind}`);
}
