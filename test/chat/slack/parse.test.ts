import t from 'tap';
import { readReplyAddress } from '../../../src/chat/slack/address.ts';
import type { Reading } from '../../../src/chat/slack/origin.ts';
import { type Parsed, parseSlack } from '../../../src/chat/slack/parse.ts';
import { genuine } from './signed.ts';

const warnings: object[] = [];
const reading: Reading = {
  now: () => 5000,
  seal: (plain) => `sealed(${plain})`,
  hosts: [{ protocol: 'https:', hostname: 'hooks.slack.com', port: '' }],
  log: { warn: (fields) => warnings.push(fields) },
};
const fields = {
  team_id: 'T1',
  user_id: 'U1',
  user_name: 'ana',
  channel_id: 'C1',
  channel_name: 'ops',
  command: '/chatops',
  text: 'lb weight web 10',
  trigger_id: '1.2.abc',
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
};
const formOf = (values: Readonly<Record<string, string>>) => new URLSearchParams(values).toString();
const command = (body: string | Buffer) => parseSlack(genuine(body), 'commands', reading);
const commandWith = (change: Readonly<Record<string, string>>) => command(formOf({ ...fields, ...change }));
const press = (payload: string) => parseSlack(genuine(formOf({ payload })), 'interactions', reading);

const malformed: Readonly<Record<string, () => Parsed>> = {
  'a body that is not UTF-8': () =>
    command(Buffer.concat([Buffer.from(formOf(fields)), Buffer.from([0x26, 0xff])])),
  'a percent-encoding that is not UTF-8': () => command(`${formOf(fields)}&x=%ff`),
  'a percent-encoding that breaks off': () => command(`${formOf(fields)}&x=%4`),
  'a percent-encoding that is none': () => command(`${formOf(fields)}&x=%zz`),
  'a field that is there twice': () => command(`${formOf(fields)}&text=other`),
  'a field that is there twice, once in disguise': () => command(`${formOf(fields)}&te%78t=other`),
  'an empty body': () => command(''),
  'a missing user': () => commandWith({ user_id: '' }),
  'a missing team': () => commandWith({ team_id: '' }),
  'a missing channel': () => commandWith({ channel_id: '' }),
  'a user id with a separator in it': () => commandWith({ user_id: 'U1/T2' }),
  'an interaction without a payload': () => press(''),
  'an interaction whose payload is a list': () => press('[]'),
  'a button of ours without a run': () =>
    press(
      JSON.stringify({ type: 'block_actions', actions: [{ action_id: 'chatops.cancel', value: 'a b' }] }),
    ),
  'a press by nobody': () =>
    press(JSON.stringify({ type: 'block_actions', actions: [{ action_id: 'chatops.cancel', value: 'r1' }] })),
};

for (const [name, parse] of Object.entries(malformed)) {
  t.test(`${name} is malformed`, async (t) => t.match(parse(), { ok: false, code: 'request.malformed' }));
}

const ignored: Readonly<Record<string, object>> = {
  'a view that was submitted': { type: 'view_submission' },
  'a page that was opened by a button': { type: 'block_actions', actions: [{ action_id: 'chatops-open.0' }] },
  'a button of another app': { type: 'block_actions', actions: [{ action_id: 'other', value: 'r1' }] },
  'an action with letters that none of ours has': {
    type: 'block_actions',
    actions: [{ action_id: 'chatops.Cancel!', value: 'r1' }],
  },
};

for (const [name, payload] of Object.entries(ignored)) {
  t.test(`${name} is ignored`, async (t) => {
    t.match(press(JSON.stringify(payload)), { ok: true, incoming: { kind: 'ignored', because: String } });
  });
}

t.test('a slash command becomes an invocation by immutable ids', async (t) => {
  const parsed = commandWith({});
  t.match(parsed, {
    ok: true,
    incoming: {
      kind: 'invocation',
      invocation: {
        delivery: 'slack:T1/1.2.abc',
        speaker: { account: 'slack:T1/U1', name: 'ana' },
        channel: { id: 'slack:T1/C1', name: 'ops' },
        text: 'lb weight web 10',
        receivedAt: 5000,
      },
    },
  });
  if (!parsed.ok || parsed.incoming.kind !== 'invocation') return;
  t.match(readReplyAddress(parsed.incoming.invocation.replyTo), {
    team: 'T1',
    channel: 'C1',
    user: 'U1',
    responseUrl: `sealed(${fields.response_url})`,
    expiresAt: 5000 + 30 * 60_000,
    usesLeft: 5,
    message: null,
  });
});

t.test('the same body without a trigger is the same delivery, another body is not', async (t) => {
  const delivery = (parsed: Parsed) =>
    parsed.ok && parsed.incoming.kind === 'invocation' ? parsed.incoming.invocation.delivery : '';
  const first = delivery(commandWith({ trigger_id: '' }));
  t.match(first, /^slack:T1\/[0-9a-f]{64}$/);
  t.equal(first, delivery(commandWith({ trigger_id: '' })));
  t.not(first, delivery(commandWith({ trigger_id: '', text: 'other' })));
});

t.test('a response_url elsewhere is dropped and said in the log, without the url', async (t) => {
  warnings.length = 0;
  const parsed = commandWith({ response_url: 'https://evil.example/commands/secret' });
  const address = parsed.ok && parsed.incoming.kind === 'invocation' && parsed.incoming.invocation.replyTo;
  t.equal(address && readReplyAddress(address)?.responseUrl, null);
  t.match(warnings, [{ host: 'evil.example' }]);
  t.notMatch(JSON.stringify(warnings), 'secret');
});

t.test('a pressed button of ours becomes a press by whoever pressed it', async (t) => {
  const payload = {
    type: 'block_actions',
    trigger_id: '9.9.z',
    team: { id: 'T1' },
    user: { id: 'U2', username: 'bo', team_id: 'T1' },
    channel: { id: 'C1', name: 'ops' },
    response_url: fields.response_url,
    actions: [{ action_id: 'chatops.cancel.2', value: 'r7k2p9', type: 'button' }],
  };
  t.match(press(JSON.stringify(payload)), {
    ok: true,
    incoming: {
      kind: 'press',
      press: {
        delivery: 'slack:T1/9.9.z',
        speaker: { account: 'slack:T1/U2', name: 'bo' },
        channel: { id: 'slack:T1/C1', name: 'ops' },
        action: 'cancel',
        runId: 'r7k2p9',
      },
    },
  });
});
