import { createHmac } from 'node:crypto';
import t from 'tap';
import { readWebhook, verifyWebhook } from '../../src/gitlab/webhook.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const seconds = now / 1000;
const key = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const otherKey = `whsec_${Buffer.from('another key another key another!').toString('base64')}`;
const body = Buffer.from('{"object_kind":"pipeline"}\n狸');

const sign = (secret: string, id: string, at: number, bytes: Uint8Array): string => {
  const bare = Buffer.from(secret.slice(6), 'base64');
  return `v1,${createHmac('sha256', bare).update(`${id}.${at}.`).update(bytes).digest('base64')}`;
};

const signed = (changes: Record<string, string | undefined> = {}, at = seconds, secret = key) => ({
  'webhook-id': 'd1',
  'webhook-timestamp': String(at),
  'webhook-signature': sign(secret, 'd1', at, body),
  ...changes,
});

const flipped = Buffer.from(body);
flipped[3] = (flipped[3] ?? 0) ^ 1;

const refused: readonly (readonly [string, Parameters<typeof verifyWebhook>[0], string])[] = [
  ['nothing at all', { headers: {}, rawBody: body, now, secret: 'plain' }, 'request.unverified'],
  [
    'no secret configured',
    { headers: { 'x-gitlab-token': '' }, rawBody: body, now, secret: '' },
    'request.unverified',
  ],
  [
    'an empty token',
    { headers: { 'x-gitlab-token': '' }, rawBody: body, now, secret: 'plain, ' },
    'request.unverified',
  ],
  [
    'a wrong token',
    { headers: { 'x-gitlab-token': 'plaim' }, rawBody: body, now, secret: 'plain' },
    'request.unverified',
  ],
  [
    'a token that begins right',
    { headers: { 'x-gitlab-token': 'plain2' }, rawBody: body, now, secret: 'plain' },
    'request.unverified',
  ],
  [
    'the token twice',
    { headers: { 'x-gitlab-token': ['plain', 'plain'] }, rawBody: body, now, secret: 'plain' },
    'request.unverified',
  ],
  [
    'a signing key sent as the token',
    { headers: { 'x-gitlab-token': key }, rawBody: body, now, secret: key },
    'request.unverified',
  ],
  ['a flipped byte', { headers: signed(), rawBody: flipped, now, secret: key }, 'request.unverified'],
  [
    'another id',
    { headers: signed({ 'webhook-id': 'd2' }), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'another time',
    { headers: signed({ 'webhook-timestamp': String(seconds + 1) }), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'another key',
    { headers: signed({}, seconds, otherKey), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'no id',
    { headers: signed({ 'webhook-id': undefined }), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'no time',
    { headers: signed({ 'webhook-timestamp': undefined }), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'a time that is no number',
    { headers: signed({ 'webhook-timestamp': '1e9' }), rawBody: body, now, secret: key },
    'request.unverified',
  ],
  [
    'an unknown kind of signature',
    {
      headers: signed({ 'webhook-signature': sign(key, 'd1', seconds, body).replace('v1', 'v2') }),
      rawBody: body,
      now,
      secret: key,
    },
    'request.unverified',
  ],
  [
    'a wrong signature beside the right token',
    {
      headers: { ...signed({ 'webhook-signature': 'v1,AAAA' }), 'x-gitlab-token': 'plain' },
      rawBody: body,
      now,
      secret: `plain,${key}`,
    },
    'request.unverified',
  ],
  [
    'an empty signature beside the right token',
    {
      headers: { ...signed({ 'webhook-signature': '' }), 'x-gitlab-token': 'plain' },
      rawBody: body,
      now,
      secret: `plain,${key}`,
    },
    'request.unverified',
  ],
  [
    'a signature taken off beside the right token',
    {
      headers: { ...signed({ 'webhook-signature': undefined }), 'x-gitlab-token': 'plain' },
      rawBody: body,
      now,
      secret: `plain,${key}`,
    },
    'request.unverified',
  ],
  [
    'signed, but only tokens configured',
    { headers: { ...signed(), 'x-gitlab-token': 'plain' }, rawBody: body, now, secret: 'plain' },
    'request.unverified',
  ],
  ['too old', { headers: signed({}, seconds - 301), rawBody: body, now, secret: key }, 'request.stale'],
  [
    'from the future',
    { headers: signed({}, seconds + 301), rawBody: body, now, secret: key },
    'request.stale',
  ],
];

const genuine: readonly (readonly [string, Parameters<typeof verifyWebhook>[0]])[] = [
  ['the token', { headers: { 'x-gitlab-token': 'plain' }, rawBody: body, now, secret: 'plain' }],
  [
    'the second token of the list',
    { headers: { 'x-gitlab-token': 'new' }, rawBody: body, now, secret: `old, new ,${key}` },
  ],
  ['a signature', { headers: signed(), rawBody: body, now, secret: key }],
  [
    'the second key of the list',
    { headers: signed(), rawBody: body, now, secret: `plain,${otherKey},${key}` },
  ],
  [
    'the second of several signatures',
    {
      headers: signed({ 'webhook-signature': `v1,AAAA ${sign(key, 'd1', seconds, body)}` }),
      rawBody: body,
      now,
      secret: key,
    },
  ],
  ['just young enough', { headers: signed({}, seconds - 300), rawBody: body, now, secret: key }],
  ['just not too early', { headers: signed({}, seconds + 300), rawBody: body, now, secret: key }],
];

t.test('refused', async (t) => {
  for (const [name, request, code] of refused)
    t.match(verifyWebhook(request), { genuine: false, code }, name);
});

t.test('genuine', async (t) => {
  for (const [name, request] of genuine) t.same(verifyWebhook(request), { genuine: true }, name);
});

t.test('what an event is about', async (t) => {
  const project = { path_with_namespace: 'ops/ansible' };
  t.match(readWebhook('x'), { kind: 'ignored' });
  t.match(readWebhook(null), { kind: 'ignored' });
  t.match(readWebhook({ object_kind: 'push', project }), { kind: 'ignored' });
  t.match(readWebhook({ object_kind: 'pipeline', project }), { kind: 'ignored' });
  t.match(readWebhook({ object_kind: 'pipeline', object_attributes: { id: 5 } }), { kind: 'ignored' });
  const pipeline = { object_kind: 'pipeline', object_attributes: { id: 5, status: 'running' }, project };
  t.same(readWebhook(pipeline), {
    kind: 'pipeline',
    project: 'ops/ansible',
    pipelineId: 5,
    deliveryId: undefined,
  });
  t.match(readWebhook(pipeline, { 'idempotency-key': 'k' }), { deliveryId: 'k' });
  t.match(readWebhook(pipeline, { 'idempotency-key': 'k', 'webhook-id': 'w' }), { deliveryId: 'w' });
  t.match(readWebhook({ object_kind: 'build', pipeline_id: 6, project }), {
    project: 'ops/ansible',
    pipelineId: 6,
  });
  const homepage = 'https://gl.test/ops/helm';
  t.match(readWebhook({ object_kind: 'build', pipeline_id: 6, repository: { homepage } }), {
    project: 'ops/helm',
  });
});

const push = {
  object_kind: 'push',
  ref: 'refs/heads/main',
  after: 'a'.repeat(40),
  project: { path_with_namespace: 'chatops/policies' },
};

const attributes = {
  iid: 3,
  action: 'update',
  state: 'opened',
  target_branch: 'main',
  last_commit: { id: 'b'.repeat(40) },
  source: { path_with_namespace: 'bo/policies' },
};
const { project: policies } = push;

t.test('a push or a merge request that lacks what it is about is ignored', async (t) => {
  for (const [name, body] of [
    ['a push without a ref', { ...push, ref: undefined }],
    ['a push without its commit', { ...push, after: 7 }],
    ['a push to nowhere', { ...push, project: null }],
    ['a pushed tag', { ...push, object_kind: 'tag_push', ref: 'refs/tags/v1' }],
    ['a merge request without attributes', { object_kind: 'merge_request', project: policies }],
    [
      'a merge request without a number',
      { object_kind: 'merge_request', project: policies, object_attributes: { ...attributes, iid: '3' } },
    ],
    [
      'a merge request into nothing',
      {
        object_kind: 'merge_request',
        project: policies,
        object_attributes: { ...attributes, target_branch: null },
      },
    ],
    ['a merge request of nothing', { object_kind: 'merge_request', object_attributes: attributes }],
  ] as const)
    t.match(readWebhook(body), { kind: 'ignored' }, name);
});

t.test('a push and a merge request', async (t) => {
  t.same(readWebhook(push), {
    kind: 'push',
    project: 'chatops/policies',
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
  });
  const whole = { object_kind: 'merge_request', project: policies, object_attributes: attributes };
  const event = {
    kind: 'merge-request',
    project: 'chatops/policies',
    iid: 3,
    sha: 'b'.repeat(40),
    targetBranch: 'main',
    sourceProject: 'bo/policies',
    action: 'update',
    state: 'opened',
  };
  t.same(readWebhook(whole), event);
  const bare = { iid: 3, target_branch: 'main', last_commit: { id: [] }, source: 'bo', action: {} };
  t.same(
    readWebhook({ ...whole, object_attributes: bare }),
    { ...event, sha: undefined, sourceProject: undefined, action: undefined, state: undefined },
    'what is told in another shape is as if it were not told',
  );
});
