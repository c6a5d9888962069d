import t from 'tap';
import { request } from 'undici';
import { botToken, seen, start } from './start.ts';

const ops = 'C0OPSPROD';
const section = (length: number) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });

t.test('who may call', async (t) => {
  const { post } = await start(t);
  const error = async (path: string, headers: Record<string, string>) =>
    JSON.parse((await post(path, {}, headers)).body).error;
  t.equal(await error('/api/chat.postMessage', {}), 'not_authed');
  t.equal(await error('/api/chat.postMessage', { authorization: 'Bearer xoxb-other' }), 'invalid_auth');
  t.equal(await error('/api/chat.postMessage', { authorization: `Basic ${botToken}` }), 'not_authed');
  t.equal(await error('/api/constructor', { authorization: `Bearer ${botToken}` }), 'unknown_method');
  t.equal((await post('/api/auth.test', {})).status, 200);
});

t.test('a body that cannot be read', async (t) => {
  const { post } = await start(t);
  const error = async (body: string, type: string) => {
    const headers = { authorization: `Bearer ${botToken}`, 'content-type': type };
    return JSON.parse((await post('/api/chat.postMessage', body, headers)).body).error;
  };
  t.equal(await error('{', 'application/json'), 'invalid_json');
  t.equal(await error('[]', 'application/json; charset=utf-8'), 'json_not_object');
  t.equal(await error('<a/>', 'text/xml'), 'invalid_post_type');
});

const refused: readonly (readonly [
  sentence: string,
  method: string,
  args: Record<string, unknown>,
  error: string,
])[] = [
  ['no such channel', 'chat.postMessage', { channel: 'C0NONE', text: 'x' }, 'channel_not_found'],
  ['a channel without the app', 'chat.postMessage', { channel: 'C0RANDOM', text: 'x' }, 'not_in_channel'],
  ['nothing to say', 'chat.postMessage', { channel: ops, text: ' ' }, 'no_text'],
  ['no text and no blocks', 'chat.postMessage', { channel: ops, blocks: [] }, 'no_text'],
  [
    'blocks that are no array',
    'chat.postMessage',
    { channel: ops, blocks: '{"a":1}' },
    'invalid_blocks_format',
  ],
  ['blocks that are no JSON', 'chat.postMessage', { channel: ops, blocks: '[' }, 'invalid_blocks_format'],
  [
    'blocks over the sum',
    'chat.postMessage',
    { channel: ops, blocks: [1, 2, 3, 4, 5].map(() => section(2999)) },
    'msg_blocks_too_long',
  ],
  [
    'a thread that is not there',
    'chat.postMessage',
    { channel: ops, text: 'x', thread_ts: '1.2' },
    'thread_not_found',
  ],
  [
    'an ephemeral message to a stranger',
    'chat.postEphemeral',
    { channel: ops, user: 'U0GUS', text: 'x' },
    'user_not_in_channel',
  ],
  [
    'an ephemeral message where the app is not',
    'chat.postEphemeral',
    { channel: 'C0RANDOM', user: 'U0ANA', text: 'x' },
    'not_in_channel',
  ],
  ['an update of nothing', 'chat.update', { channel: ops, ts: '1.000000', text: 'x' }, 'message_not_found'],
  ['a deletion of nothing', 'chat.delete', { channel: ops, ts: '1.000000' }, 'message_not_found'],
  ['an unknown user', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
  ['an unknown channel', 'conversations.info', { channel: 'C0NONE' }, 'channel_not_found'],
  ['a direct channel with nobody', 'conversations.open', {}, 'users_list_not_supplied'],
];

for (const [sentence, method, args, error] of refused) {
  t.test(`${method} refuses: ${sentence}`, async (t) => {
    const { call, slack } = await start(t);
    t.match(await call(method, args), { ok: false, error });
    t.same(slack.messages(), []);
  });
}

t.test('invalid blocks are named', async (t) => {
  const { call } = await start(t);
  const answer = await call('chat.postMessage', { channel: ops, text: 'x', blocks: [section(3001)] });
  t.match(answer, {
    ok: false,
    error: 'invalid_blocks',
    response_metadata: {
      messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    },
  });
});

t.test("a person's message cannot be changed or deleted by the app", async (t) => {
  const { call, type, slack } = await start(t);
  await type('U0ANA', ops, 'mine');
  const ts = slack.messages()[0]?.ts;
  t.match(await call('chat.update', { channel: ops, ts, text: 'x' }), { error: 'cant_update_message' });
  t.match(await call('chat.delete', { channel: ops, ts }), { error: 'cant_delete_message' });
  t.same(seen(slack.messages()), ['person U0ANA: mine']);
});

t.test('an ephemeral message is for one person and cannot be found again', async (t) => {
  const { call, slack } = await start(t);
  const posted = await call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'psst' });
  t.match(await call('chat.update', { channel: ops, ts: posted.message_ts, text: 'x' }), {
    error: 'message_not_found',
  });
  t.match(await call('chat.delete', { channel: ops, ts: posted.message_ts }), { error: 'message_not_found' });
  t.same(seen(slack.messagesFor('U0ANA')), ['app U0CHATOPS only U0ANA: psst']);
  t.same(slack.messagesFor('U0BO'), []);
});

