import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { request } from 'undici';
import type { State } from '../../../src/sandbox/slack/types.ts';
import { type Started, seen, start } from './start.ts';

const ops = 'C0OPSPROD';

async function stateFor({ slack }: Started, person: string): Promise<State> {
  const answer = await request(`${slack.url}/sandbox/state?as=${person}`);
  return JSON.parse(await answer.body.text());
}

/** The status of a GET with headers that fetch would not let through. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = plainRequest(url, { headers }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

const strangers: readonly (readonly [sentence: string, headers: Record<string, string>, status: number])[] = [
  ['a page of another site', { origin: 'https://evil.example' }, 403],
  ['a page on another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }, 403],
  ['a name that was bound to this machine', { host: 'evil.example' }, 403],
  ['a name that only begins like this machine', { host: '127.0.0.1.evil.example' }, 403],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['a form of plain text', { 'content-type': 'text/plain' }, 415],
];

for (const [sentence, headers, status] of strangers) {
  t.test(`typing is refused to ${sentence}`, async (t) => {
    const { post, slack, gateway } = await start(t);
    const answer = await post('/sandbox/type', { as: 'U0ANA', channel: ops, text: '/chatops help' }, headers);
    await slack.settled();
    t.equal(answer.status, status);
    t.same([slack.messages(), gateway.received], [[], []]);
  });
}

t.test('nor may a stranger press, read the state or listen', async (t) => {
  const { post, slack } = await start(t);
  t.equal((await post('/sandbox/press', {}, { origin: 'https://evil.example' })).status, 403);
  t.equal(await statusOf(`${slack.url}/sandbox/state?as=U0ANA`, { host: 'evil.example' }), 403);
  t.equal(await statusOf(`${slack.url}/sandbox/events?as=U0ANA`, { 'sec-fetch-site': 'cross-site' }), 403);
});

t.test("the sandbox's own page may type", async (t) => {
  const { post, slack } = await start(t);
  const headers = { origin: slack.url, 'sec-fetch-site': 'same-origin' };
  t.equal((await post('/sandbox/type', { as: 'U0ANA', channel: ops, text: 'hello' }, headers)).status, 204);
  const local = { host: 'localhost:1234', origin: 'http://localhost:1234' };
  t.equal((await post('/sandbox/type', { as: 'U0ANA', channel: ops, text: 'hello' }, local)).status, 204);
  await slack.settled();
  t.equal(slack.messages().length, 2);
});

for (const [sentence, typed, status] of [
  ['nothing', null, 400],
  ['no text', { as: 'U0ANA', channel: ops }, 400],
  ['an empty text', { as: 'U0ANA', channel: ops, text: ' \n' }, 400],
  ['a text that is too long', { as: 'U0ANA', channel: ops, text: 'x'.repeat(4001) }, 400],
  ['a person who is not there', { as: 'U0CHATOPS', channel: ops, text: 'x' }, 403],
  ['a channel that is not there', { as: 'U0ANA', channel: 'C0NONE', text: 'x' }, 403],
  ['a channel without the person', { as: 'U0GUS', channel: ops, text: 'x' }, 403],
] as const) {
  t.test(`typing ${sentence} is refused with a sentence`, async (t) => {
    const { post, slack } = await start(t);
    const answer = await post('/sandbox/type', typed);
    t.equal(answer.status, status);
    t.match(JSON.parse(answer.body), { error: /\w \w/ });
    t.same(slack.messages(), []);
  });
}

t.test('nobody is no viewer', async (t) => {
  const { slack } = await start(t);
  t.equal(await statusOf(`${slack.url}/sandbox/state`, {}), 404);
  t.equal(await statusOf(`${slack.url}/sandbox/events?as=U0NOBODY`, {}), 404);
});

t.test('each person sees their channels, their messages and their exchanges, no more', async (t) => {
  const started = await start(t);
  started.gateway.answer = (reply) => reply.send({ text: 'a secret for Ana' });
  await started.type('U0ANA', ops, '/chatops help');
  await started.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'another secret' });
  await started.call('chat.postMessage', { channel: ops, text: 'for ops' });
  await started.call('chat.postMessage', { channel: 'U0ANA', text: 'a direct secret' });
  const [ana, bo, gus] = [
    await stateFor(started, 'U0ANA'),
    await stateFor(started, 'U0BO'),
    await stateFor(started, 'U0GUS'),
  ];
  t.same(seen(ana.messages).length, 4);
  t.equal(ana.exchanges.length, 4);
  t.same(seen(bo.messages), ['app U0CHATOPS: for ops']);
  t.same(
    bo.exchanges.map((each) => each.what),
    ['chat.postMessage'],
  );
  t.same([gus.messages, gus.exchanges], [[], []]);
  t.notMatch(JSON.stringify([bo, gus]), /secret/);
  t.same(
    gus.channels.map((each) => each.name),
    ['shop-dev', 'random'],
  );
  t.same(
    ana.channels.map((each) => each.id),
    [ops, 'C0SHOPDEV', 'C0RANDOM', 'D0ANA'],
  );
  t.match(bo, {
    team: { name: 'Acme' },
    app: { command: '/chatops' },
    links: [{}],
    suggestions: [{}],
    people: [{}, {}, {}],
  });
});

t.test('events arrive as they happen, only to those who may see them', async (t) => {
  const started = await start(t);
  const bo = await listen(started, 'U0BO');
  await started.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'a secret' });
  const posted = await started.call('chat.postMessage', { channel: ops, text: 'one' });
  await started.call('chat.update', { channel: ops, ts: posted.ts, text: 'two' });
  await started.call('chat.delete', { channel: ops, ts: posted.ts });
  const text = await bo.until((read) => read.includes('"what":"chat.delete"'));
  const events = text.matchAll(/^event: (\w+)\ndata: (.*)$/gm);
  t.match(
    [...events].map(([, event, value]) => ({ event, value: JSON.parse(value ?? '') })),
    [
      { event: 'message', value: { text: 'one', edited: false } },
      { event: 'exchange', value: { what: 'chat.postMessage' } },
      { event: 'message', value: { ts: posted.ts, text: 'two', edited: true } },
      { event: 'exchange', value: { what: 'chat.update' } },
      { event: 'message', value: { ts: posted.ts, deleted: true } },
      { event: 'exchange', value: { what: 'chat.delete' } },
    ],
  );
  t.notMatch(text, /secret/);
});

t.test('closing ends the open event lines', async (t) => {
  const started = await start(t);
  const ana = await listen(started, 'U0ANA');
  await started.slack.close();
  t.match(await ana.until(() => false), /^: open/);
});

t.test('the page is served with a strict policy, and nothing beside it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const assetsDir = join(folder, 'built');
  await mkdir(assetsDir);
  await writeFile(join(folder, 'outside.js'), '1');
  await writeFile(join(assetsDir, 'index.html'), '<title>page</title>');
  await writeFile(join(assetsDir, 'main.js'), '1');
  await writeFile(join(assetsDir, 'secret.key'), 'key');
  const { slack } = await start(t, { assetsDir });
  for (const path of ['/secret.key', '/missing.js', '/..%2Foutside.js', '/.hidden.js', '/a%2Fb.js']) {
    t.equal(await statusOf(slack.url + path, {}), 404, path);
  }
  const page = await request(slack.url);
  t.match(page.headers, { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  t.notMatch(policy, /unsafe|\*/);
  t.equal(await page.body.text(), '<title>page</title>');
  t.match((await request(`${slack.url}/main.js`)).headers, {
    'content-type': 'text/javascript; charset=utf-8',
  });
});

t.test('without a built page it says what is missing', async (t) => {
  const { slack } = await start(t);
  const answer = await request(slack.url);
  t.equal(answer.statusCode, 404);
  t.match(await answer.body.text(), /not built/);
});

/** Opens an event line; `until` reads on until the test is satisfied or the line ends. */
async function listen({ slack }: Started, person: string) {
  const { body } = await request(`${slack.url}/sandbox/events?as=${person}`);
  const chunks = body[Symbol.asyncIterator]();
  let read = String((await chunks.next()).value);
  return {
    async until(satisfied: (read: string) => boolean): Promise<string> {
      while (!satisfied(read)) {
        const chunk = await chunks.next();
        if (chunk.done) return read;
        read += String(chunk.value);
      }
      body.destroy();
      return read;
    },
  };
}
