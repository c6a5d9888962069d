import t from 'tap';
import type { PipelineOrder } from '../../src/core/pipelines.ts';
import { bodyOf, GitLabError } from '../../src/gitlab/answers.ts';
import { type Attempt, classify, startPipeline } from '../../src/gitlab/starting.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';
import type { Fault } from '../fakes/gitlab-faults.ts';

const order: PipelineOrder = { runId: 'r1', project: 'ops/ansible', ref: 'main', inputs: {}, variables: [] };

const answered = (status: number, body: unknown, type = 'application/json', headers = {}): Attempt => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status, headers: { 'content-type': type, ...headers }, text };
  try {
    return { body: bodyOf('POST', 'json', answer) };
  } catch (thrown) {
    return { thrown };
  }
};

const failed = (words: string, sent: boolean): Attempt => ({
  thrown: new GitLabError('gitlab.unreachable', 'POST', {
    status: undefined,
    sent,
    fromGitLab: false,
    words,
  }),
});

const html = '<html>Bad</html>';
const pipeline = {
  id: 7,
  project_id: 1,
  status: 'created',
  created_at: '2026-01-01T00:00:00.000Z',
  web_url: 'https://gl.test/root/Ops/Ansible/-/pipelines/7',
};

const cases: readonly (readonly [string, Attempt, string])[] = [
  ['a connection refused', failed('connect ECONNREFUSED', false), 'not-sent'],
  ['a name that does not resolve', failed('getaddrinfo ENOTFOUND', false), 'not-sent'],
  ['a certificate that does not fit', failed('ERR_TLS_CERT_ALTNAME_INVALID', false), 'not-sent'],
  ['a connect time-out', failed('Connect Timeout Error', false), 'not-sent'],
  ['a reset', failed('read ECONNRESET', true), 'unknown'],
  ['a closed socket', failed('other side closed', true), 'unknown'],
  ['no answer in time', failed('no answer within 20 s', true), 'unknown'],
  ['something that is no error of ours', { thrown: new TypeError('x') }, 'unknown'],
  ['201 with a cut body', answered(201, '{"id": 7'), 'unknown'],
  ['201 without an id', answered(201, { ...pipeline, id: undefined }), 'unknown'],
  ['201 with an id that is a text', answered(201, { ...pipeline, id: '7' }), 'unknown'],
  ['201 with a page', answered(201, html, 'text/html'), 'unknown'],
  [
    '201 for another project',
    answered(201, { ...pipeline, web_url: 'https://gl.test/a/b/-/pipelines/7' }),
    'unknown',
  ],
  [
    '201 for a project whose path only ends alike',
    answered(201, { ...pipeline, web_url: 'https://gl.test/devops/ansible/-/pipelines/7' }),
    'unknown',
  ],
  ['201 with the pipeline', answered(201, pipeline), 'created'],
  ...[400, 401, 403, 404, 405, 413, 415, 422].flatMap((status) => [
    [`${status} by GitLab`, answered(status, { message: 'no' }), 'refused'] as const,
    [`${status} by GitLab as an error`, answered(status, { error: 'no' }), 'refused'] as const,
    [`${status} by a proxy's page`, answered(status, html, 'text/html'), 'unknown'] as const,
    [`${status} with foreign JSON`, answered(status, { fault: 'x' }), 'unknown'] as const,
  ]),
  ['429 with JSON', answered(429, { message: 'Too many' }), 'refused'],
  [
    '429 in plain text with Retry-After',
    answered(429, 'Retry later', 'text/plain', { 'retry-after': '9' }),
    'refused',
  ],
  ['429 with RateLimit headers', answered(429, 'x', 'text/plain', { 'ratelimit-limit': '9' }), 'refused'],
  ['429 by somebody else', answered(429, 'slow down', 'text/plain'), 'unknown'],
  ...[301, 302, 307].map((status) => [`${status}`, answered(status, ''), 'refused'] as const),
  ...[408, 409, 500, 502, 503, 504, 520, 524].flatMap((status) => [
    [`${status} with JSON`, answered(status, { message: 'x' }), 'unknown'] as const,
    [`${status} with a page`, answered(status, html, 'text/html'), 'unknown'] as const,
  ]),
];

t.test('what an answer means', async (t) => {
  for (const [name, attempt, outcome] of cases) t.equal(classify(order, attempt).outcome, outcome, name);
});

t.test('a numeric project is compared by id', async (t) => {
  t.equal(classify({ ...order, project: '1' }, answered(201, pipeline)).outcome, 'created');
  t.equal(classify({ ...order, project: '2' }, answered(201, pipeline)).outcome, 'unknown');
});

const base = (text: string) => answered(400, { message: { base: [text] } });

