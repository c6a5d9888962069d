import t from 'tap';
import { seen, start } from './start.ts';

const ops = 'C0OPSPROD';
const failed = (word: string) => [`slackbot USLACKBOT only U0ANA: /chatops failed with the error "${word}"`];

t.test('a late answer is a timeout, and what it says is lost', async (t) => {
  const { gateway, type, slack } = await start(t, { answerWithin: 50 });
  gateway.answer = (reply) => {
    const timer = setTimeout(() => reply.send('too late'), 5000);
    reply.raw.on('close', () => clearTimeout(timer));
    return reply;
  };
  await type('U0ANA', ops, '/chatops help');
  t.same(seen(slack.messages()), failed('operation_timeout'));
  t.match(slack.exchanges(), [{ status: 0, note: /operation_timeout/ }]);
});

t.test('an app that cannot be reached', async (t) => {
  const { type, slack } = await start(t, { gatewayUrl: () => 'http://127.0.0.1:1' });
  await type('U0ANA', ops, '/chatops help');
  t.same(seen(slack.messages()), failed('dispatch_failed'));
});

t.test('an app whose address is not known yet', async (t) => {
  const { type, slack } = await start(t, {
    gatewayUrl: () => {
      throw new Error('not started');
    },
  });
  await type('U0ANA', ops, '/chatops help');
  t.same(seen(slack.messages()), failed('dispatch_failed'));
});

for (const [status, word] of [
  [201, 'dispatch_failed'],
  [302, 'dispatch_failed'],
  [401, 'dispatch_failed'],
  [404, 'dispatch_failed'],
  [500, 'http_service_error'],
  [503, 'http_service_error'],
] as const) {
  t.test(`an answer with status ${status} is ${word}`, async (t) => {
    const { gateway, type, slack } = await start(t);
    gateway.answer = (reply) => reply.code(status).send('not shown');
    await type('U0ANA', ops, '/chatops help');
    t.same(seen(slack.messages()), failed(word));
  });
}

for (const [sentence, answer] of [
  ['no JSON', '{'],
  ['no object', '"x"'],
  ['invalid blocks', '{"blocks":[{"type":"plan"}]}'],
  ['an unknown response_type', '{"text":"x","response_type":"loud"}'],
] as const) {
  t.test(`an answer that is ${sentence} fails`, async (t) => {
    const { gateway, type, slack } = await start(t);
    gateway.answer = (reply) => reply.type('application/json').send(answer);
    await type('U0ANA', ops, '/chatops help');
    t.same(seen(slack.messages()), failed('invalid_command_response'));
  });
}

t.test('an unknown command does not reach the app', async (t) => {
  const { gateway, type, slack } = await start(t);
  await type('U0ANA', ops, '/deploy now');
  t.match(seen(slack.messages()), [/^slackbot USLACKBOT only U0ANA: \/deploy is not a valid command/]);
  t.same(gateway.received, []);
});

t.test('text without a slash is an ordinary message', async (t) => {
  const { gateway, type, slack } = await start(t);
  await type('U0ANA', ops, ' /chatops <b> @bo');
  t.same(seen(slack.messagesFor('U0BO')), ['person U0ANA:  /chatops &lt;b&gt; <@U0BO|bo>']);
  t.same(gateway.received, []);
});

t.test('a command arrives signed, with all fields and the text escaped', async (t) => {
  const { gateway, type, slack } = await start(t);
  t.equal((await type('U0ANA', ops, '/chatops  say "a & b" <now> @bo #ops-prod ')).status, 204);
  t.equal(gateway.received.length, 1);
  const [first] = gateway.received;
  t.match(first, {
    path: '/slack/commands',
    genuine: true,
    headers: {
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': '1700000000',
    },
  });
  t.match(Object.fromEntries(first?.fields ?? []), {
    token: /./,
    team_id: 'T0SANDBOX',
    team_domain: 'acme',
    channel_id: ops,
    channel_name: 'ops-prod',
    user_id: 'U0ANA',
    user_name: 'ana',
    command: '/chatops',
    text: 'say "a &amp; b" &lt;now&gt; <@U0BO|bo> <#C0OPSPROD|ops-prod>',
    api_app_id: 'A0CHATOPS',
    is_enterprise_install: 'false',
    response_url: new RegExp(`^${slack.url}/commands/T0SANDBOX/\\d+/[\\w-]+$`),
    trigger_id: /^\d+\.\d+\./,
  });
  t.same(slack.messages(), []);
});

t.test('a channel that the person does not see stays a word', async (t) => {
  const { gateway, type } = await start(t);
  await type('U0GUS', 'C0SHOPDEV', '/chatops in #ops-prod');
  t.equal(gateway.received[0]?.fields.get('text'), 'in #ops-prod');
});

t.test('a text answer is only for the person', async (t) => {
  const { gateway, type, slack } = await start(t);
  gateway.answer = (reply) => reply.type('text/plain').send('{"not":"read"}');
  await type('U0ANA', ops, '/chatops help');
  t.same(seen(slack.messages()), ['app U0CHATOPS only U0ANA: {"not":"read"}']);
});

t.test('an answer for the channel shows the typed command first', async (t) => {
  const { gateway, type, slack } = await start(t);
  gateway.answer = (reply) => reply.send({ response_type: 'in_channel', text: 'done' });
  await type('U0ANA', ops, '/chatops lb weight web 10');
  t.same(seen(slack.messagesFor('U0BO')), ['person U0ANA: /chatops lb weight web 10', 'app U0CHATOPS: done']);
});

t.test('an empty answer for the channel shows only the typed command', async (t) => {
  const { gateway, type, slack } = await start(t);
  gateway.answer = (reply) => reply.send({ response_type: 'in_channel' });
  await type('U0ANA', ops, '/chatops help');
  t.same(seen(slack.messages()), ['person U0ANA: /chatops help']);
});

t.test('in a direct channel the channel has no name', async (t) => {
  const { gateway, call, type } = await start(t);
  await call('conversations.open', { users: 'U0ANA' });
  await type('U0ANA', 'D0ANA', '/chatops help');
  t.equal(gateway.received[0]?.fields.get('channel_name'), 'directmessage');
});

t.test('what was sent is told readably, with its secrets shortened', async (t) => {
  const { gateway, type, slack } = await start(t);
  await type('U0ANA', ops, '/chatops help');
  const [told] = slack.exchanges();
  t.match(told, { direction: 'to app', what: '/slack/commands', status: 200, note: /^v0=[0-9a-f]{6}…$/ });
  t.match(told?.request, /^text=help$/m);
  const secret = gateway.received[0]?.fields.get('response_url')?.split('/').at(-1) ?? '';
  t.ok(secret.length > 10);
  t.notOk(told?.request.includes(secret));
});
