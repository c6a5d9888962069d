import t from 'tap';
import { createSlackEndpoint } from '../../../src/chat/slack/endpoint.ts';
import { slackHeaders } from './signed.ts';

const endpoint = createSlackEndpoint({
  secrets: ['s'],
  now: () => 1_000_000,
  seal: (plain) => plain,
  hosts: [],
  log: { warn: () => {} },
  sender: { send: async (address) => ({ sent: true, address }) },
});
const body = (text: string) => ({ rawBody: Buffer.from(text), headers: {} });
const signed = (text: string) => ({
  rawBody: Buffer.from(text),
  headers: slackHeaders('s', '1000', text),
});

t.test('a check of the certificate is answered unsigned', async (t) => {
  t.equal(endpoint.isHandshake(body('ssl_check=1&token=x')), true);
});

const none = {
  'any other truth': body('ssl_check=true'),
  'a body that is not a form': body('ssl_check=1&x=%'),
  'a body longer than Slack sends': body(`ssl_check=1&token=${'x'.repeat(1024)}`),
  'a signed request': signed('ssl_check=1&token=x'),
  'a request with an empty signature': { ...body('ssl_check=1'), headers: { 'x-slack-signature': '' } },
};

for (const [name, raw] of Object.entries(none)) {
  t.test(`${name} is no unsigned check of the certificate`, async (t) => {
    t.equal(endpoint.isHandshake(raw), false);
  });
}

t.test('a signed check of the certificate is verified, then left alone with the command in it', async (t) => {
  for (const which of ['commands', 'interactions'] as const) {
    const verdict = endpoint.verify(signed('ssl_check=1&team_id=T1&user_id=U1&channel_id=C1&text=lb'));
    t.match(verdict.ok && verdict.parse(which), { ok: true, incoming: { kind: 'ignored' } });
  }
});
