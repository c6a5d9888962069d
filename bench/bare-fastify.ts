/** What the gateway is compared with: fastify that checks Slack's signature, reads the form, answers, and keeps nothing. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';

const secret = process.env.SECRET ?? '';
const app = fastify({ logger: false });

app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);

const isGenuine = (body: Buffer, stamp: string, signature: string): boolean => {
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
};

app.get('/readyz', async () => ({ ready: true }));
app.post('/slack/commands', async (request, reply) => {
  const { 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature } = request.headers;
  const { body } = request;
  if (!Buffer.isBuffer(body) || !isGenuine(body, String(stamp), String(signature)))
    return reply.code(401).send();
  const form = new URLSearchParams(body.toString());
  return { response_type: 'ephemeral', text: `accepted: ${form.get('text')}` };
});

const stop = (): void => void app.close();
if (process.env.PORT !== undefined) {
  process.once('SIGTERM', stop);
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}
