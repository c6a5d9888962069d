import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import type { Fault } from '../fakes/gitlab-faults.ts';
import { startFakeSlack } from '../fakes/slack.ts';
import { startFaultyGitLab } from '../support/faulty-gitlab.ts';
import { freePort, gatewayEnv, shared, startGatewayProcess } from '../support/gateway-process.ts';
import { commandFields, formOf, send, signed, unsigned } from '../support/slack-request.ts';
import { ana, modelFile } from '../support/watched-gateway.ts';

const base = (words: string): string => JSON.stringify({ message: { base: [words] } });
const says = (status: number, message: string): Fault => ({
  kind: 'body',
  status,
  body: JSON.stringify({ message }),
});

/** GitLab says no: what it says, and what the caller reads. Nothing exists. */
const refusals: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  unauthorized: [says(401, '401 Unauthorized'), /401 Unauthorized.*GITLAB_TOKEN/],
  forbidden: [says(403, '403 Forbidden'), /403 Forbidden.*role Developer/],
  'not-found': [says(404, '404 Project Not Found'), /404 Project Not Found.*is no member/],
  'no-variables': [
    { kind: 'body', status: 400, body: base('Insufficient permissions to set pipeline variables') },
    /Insufficient permissions to set pipeline variables.*spec:inputs/,
  ],
  'no-ref': [
    { kind: 'body', status: 400, body: base('Reference not found') },
    /Reference not found.*no branch or tag "main" in ops\/no-ref/,
  ],
  moved: [{ kind: 'redirect', status: 301, to: 'https://new.test/api' }, /redirected \(301\).*GITLAB_URL/],
};

/** The answer is lost, but the pipeline was made. */
const lostAfter: Readonly<Record<string, Fault>> = {
  'answered-500': { kind: 'body', status: 500, body: '{"message":"500 Internal Server Error"}', after: true },
  'answered-502': { kind: 'html', status: 502, after: true },
  'answered-504': { kind: 'status', status: 504, after: true },
  'reset-after': { kind: 'reset', after: true },
  'page-after': { kind: 'html', status: 200, after: true },
  'cut-after': { kind: 'broken', after: true },
  'hangs-after': { kind: 'hang', after: true },
};

/** The answer is lost, and nobody can know yet that there is no pipeline. */
const lostBefore: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  'error-500': [{ kind: 'body', status: 500, body: '{"message":"500 Internal Server Error"}' }, /500/],
  'error-502': [{ kind: 'html', status: 502 }, /502/],
  reset: [{ kind: 'reset' }, /ECONNRESET|other side closed/],
  'sign-in-page': [{ kind: 'html', status: 200 }, /a web page came back/],
  'denied-by-a-proxy': [{ kind: 'html', status: 403 }, /403, and not in GitLab's own words/],
};

const others = ['well', 'too-many', 'slow-down', 'cannot-list', 'door', 'stays-shut'];
const slugs = [...Object.keys(refusals), ...Object.keys(lostAfter), ...Object.keys(lostBefore), ...others];
const projectOf = (slug: string): string => `ops/${slug}`;

const commandFile = (slug: string): string => `name: start ${slug}
summary: { en: Start a pipeline }
mode: wait
pipeline: { project: ${projectOf(slug)}, ref: main, pass: variables }
limits: { startWithin: ${slug === 'door' ? '30s' : '3s'} }
`;

const policies = t.testdir({
  'model.conf': modelFile,
  'policy.csv': 'p, *, *, *, *, allow\n',
  commands: Object.fromEntries(slugs.map((slug) => [`${slug}.yml`, commandFile(slug)])),
});

const gitlab = await startFaultyGitLab(slugs.map(projectOf));
const slack = await startFakeSlack();
slack.botIn.add(ana.channel);
const slackUrl = slack.apiUrl.replace(/\/api\/$/, '');

const startGateway = async (gitlabUrl: string) => {
  const gateway = await startGatewayProcess({
    ...gatewayEnv({ slackUrl, gitlabUrl }, await freePort()),
    GITLAB_TOKEN: gitlab.token,
    POLICIES: policies,
    ALLOW_MEMORY_STORE: '1',
  });
  t.teardown(() => gateway.kill());
  return gateway;
};
const gateway = await startGateway(gitlab.url);
await gitlab.door.shut();
const gatewayAtDoor = await startGateway(gitlab.door.url);
t.teardown(async () => {
  await slack.close();
  await gitlab.close();
});

const start = async (slug: string, { url } = gateway): Promise<string> => {
  const form = formOf(commandFields(ana, `start ${slug}`));
  return (await send(url, signed(unsigned(form), shared.signingSecret))).text;
};

/** The run's one message as it reads now. */
const messageOf = (slug: string) =>
  slack.messages.find(({ blocks }) => JSON.stringify(blocks).includes(`\`start ${slug}\``));
const said = (slug: string): string => {
  const blocks = (messageOf(slug)?.blocks ?? []) as readonly { text?: { text: string } }[];
  return blocks.map(({ text }) => text?.text ?? '').join('\n');
};

