import t from 'tap';
import { type Started, seen, start } from './start.ts';

const ops = 'C0OPSPROD';
const label = { type: 'plain_text', text: 'Cancel' };
const menu = { type: 'overflow', action_id: 'more', options: [{ text: label, value: 'retry' }] };
const buttons = [
  { type: 'section', block_id: 'top', text: { type: 'mrkdwn', text: 'a run' }, accessory: menu },
  {
    type: 'actions',
    block_id: 'row',
    elements: [{ type: 'button', action_id: 'cancel', text: label, value: 'run-1', style: 'danger' }],
  },
];

/** A message with buttons in #ops-prod. */
async function withButtons(started: Started, channel = ops) {
  const { ts } = await started.call('chat.postMessage', { channel, text: 'a run', blocks: buttons });
  return { as: 'U0BO', channel, ts, blockId: 'row', actionId: 'cancel' };
}

async function press(started: Started, pressed: Record<string, unknown>): Promise<number> {
  const { status } = await started.post('/sandbox/press', pressed);
  await started.slack.settled();
  return status;
}

function payloadOf(started: Started) {
  return JSON.parse(started.gateway.received.at(-1)?.fields.get('payload') ?? 'null');
}

for (const [sentence, change, status] of [
  ['of a message that is not there', { ts: '1.000000' }, 404],
  ['on a block that is not there', { blockId: 'other' }, 404],
  ['on a button that is not there', { actionId: 'deploy' }, 404],
  ['on a menu without an option', { blockId: 'top', actionId: 'more' }, 404],
  ['on an option that is not there', { blockId: 'top', actionId: 'more', option: 'delete' }, 404],
  ['by someone outside the channel', { as: 'U0GUS' }, 403],
  ['by nobody', { as: 'U0NOBODY' }, 403],
  ['without an action', { actionId: 1 }, 400],
] as const) {
  t.test(`a press ${sentence} is refused`, async (t) => {
    const started = await start(t);
    const pressed = await withButtons(started);
    t.equal(await press(started, { ...pressed, ...change }), status);
    t.same(started.gateway.received, []);
  });
}

t.test('a button that an update removed cannot be pressed', async (t) => {
  const started = await start(t);
  const pressed = await withButtons(started);
  await started.call('chat.update', { channel: ops, ts: pressed.ts, text: 'over' });
  t.equal(await press(started, pressed), 404);
  t.same(started.gateway.received, []);
});

t.test("nobody presses a button of another's ephemeral message", async (t) => {
  const started = await start(t);
  await started.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'x', blocks: buttons });
  const [message] = started.slack.messages();
  const pressed = { channel: ops, ts: message?.ts, blockId: 'row', actionId: 'cancel' };
  t.equal(await press(started, { ...pressed, as: 'U0BO' }), 404);
  t.equal(await press(started, { ...pressed, as: 'U0ANA' }), 204);
  t.match(payloadOf(started), { container: { is_ephemeral: true }, user: { id: 'U0ANA' } });
  t.notOk('message' in payloadOf(started));
});

t.test('an app that refuses a press', async (t) => {
  const started = await start(t);
  started.gateway.answer = (reply) => reply.code(401).send('');
  await press(started, await withButtons(started));
  t.match(
    seen(started.slack.messagesFor('U0BO')).at(-1),
    /^slackbot USLACKBOT only U0BO: .*"dispatch_failed"/,
  );
});

t.test('a press arrives signed, with what was pressed', async (t) => {
  const started = await start(t);
  const pressed = await withButtons(started);
  t.equal(await press(started, pressed), 204);
  t.match(started.gateway.received, [{ path: '/slack/interactions', genuine: true }]);
  t.match(payloadOf(started), {
    type: 'block_actions',
    user: { id: 'U0BO', username: 'bo', team_id: 'T0SANDBOX' },
    team: { id: 'T0SANDBOX', domain: 'acme' },
    channel: { id: ops, name: 'ops-prod' },
    container: { type: 'message', message_ts: pressed.ts, channel_id: ops, is_ephemeral: false },
    message: { ts: pressed.ts, text: 'a run', bot_id: 'B0CHATOPS', blocks: [{}, { block_id: 'row' }] },
    api_app_id: 'A0CHATOPS',
    trigger_id: /./,
    response_url: /\/actions\/T0SANDBOX\//,
    actions: [
      {
        type: 'button',
        action_id: 'cancel',
        block_id: 'row',
        value: 'run-1',
        text: label,
        action_ts: /^\d+\.\d{6}$/,
      },
    ],
  });
});

t.test('a chosen option arrives whole', async (t) => {
  const started = await start(t);
  const pressed = await withButtons(started);
  await press(started, { ...pressed, blockId: 'top', actionId: 'more', option: 'retry' });
  t.match(payloadOf(started).actions, [{ type: 'overflow', selected_option: { value: 'retry' } }]);
});

t.test('the response_url of a press replaces and deletes the pressed message', async (t) => {
  const started = await start(t);
  await press(started, await withButtons(started));
  const url = payloadOf(started).response_url;
  t.equal((await started.post(url, { replace_original: true })).body, 'no_text');
  t.equal((await started.post(url, { replace_original: true, text: 'canceled' })).status, 200);
  t.match(started.slack.messages(), [{ text: 'canceled', blocks: [], edited: true, onlyFor: null }]);
  t.equal((await started.post(url, { text: 'you did it' })).status, 200);
  t.same(seen(started.slack.messages()), ['app U0CHATOPS: canceled', 'app U0CHATOPS only U0BO: you did it']);
  t.equal((await started.post(url, { delete_original: true })).status, 200);
  t.same(seen(started.slack.messagesFor('U0ANA')), []);
  t.equal((await started.post(url, { replace_original: true, text: 'again' })).body, 'message_not_found');
});

t.test('an ephemeral message can be replaced through its press', async (t) => {
  const started = await start(t);
  await started.call('chat.postEphemeral', { channel: ops, user: 'U0ANA', text: 'sure?', blocks: buttons });
  const ts = started.slack.messages()[0]?.ts;
  await press(started, { as: 'U0ANA', channel: ops, ts, blockId: 'row', actionId: 'cancel' });
  await started.post(payloadOf(started).response_url, { replace_original: true, text: 'done' });
  t.same(seen(started.slack.messages()), ['app U0CHATOPS only U0ANA: done']);
});
