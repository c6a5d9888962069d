import { createHmac } from 'node:crypto';
import { type FastifyReply, fastify } from 'fastify';

/** What a gateway got, with whether its signature was genuine. */
export interface Received {
  readonly path: string;
  readonly genuine: boolean;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly fields: URLSearchParams;
}

/** An app that keeps what it gets, checks signatures by Slack's published rule and answers as told. */
export interface FakeGateway {
  readonly url: string;
  readonly received: Received[];
  answer: (reply: FastifyReply) => unknown;
  close(): Promise<void>;
}

/** Starts a fake gateway; it answers an empty 200 until told otherwise. */
export async function startFakeGateway(signingSecret: string): Promise<FakeGateway> {
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const received: Received[] = [];
  const gateway = {
    url: '',
    received,
    answer: (reply: FastifyReply) => reply.send(''),
    close: () => app.close(),
  };
  app.post('/slack/:what', async (request, reply) => {
    const body = String(request.body);
    const stamp = String(request.headers['x-slack-request-timestamp']);
    const mac = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
    const genuine = request.headers['x-slack-signature'] === `v0=${mac}`;
    received.push({
      path: request.url,
      genuine,
      headers: request.headers,
      fields: new URLSearchParams(body),
    });
    return gateway.answer(reply);
  });
  gateway.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return gateway;
}