t.test('too many messages in one channel', async (t) => {
  const { post, clock, slack } = await start(t, { rate: { burst: 2, perSecond: 1 } });
  const say = () =>
    post('/api/chat.postMessage', { channel: ops, text: 'x' }, { authorization: `Bearer ${botToken}` });
  await say();
  await say();
  const refusal = await say();
  t.equal(refusal.status, 429);
  t.equal(refusal.headers['retry-after'], '1');
  t.match(JSON.parse(refusal.body), { ok: false, error: 'ratelimited' });
  t.equal(slack.messages().length, 2);
  clock.now += 1000;
  t.equal((await say()).status, 200);
});

t.test('a long text is cut in a new message and refused in an update', async (t) => {
  const { call, slack } = await start(t);
  const posted = await call('chat.postMessage', { channel: ops, text: 'x'.repeat(40_001) });
  t.equal(slack.messages()[0]?.text.length, 40_000);
  const update = { channel: ops, ts: posted.ts };
  t.match(await call('chat.update', { ...update, text: 'x'.repeat(4001) }), { error: 'msg_too_long' });
  t.match(await call('chat.update', { ...update, text: 'x'.repeat(4000) }), { ok: true });
});

t.test('an update with a text alone removes the blocks', async (t) => {
  const { call, slack } = await start(t);
  const posted = await call('chat.postMessage', { channel: ops, text: 'one', blocks: [section(3)] });
  t.match(slack.messages(), [{ edited: false, blocks: [{ type: 'section' }] }]);
  await call('chat.update', { channel: ops, ts: posted.ts, text: 'two' });
  t.match(slack.messages(), [{ ts: posted.ts, text: 'two', blocks: [], edited: true }]);
});

t.test('a deleted message is gone for everyone', async (t) => {
  const { call, slack } = await start(t);
  const posted = await call('chat.postMessage', { channel: ops, text: 'oops' });
  t.match(await call('chat.delete', { channel: ops, ts: posted.ts }), { ok: true });
  t.same(slack.messagesFor('U0ANA'), []);
  t.match(slack.messages(), [{ deleted: true, text: '' }]);
});

t.test('controls without ids get some', async (t) => {
  const { call, slack } = await start(t);
  const button = { type: 'button', text: { type: 'plain_text', text: 'Go' } };
  await call('chat.postMessage', {
    channel: ops,
    text: 'x',
    blocks: [{ type: 'actions', elements: [button, button] }],
  });
  t.match(slack.messages(), [
    { blocks: [{ block_id: /./, elements: [{ action_id: /./ }, { action_id: /./ }] }] },
  ]);
});

t.test('ids of messages never repeat and never go back', async (t) => {
  const { call, slack, clock } = await start(t);
  await call('chat.postMessage', { channel: ops, text: 'a' });
  await call('chat.postMessage', { channel: ops, text: 'b' });
  clock.now -= 60_000;
  await call('chat.postMessage', { channel: ops, text: 'c' });
  t.same(
    slack.messages().map((each) => each.ts),
    ['1700000000.000000', '1700000000.000001', '1700000000.000002'],
  );
});

t.test('a message to a person goes to their direct channel', async (t) => {
  const { call, slack } = await start(t);
  t.match(await call('chat.postMessage', { channel: 'U0BO', text: 'hi' }), { ok: true, channel: 'D0BO' });
  t.match(await call('conversations.open', { users: 'U0BO' }), { channel: { id: 'D0BO' } });
  t.same(seen(slack.messagesFor('U0BO')), ['app U0CHATOPS: hi']);
  t.same(slack.messagesFor('U0ANA'), []);
});

t.test('a form with blocks as JSON, and a query, are read too', async (t) => {
  const { slack } = await start(t);
  const form = new URLSearchParams({ channel: ops, text: 'x', blocks: JSON.stringify([section(1)]) });
  const headers = {
    authorization: `Bearer ${botToken}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  await request(`${slack.url}/api/chat.postMessage`, { method: 'POST', headers, body: form.toString() });
  t.match(slack.messages(), [{ blocks: [{ type: 'section' }] }]);
  const answer = await request(`${slack.url}/api/users.info?user=U0GUS`, {
    headers: { authorization: `Bearer ${botToken}` },
  });
  t.match(await answer.body.json(), { ok: true, user: { is_restricted: true, is_bot: false } });
});

t.test('a call is told with its outcome, without the token', async (t) => {
  const { call, slack } = await start(t);
  await call('chat.postMessage', {
    channel: ops,
    text: `my tokens are ${botToken} and xoxp-another-one`,
    token: botToken,
  });
  await call('chat.postMessage', { channel: 'C0NONE', text: 'x' });
  t.match(slack.exchanges(), [
    { id: 1, direction: 'from app', what: 'chat.postMessage', status: 200, note: 'ok' },
    { id: 2, note: 'channel_not_found' },
  ]);
  t.notMatch(JSON.stringify(slack.exchanges()), botToken);
  t.notMatch(JSON.stringify(slack.exchanges()), 'another-one');
});

t.test('only the last 200 exchanges are kept', async (t) => {
  const { call, slack } = await start(t);
  for (let at = 0; at < 205; at += 1) await call('auth.test', {});
  t.equal(slack.exchanges().length, 200);
  t.equal(slack.exchanges()[0]?.id, 6);
});