const advised: readonly (readonly [string, Attempt, RegExp])[] = [
  [
    'variables not allowed',
    base('Insufficient permissions to set pipeline variables'),
    /pass: inputs.*ci_pipeline_variables_minimum_override_role/,
  ],
  ['no such ref', base('Reference not found'), /no branch or tag "main" in ops\/ansible/],
  [
    'too many pipelines',
    base('Too many pipelines created in the last minute. Try again later.'),
    /Wait a minute/,
  ],
  [
    'unknown input',
    base('Given inputs not defined in the `spec` section of the included configuration file'),
    /spec:inputs at the top/,
  ],
  [
    'missing input',
    base('`weight` input: required value has not been provided'),
    /default under spec:inputs/,
  ],
  [
    'not in options',
    base('`env` input: `qa` cannot be used because it is not in the list of allowed options'),
    /disagree/,
  ],
  ['wrong type', base('`weight` input: provided value is not a number'), /disagree/],
  [
    'empty',
    base(
      'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.',
    ),
    /at least one job/,
  ],
  ['filtered', base('Pipeline filtered out by workflow rules.'), /workflow:rules/],
  ['no CI file', base('Missing CI config file'), /no CI file at "main"/],
  [
    'broken YAML',
    base('(<unknown>): did not find expected key while parsing a block mapping at line 3'),
    /pipeline editor/,
  ],
  ['broken needs', base("'a' job needs 'b' job, but 'b' is not in any previous stage"), /pipeline editor/],
  [
    'protected ref',
    base(
      "You do not have sufficient permission to run a pipeline on 'main'. Please select a different branch",
    ),
    /merge or push to "main"/,
  ],
  ['bad token', answered(401, { message: '401 Unauthorized' }), /GITLAB_TOKEN/],
  ['no right', answered(403, { message: '403 Forbidden' }), /Developer/],
  ['no project', answered(404, { message: '404 Project Not Found' }), /ops\/ansible does not exist/],
  ['new words', base('Something nobody foresaw'), /by hand/],
];

t.test('what helps', async (t) => {
  for (const [name, attempt, advice] of advised)
    t.match(classify(order, attempt), { outcome: 'refused', advice }, name);
});

t.test('when to try again', async (t) => {
  const after = (attempt: Attempt) => {
    const outcome = classify(order, attempt);
    return outcome.outcome === 'refused' ? outcome.tryAgainAfterMs : 'not refused';
  };
  t.equal(after(base('Reference not found')), undefined);
  t.equal(after(base('Too many pipelines created in the last minute. Try again later.')), 60_000);
  t.equal(after(answered(429, 'Retry later', 'text/plain', { 'retry-after': '9' })), 9_000);
  t.equal(after(answered(429, { message: 'x' })), 60_000);
});

t.test('against GitLab', async (t) => {
  const faults: readonly (readonly [string, Fault, string, number])[] = [
    ['502 after it was made', { kind: 'html', status: 502, after: true }, 'unknown', 1],
    ['502 before', { kind: 'html', status: 502 }, 'unknown', 0],
    ['a reset after it was made', { kind: 'reset', after: true }, 'unknown', 1],
    ['a cut answer', { kind: 'broken', after: true }, 'unknown', 1],
    ['silence', { kind: 'hang', after: true }, 'unknown', 1],
    ['a redirect', { kind: 'redirect' }, 'refused', 0],
    ['the limiter', { kind: 'status', status: 429, headers: { 'retry-after': '2' } }, 'refused', 0],
  ];
  for (const [name, fault, outcome, made] of faults) {
    const { fake, gitlab } = await gitlabFor(t, { limits: fault.kind === 'hang' ? { writeMs: 1000 } : {} });
    fake.fault(fault);
    t.equal((await startPipeline(gitlab)(order)).outcome, outcome, name);
    t.equal(fake.count('POST', /./), 1, `${name}: one POST`);
    t.equal(fake.pipelines.length, made, `${name}: pipelines made`);
  }
  const { fake, gitlab } = await gitlabFor(t);
  const started = await startPipeline(gitlab)({
    ...order,
    inputs: { dryRun: false, weight: 10 },
    variables: [{ key: 'CHATOPS_RUN_ID', value: 'r1' }],
  });
  t.match(started, { outcome: 'created', pipeline: { project: 'ops/ansible', id: 101, status: 'created' } });
  t.same(fake.seen[0]?.body, {
    ref: 'main',
    inputs: { dryRun: false, weight: 10 },
    variables: [{ key: 'CHATOPS_RUN_ID', value: 'r1', variable_type: 'env_var' }],
  });
  await fake.close();
  t.match(await startPipeline(gitlab)(order), { outcome: 'not-sent' }, 'nothing listens');
});
