import t from 'tap';
import { GatewayError } from '../../src/core/errors.ts';
import type { Reply } from '../../src/core/reply.ts';
import { deferred, formOf, pressOf, refusal, serve, signedPost, slashCommand } from './served.ts';

const unavailable = () =>
  Promise.reject(new GatewayError('accept.unavailable', 'writing the audit line: disk full'));

for (const [name, answers] of Object.entries({
  'that cannot be recorded': { receive: unavailable },
  'whose replay check cannot be made': {
    firstTime: () => Promise.reject(new GatewayError('store.unavailable', 'asking Redis: refused')),
  },
})) {
  t.test(`a command ${name} is not accepted, and the caller is told`, async (t) => {
    const { app, told, lines } = serve(t, answers);
    const response = await app.inject(signedPost(slashCommand));
    t.equal(response.statusCode, 503);
    t.match(response.json(), { response_type: 'ephemeral', text: /Not accepted: .*\n.*Nothing was done/ });
    await app.close();
    t.match(told, [{ audience: 'caller', title: [{ text: /^Not accepted/ }] }]);
    t.match(lines, [{ msg: 'command not accepted: nothing was done' }]);
    t.equal(lines.length, 1);
  });
}

t.test('a fault of ours is told with a reference and without a stack', async (t) => {
  const { app, lines } = serve(t, { receive: () => Promise.reject(new Error('secret detail')) });
  const response = await app.inject(signedPost(slashCommand));
  t.equal(response.statusCode, 200);
  t.match(response.json(), { response_type: 'ephemeral', text: /Something went wrong inside the gateway/ });
  t.match(response.body, 'req-1');
  t.notMatch(response.body, 'secret detail');
  t.match(lines, [{ level: 50, code: 'internal', reqId: 'req-1' }]);
});

t.test('a slow gateway is not waited for: the answer follows', async (t) => {
  const finish = deferred<Reply | null>();
  const { app, told } = serve(t, { receive: () => finish.promise });
  const response = await app.inject(signedPost(slashCommand));
  t.equal(response.statusCode, 200);
  t.match(response.json(), { response_type: 'ephemeral', text: /Working on it/ });
  t.same(told, []);
  finish.resolve(refusal);
  await app.close();
  t.same(told, [refusal]);
});

t.test('a slow gateway that fails in the end is told as not accepted', async (t) => {
  const finish = deferred<Reply | null>();
  const { app, told } = serve(t, { receive: () => finish.promise });
  await app.inject(signedPost(slashCommand));
  finish.reject(new GatewayError('store.unavailable', 'saving a run: Redis is away'));
  await app.close();
  t.match(told, [{ title: [{ text: /^Not accepted/ }] }]);
});

t.test('an answer that cannot be sent is tried three times and then logged', async (t) => {
  const tries: number[] = [];
  const send = async () => {
    tries.push(1);
    return false;
  };
  const { app, lines } = serve(t, { receive: unavailable, send });
  await app.inject(signedPost(slashCommand));
  await app.close();
  t.equal(tries.length, 3);
  t.match(lines.at(-1), { msg: 'answer could not be sent', problem: 'Slack is away' });
});

t.test('an ssl_check is answered 200 unsigned, with nothing read or done', async (t) => {
  const { app, received, lines, keys } = serve(t);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const payload = `ssl_check=1&${slashCommand}`;
  const posted = await app.inject({ method: 'POST', url: '/slack/commands', headers, payload });
  const got = await app.inject({ method: 'GET', url: '/slack/commands?ssl_check=1' });
  t.same([posted.statusCode, posted.body, got.statusCode], [200, '', 200]);
  t.same([received.length, lines.length, keys.size], [0, 0, 0]);
});

t.test("a command's reply is the answer", async (t) => {
  const { app, received } = serve(t);
  const response = await app.inject(signedPost(slashCommand));
  t.equal(response.statusCode, 200);
  t.match(response.headers['content-type'], /^application\/json/);
  t.match(response.json(), { response_type: 'ephemeral', text: '🚫 No such command', blocks: Array });
  t.match(received, [{ text: 'lb weight web 10', speaker: { account: 'slack:T1/U1' } }]);
});

t.test('a form with a character set is still a form', async (t) => {
  const { app } = serve(t);
  const request = signedPost(slashCommand);
  const headers = {
    ...request.headers,
    'content-type': 'Application/X-WWW-Form-Urlencoded; Charset="UTF-8"',
  };
  t.equal((await app.inject({ ...request, headers })).statusCode, 200);
});

t.test('a reply of nothing is an empty answer', async (t) => {
  const { app } = serve(t, { receive: async () => null });
  const response = await app.inject(signedPost(slashCommand));
  t.same([response.statusCode, response.body], [200, '']);
});

t.test('a press is answered empty and its reply goes to whoever pressed', async (t) => {
  const { app, received, told } = serve(t, { press: async () => refusal });
  const response = await app.inject(signedPost(pressOf('U2'), '/slack/interactions'));
  t.same([response.statusCode, response.body], [200, '']);
  await app.close();
  t.match(received, [{ action: 'cancel', runId: 'r1', speaker: { account: 'slack:T1/U2' } }]);
  t.same(told, [refusal]);
});

t.test('a press that the store cannot take is told as not accepted', async (t) => {
  const { app, told } = serve(t, { press: unavailable });
  const response = await app.inject(signedPost(pressOf('U2'), '/slack/interactions'));
  t.equal(response.statusCode, 200);
  await app.close();
  t.match(told, [{ title: [{ text: /^Not accepted/ }] }]);
});

t.test('an interaction that is none of ours is answered 200 and ignored', async (t) => {
  const { app, received, keys } = serve(t);
  const body = formOf({ payload: JSON.stringify({ type: 'view_closed' }) });
  t.equal((await app.inject(signedPost(body, '/slack/interactions'))).statusCode, 200);
  t.same([received.length, keys.size], [0, 0]);
});
