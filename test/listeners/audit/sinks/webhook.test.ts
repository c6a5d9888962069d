import { createHmac } from 'node:crypto';
import t from 'tap';
import { createWebhookSink } from '../../../../src/listeners/audit/sinks/webhook.ts';
import { type Answer, createReceiver } from './receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const lines = [
  { id: 'a1', text: '{"seq":1,"line":"é"}' },
  { id: 'a2', text: '{"seq":2}' },
];
const never = new AbortController().signal;

const sinkTo = (answer: Answer, now = 1_674_087_231_000) => {
  const { came, fetch } = createReceiver(() => answer);
  const sink = createWebhookSink({
    url: 'https://siem.example/in?token=hidden',
    secret,
    fetch,
    now: () => now,
  });
  return { came, sink };
};

t.test('what a receiver answers', async (t) => {
  const cases: readonly (readonly [string, Answer, object])[] = [
    ['a refusal', { status: 401 }, { sent: false, problem: 'siem.example answers 401' }],
    [
      'a redirect, which is not followed',
      { status: 302 },
      { sent: false, problem: 'siem.example answers 302' },
    ],
    ['too much', { status: 413 }, { sent: false, tooLarge: true }],
    ['a wish to wait', { status: 429, retryAfter: '7' }, { sent: false, notWithinMs: 7000 }],
    ['a lost connection', 'reset', { sent: false, problem: 'siem.example cannot be reached (ECONNRESET)' }],
    ['well taken', { status: 204 }, { sent: true, passedOver: [] }],
  ];
  for (const [name, answer, expected] of cases) {
    const sent = await sinkTo(answer).sink.send(lines, never);
    t.match(sent, expected, name);
    t.notMatch(JSON.stringify(sent), /hidden|whsec/, `${name}: nothing secret is told`);
  }
});

t.test('somebody who gives up is not kept waiting', async (t) => {
  const given = new AbortController();
  const sent = sinkTo('silence').sink.send(lines, given.signal);
  given.abort();
  t.match(await sent, { sent: false });
  t.match(await sinkTo('silence').sink.send(lines, given.signal), { sent: false }, 'nor who had before');
});

t.test('the lines are whole, with an id each, and signed', async (t) => {
  const { came, sink } = sinkTo({ status: 200 });
  await sink.send(lines, never);
  const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = came;
  t.same(JSON.parse(body), { type: 'chatops.audit', timestamp: '2023-01-19T00:13:51.000Z', data: { lines } });
  t.equal(headers['webhook-timestamp'], '1674087231');
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const signedText = `${headers['webhook-id']}.1674087231.${body}`;
  t.equal(
    headers['webhook-signature'],
    `v1,${createHmac('sha256', key).update(signedText).digest('base64')}`,
  );
});

t.test('the same lines have the same webhook-id whenever they come, and others another', async (t) => {
  const idOf = async (sent: typeof lines, now: number) => {
    const { came, sink } = sinkTo({ status: 200 }, now);
    await sink.send(sent, never);
    return came[0]?.headers['webhook-id'];
  };
  t.equal(await idOf(lines, 1000), await idOf(lines, 99_000));
  t.not(await idOf(lines, 1000), await idOf(lines.slice(1), 1000));
});