/** What the run's message reads once it says so. */
const reads = async (slug: string, pattern: RegExp): Promise<string> => {
  const end = Date.now() + 40_000;
  while (!pattern.test(said(slug))) {
    if (Date.now() > end) throw new Error(`start ${slug} never said ${pattern}, but: ${said(slug)}`);
    await pause(20);
  }
  return said(slug);
};

for (const [slug, [fault]] of Object.entries({ ...refusals, ...lostBefore }))
  gitlab.onStart(projectOf(slug), fault);
for (const [slug, fault] of Object.entries(lostAfter)) gitlab.onStart(projectOf(slug), fault);
gitlab.onStart('ops/too-many', {
  kind: 'body',
  status: 400,
  body: base('Too many pipelines created in the last minute. Try again later.'),
});
gitlab.onStart('ops/slow-down', { ...says(429, 'Too many requests'), headers: { 'retry-after': '1' } });
gitlab.onStart('ops/cannot-list', { kind: 'reset', after: true });
gitlab.onList(
  'ops/cannot-list',
  { kind: 'body', status: 500, body: '{"message":"500 Internal Server Error"}' },
  2,
);
// All at once: each project has its own fault, and some take GitLab's whole patience.
await Promise.all(
  slugs.map((slug) => start(slug, ['door', 'stays-shut'].includes(slug) ? gatewayAtDoor : gateway)),
);

t.test('without a fault a command starts one pipeline', async (t) => {
  await reads('well', /is running/);
  t.same([gitlab.asked('ops/well'), gitlab.pipelines('ops/well').length], [1, 1]);
});

for (const [slug, [, words]] of Object.entries(refusals)) {
  t.test(`${slug}: GitLab's words, what helps, and that nothing was started`, async (t) => {
    const text = await reads(slug, /failed/);
    t.match(text, words);
    t.match(text, 'Nothing was started');
    t.same([gitlab.asked(projectOf(slug)), gitlab.pipelines(projectOf(slug)).length], [1, 0]);
  });
}

t.test('too many pipelines: the caller is told, and it is not asked again before its time', async (t) => {
  const text = await reads('too-many', /Too many pipelines/);
  t.match(text, 'Nothing was started');
  t.same([gitlab.asked('ops/too-many'), gitlab.pipelines('ops/too-many').length], [1, 0]);
  t.notMatch(await reads('too-many', /expired/), 'Trying again');
  t.equal(gitlab.asked('ops/too-many'), 1);
});

t.test(
  'GitLab asks to come back in a second: it is asked once more, and there is one pipeline',
  async (t) => {
    await reads('slow-down', /is running/);
    t.same([gitlab.asked('ops/slow-down'), gitlab.pipelines('ops/slow-down').length], [2, 1]);
  },
);

for (const slug of Object.keys(lostAfter)) {
  t.test(`${slug}: the pipeline that was made is found and followed, none is made beside it`, async (t) => {
    const text = await reads(slug, /is running/);
    const [pipeline, ...more] = gitlab.pipelines(projectOf(slug));
    t.ok(pipeline);
    t.same(more, []);
    t.match(JSON.stringify(messageOf(slug)), `pipelines/${pipeline?.id}`);
    t.notMatch(text, 'answer was lost');
    t.equal(gitlab.asked(projectOf(slug)), 1);
  });
}

t.test('GitLab cannot even be asked whether it was started: asked again until it can', async (t) => {
  await reads('cannot-list', /is running/);
  t.same([gitlab.asked('ops/cannot-list'), gitlab.pipelines('ops/cannot-list').length], [1, 1]);
});

t.test('refused connections until it is too late: said so, nothing was started, then or later', async (t) => {
  t.match(await reads('stays-shut', /expired/), /Nothing was started|nothing was started/);
  t.match(said('stays-shut'), /cannot be reached/);
  await reads('door', /cannot be reached.*trying again/s);
  await gitlab.door.open();
  await reads('door', /is running/);
  t.same([gitlab.asked('ops/door'), gitlab.pipelines('ops/door').length], [1, 1]);
  t.same([gitlab.asked('ops/stays-shut'), gitlab.pipelines('ops/stays-shut').length], [0, 0]);
});

for (const [slug, [, words]] of Object.entries(lostBefore)) {
  t.test(`${slug}: nothing is claimed and nothing is sent again while it may still come true`, async (t) => {
    const text = await reads(slug, /answer was lost/);
    t.match(text, words);
    t.match(text, /checking whether it was started/);
    t.notMatch(text, /nothing was started/i);
    t.same([gitlab.asked(projectOf(slug)), gitlab.pipelines(projectOf(slug)).length], [1, 0]);
  });
}

t.test('no token was told or printed', async (t) => {
  const everything = JSON.stringify(slack.messages) + gateway.printed() + gatewayAtDoor.printed();
  t.notMatch(everything, gitlab.token);
  t.notMatch(everything, shared.botToken);
});
