import t, { type Test } from 'tap';
import { createSlackClient } from '../../../src/chat/slack/client.ts';
import { createSlackEndpoint } from '../../../src/chat/slack/endpoint.ts';
import { readAllowedHosts } from '../../../src/chat/slack/hosts.ts';
import { createSlackSender } from '../../../src/chat/slack/send.ts';
import type { Invocation, Press } from '../../../src/core/invocation.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { createHttp } from '../../../src/http/app.ts';
import { createLog } from '../../../src/http/log.ts';
import { startSlack } from '../../../src/sandbox/slack/server.ts';
import { replies } from './replies.ts';
import { saying } from './sending.ts';

const secret = 'the-signing-secret-of-the-sandbox';
const botToken = 'xoxb-1-sandbox';
const refusal = replies.refused ?? saying('refused');
const running = replies.running ?? saying('running');
const succeeded = replies.succeeded ?? saying('succeeded');

/** The sandbox's Slack on one side, our routes, reading, drawing and sending on the other. */
async function workspace(t: Test, receive: (invocation: Invocation) => Promise<Reply | null>) {
  const pressed: Press[] = [];
  const got: Invocation[] = [];
  const own = { url: '', random: 0 };
  const slack = await startSlack({
    port: 0,
    host: '127.0.0.1',
    now: Date.now,
    random: () => {
      own.random += 1;
      return `unguessable-word-number-${own.random}`;
    },
    gatewayUrl: () => own.url,
    signingSecret: secret,
    botToken,
    assetsDir: '/nowhere',
    links: [],
    suggestions: [],
  });
  t.teardown(() => slack.close());
  const read = readAllowedHosts([slack.url]);
  const hosts = read.ok ? read.hosts : [];
  const log = createLog({ level: 'silent' });
  const client = createSlackClient({ token: botToken, apiUrl: `${slack.url}/api/` });
  const sender = createSlackSender({ client, fetch, now: Date.now, open: (sealed) => sealed, hosts, log });
  const chat = {
    endpoints: [
      createSlackEndpoint({ secrets: [secret], now: Date.now, seal: (url) => url, hosts, log, sender }),
    ],
    gateway: {
      receive: async (invocation: Invocation) => {
        got.push(invocation);
        return receive(invocation);
      },
      press: async (press: Press) => {
        pressed.push(press);
        return refusal;
      },
    },
    firstTime: async () => true,
    answerWithinMs: 2500,
    bodyLimit: 65_536,
  };
  const operations = {
    ready: [],
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    version: () => ({ name: 'x', version: '0', policyRevision: '' }),
    keys: () => ({ keys: [] }),
  };
  const app = createHttp({ log, newRequestId: () => 'r', chat, operations });
  t.teardown(() => app.close());
  own.url = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${slack.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await slack.settled();
  };
  const type = (channel: string, text: string) => post('/sandbox/type', { as: 'U0ANA', channel, text });
  const fromApp = () => slack.messages().filter(({ from }) => from === 'app');
  const replyTo = () => got.at(-1)?.replyTo ?? { app: '', to: null };
  return { slack, sender, app, got, pressed, post, type, fromApp, replyTo };
}

t.test('a typed command arrives decoded and its answer is seen by the caller alone', async (t) => {
  const { got, type, fromApp } = await workspace(t, async () => refusal);
  await type('C0OPSPROD', '/chatops say @bo "a < b & c"');
  t.match(got, [{ text: 'say U0BO "a < b & c"', speaker: { account: 'slack:T0SANDBOX/U0ANA' } }]);
  t.match(fromApp(), [{ onlyFor: 'U0ANA', text: /Not allowed/ }]);
});

t.test('a run is one message that is edited, and its button comes back as a press', async (t) => {
  const { sender, app, pressed, post, type, fromApp, replyTo } = await workspace(t, async () => null);
  await type('C0OPSPROD', '/chatops lb weight web 10');
  const sent = await sender.send(replyTo(), running);
  t.equal(sent.sent, true);
  const [message] = fromApp();
  const row = message?.blocks.find((block) => block.type === 'actions');
  const at = { as: 'U0BO', channel: 'C0OPSPROD', ts: message?.ts, blockId: row?.block_id };
  await post('/sandbox/press', { ...at, actionId: 'chatops.cancel' });
  t.match(pressed, [{ action: 'cancel', runId: 'r7k2p9', speaker: { account: 'slack:T0SANDBOX/U0BO' } }]);
  t.equal((await sender.send(sent.address, succeeded)).sent, true);
  await app.close();
  t.match(fromApp(), [
    { edited: true, onlyFor: null, text: /succeeded/ },
    { onlyFor: 'U0BO', text: /Not allowed/ },
  ]);
});

t.test('in a channel without the bot, the result comes by the response_url', async (t) => {
  const { sender, type, fromApp, replyTo } = await workspace(t, async () => null);
  await type('C0RANDOM', '/chatops lb weight web 10');
  const first = await sender.send(replyTo(), running);
  const second = await sender.send(first.address, running);
  t.equal((await sender.send(second.address, succeeded)).sent, true);
  t.match(fromApp(), [
    { channel: 'C0RANDOM', onlyFor: null, text: /running/ },
    { channel: 'C0RANDOM', onlyFor: null, text: /succeeded/ },
  ]);
  t.equal(fromApp().length, 2);
});

t.test('every agreed reply is taken with its blocks', async (t) => {
  const { sender, type, fromApp, replyTo } = await workspace(t, async () => null);
  await type('C0OPSPROD', '/chatops help');
  const address = replyTo();
  for (const reply of Object.values(replies)) {
    t.equal((await sender.send(address, { ...reply, audience: 'channel' })).sent, true);
  }
  t.equal(fromApp().filter(({ blocks }) => blocks.length > 0).length, Object.keys(replies).length);
});
