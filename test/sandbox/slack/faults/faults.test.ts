import t, { type Test } from 'tap';
import { request } from 'undici';
import type { SlackOptions } from '../../../../src/sandbox/slack/server.ts';
import { botToken, type Started, start } from '../start.ts';

interface Ledger {
  readonly messages: readonly {
    readonly channel: string;
    readonly ts: string;
    readonly user: string;
    readonly text: string;
    readonly edits: number;
    readonly to: string | null;
  }[];
  readonly faults: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
}

const prod = 'C0OPSPROD';

const startFaulty = (t: Test, options: Partial<SlackOptions> = {}): Promise<Started> =>
  start(t, { faults: 'on', rate: 'off', ...options });

const put = async ({ slack }: Started, body: unknown): Promise<number> => {
  const answer = await request(`${slack.url}/-/sandbox/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.body.dump();
  return answer.statusCode;
};

const ledger = async ({ slack }: Started): Promise<Ledger> => {
  const answer = await request(`${slack.url}/-/sandbox/ledger`);
  return (await answer.body.json()) as Ledger;
};

/** Status and waiting time, or the code of a connection that broke. */
const post = async (started: Started, where: string, body: unknown): Promise<readonly unknown[]> => {
  try {
    const answer = await started.post(where, body, { authorization: `Bearer ${botToken}` });
    return [answer.status, answer.headers['retry-after']];
  } catch (error) {
    return [error instanceof Error && 'code' in error ? error.code : error];
  }
};

t.test('without the option there are no faults to set and no ledger to see', async (t) => {
  const started = await start(t);
  t.equal(await put(started, {}), 404);
  t.equal((await request(`${started.slack.url}/-/sandbox/ledger`)).statusCode, 404);
});

t.test('settings with a mistake are refused', async (t) => {
  const started = await startFaulty(t);
  t.equal(await put(started, { calls: { late: 1 } }), 400);
  t.equal(await put(started, { calls: { error: 1 } }), 204);
});

const fates: readonly (readonly [fault: string, seen: readonly unknown[], done: number])[] = [
  ['error', [500, undefined], 0],
  ['tooMany', [429, '1'], 0],
  ['resetAfter', ['ECONNRESET'], 1],
];

for (const [fault, seen, done] of fates) {
  t.test(`${fault} of a method: ${done} messages are there afterwards`, async (t) => {
    const started = await startFaulty(t);
    await put(started, { calls: { [fault]: 1 } });
    t.strictSame(await post(started, '/api/chat.postMessage', { channel: prod, text: 'x' }), seen);
    const { messages, faults, calls } = await ledger(started);
    t.equal(messages.length, done);
    t.equal(started.slack.messages().length, done);
    t.strictSame(faults, { [`calls.${fault}`]: 1 });
    t.strictSame(calls, { 'chat.postMessage': 1 });
  });

  t.test(`${fault} of a response_url: ${done} messages are there afterwards`, async (t) => {
    const started = await startFaulty(t);
    await started.type('U0ANA', prod, '/chatops help');
    const before = started.slack.messages().length;
    await put(started, { calls: { [fault]: 1 } });
    const url = started.gateway.received.at(-1)?.fields.get('response_url') ?? '';
    t.strictSame(await post(started, url, { text: 'x' }), seen);
    const { messages, faults, calls } = await ledger(started);
    t.equal(messages.length - before, done);
    t.strictSame([faults, calls], [{ [`calls.${fault}`]: 1 }, { response_url: 1 }]);
  });
}

t.test('the page and typing never fail', async (t) => {
  const started = await startFaulty(t);
  await put(started, { calls: { error: 1 } });
  t.equal((await started.type('U0ANA', prod, '/chatops help')).status, 204);
  t.equal(started.gateway.received.length, 1);
  t.strictSame((await ledger(started)).calls, {});
});

t.test('one seed, one fate for each call', async (t) => {
  const seen = async (): Promise<readonly unknown[]> => {
    const started = await startFaulty(t);
    await put(started, { seed: 5, calls: { error: 0.3, tooMany: 0.3 } });
    const answers: unknown[] = [];
    for (let n = 0; n < 15; n += 1) answers.push((await post(started, '/api/auth.test', {}))[0]);
    return answers;
  };
  const first = await seen();
  t.strictSame(await seen(), first);
  t.strictSame([...new Set(first)].toSorted(), [200, 429, 500]);
});

t.test('the ledger has all text as it stands, how often it changed, and for whom it is', async (t) => {
  const started = await startFaulty(t);
  const blocks = [
    {
      type: 'section',
      text: { type: 'mrkdwn', text: 'the weight' },
      fields: [{ type: 'plain_text', text: 'web' }],
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'ci_1' }] },
  ];
  const { ts } = await started.call('chat.postMessage', { channel: prod, text: 'starting', blocks });
  await started.call('chat.update', { channel: prod, ts, text: 'running', blocks });
  await started.call('chat.update', { channel: prod, ts, text: 'done' });
  await started.call('chat.postMessage', { channel: prod, text: 'one', blocks });
  await started.call('chat.postEphemeral', { channel: prod, user: 'U0ANA', text: 'for you' });
  await started.call('chat.postMessage', { channel: 'U0BO', text: 'direct' });
  const gone = await started.call('chat.postMessage', { channel: prod, text: 'gone' });
  await started.call('chat.delete', { channel: prod, ts: gone.ts });
  const { messages } = await ledger(started);
  const app = 'U0CHATOPS';
  t.match(messages, [
    { channel: prod, ts, user: app, text: 'done', edits: 2, to: null },
    { channel: prod, user: app, text: 'one\nthe weight\nweb\nci_1', edits: 0, to: null },
    { channel: prod, user: app, text: 'for you', edits: 0, to: 'U0ANA' },
    { channel: 'D0BO', user: app, text: 'direct', edits: 0, to: 'U0BO' },
    { channel: prod, ts: gone.ts, text: '', edits: 0, to: null },
  ]);
  t.equal(messages.length, 5);
});
