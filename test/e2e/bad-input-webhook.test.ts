import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { type SlackRequest, unsigned } from '../support/slack-request.ts';
import { ana, startWatchedGateway } from '../support/watched-gateway.ts';

const token = 'the-token-of-the-webhook';
const key = `whsec_${Buffer.from('the signing key of the webhook..').toString('base64')}`;
const gateway = await startWatchedGateway(t, { GITLAB_WEBHOOK_SECRET: `${token},${key}` });

/** What GitLab sends when a pipeline changed. */
const event = (id: number): string =>
  JSON.stringify({
    object_kind: 'pipeline',
    object_attributes: { id, status: 'success' },
    project: { path_with_namespace: 'ops/ansible' },
  });

const delivery = (body: Buffer | string, headers: Readonly<Record<string, string>>): SlackRequest => ({
  ...unsigned(body, '/gitlab/webhook'),
  headers: { 'content-type': 'application/json', 'x-gitlab-event': 'Pipeline Hook', ...headers },
});

const withToken = (body: Buffer | string, headers: Readonly<Record<string, string>> = {}) =>
  delivery(body, { 'x-gitlab-token': token, ...headers });

/** Signed as https://docs.gitlab.com/user/project/integrations/webhooks/ tells. */
const withSignature = (body: string, secret: string, at = Math.floor(Date.now() / 1000)): SlackRequest => {
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  const signature = mac.update(`d1.${at}.`).update(body).digest('base64');
  const proof = {
    'webhook-id': 'd1',
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${signature}`,
  };
  return delivery(body, proof);
};

const otherKey = `whsec_${Buffer.from('a signing key of somebody else..').toString('base64')}`;

const refused: Readonly<Record<string, readonly [() => SlackRequest, number, string]>> = {
  'no token': [() => delivery(event(101), {}), 401, 'request.unverified'],
  'an empty token': [() => delivery(event(101), { 'x-gitlab-token': '' }), 401, 'request.unverified'],
  'a wrong token': [() => delivery(event(101), { 'x-gitlab-token': `${token}x` }), 401, 'request.unverified'],
  'the signing key sent as a token': [
    () => delivery(event(101), { 'x-gitlab-token': key }),
    401,
    'request.unverified',
  ],
  'both secrets as one token': [
    () => delivery(event(101), { 'x-gitlab-token': `${token},${key}` }),
    401,
    'request.unverified',
  ],
  "a signature with somebody else's key": [
    () => withSignature(event(101), otherKey),
    401,
    'request.unverified',
  ],
  'a wrong signature beside the right token': [
    () => {
      const { headers, ...request } = withSignature(event(101), otherKey);
      return { ...request, headers: { ...headers, 'x-gitlab-token': token } };
    },
    401,
    'request.unverified',
  ],
  'a body that was changed after it was signed': [
    () => ({ ...withSignature(event(101), key), body: Buffer.from(event(102)) }),
    401,
    'request.unverified',
  ],
  'a signature that is an hour old': [
    () => withSignature(event(101), key, Math.floor(Date.now() / 1000) - 3600),
    401,
    'request.stale',
  ],
  'a body that is not JSON': [() => withToken('{"object_kind":'), 400, 'request.malformed'],
  'a body that is not UTF-8': [
    () => withToken(Buffer.from([0x22, 0xc3, 0x28, 0x22])),
    400,
    'request.malformed',
  ],
  'an empty body': [() => withToken(''), 400, 'request.malformed'],
  'a form': [
    () => withToken('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'request.media-type',
  ],
  'a body over the limit': [() => withToken(`"${'x'.repeat(2 * 1024 * 1024)}"`), 413, 'request.too-large'],
};

for (const [name, [request, status, code]] of Object.entries(refused)) {
  t.test(`${name} is answered ${status} and leaves one line in the log`, async (t) => {
    const { answer, warned, ...left } = await gateway.send(request());
    t.match(answer, { status, type: /^application\/problem\+json/ });
    t.match(JSON.parse(answer.text), { status, code });
    t.match(warned, [{ level: 40, code, because: /./ }]);
    t.equal(warned.length, 1);
    t.same(left, { stored: [], audited: [], pipelines: 0 });
    t.notMatch(JSON.stringify(warned), token);
  });
}

const nothingForUs: Readonly<Record<string, string>> = {
  'a pipeline that no run follows': event(999),
  'another kind of event': '{"object_kind":"push"}',
  'a list': '[]',
  'a pipeline without an id': '{"object_kind":"pipeline","project":{"path_with_namespace":"ops/ansible"}}',
};

for (const [name, body] of Object.entries(nothingForUs)) {
  t.test(`${name} is taken and nothing comes of it`, async (t) => {
    const { answer, ...left } = await gateway.send(withToken(body));
    t.equal(answer.status, 204);
    t.same(left, { warned: [], stored: [], audited: [], pipelines: 0 });
  });
}

t.test('a delivery that claims success ends nothing: GitLab is asked, and it still runs', async (t) => {
  await gateway.type(ana, 'lb weight web 10');
  while (gateway.gitlab.pipelines.length === 0) await pause(20);
  const looks = () => gateway.gitlab.count('GET', /\/pipelines/);
  const before = looks();
  for (const request of [withToken(event(101)), withSignature(event(101), key)]) {
    const { answer, audited } = await gateway.send(request);
    t.equal(answer.status, 204);
    t.notOk(audited.some(({ to }) => to === 'succeeded'));
  }
  while (looks() === before) await pause(20);
  t.match(gateway.gitlab.pipelines, [{ status: 'created' }]);
  t.notMatch(JSON.stringify(gateway.slack.messages), 'succeeded');
});
