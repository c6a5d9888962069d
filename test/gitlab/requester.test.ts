import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import t from 'tap';
import { createGitLab } from '../../src/gitlab/client.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';
import type { Fault } from '../fakes/gitlab-faults.ts';

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing was thrown',
    (thrown: unknown) => thrown,
  );

t.test('a redirect is an error, and the token goes to no other origin', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  const heard: unknown[] = [];
  const other = createServer((request, response) => {
    heard.push(request.headers);
    response.end('{}');
  });
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  t.teardown(() => other.close());
  const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/api/v4/user?private_token=x`;
  for (const status of [301, 302, 303, 307, 308]) {
    fake.fault({ kind: 'redirect', to, status });
    await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unexpected', status }, `${status} read`);
    fake.fault({ kind: 'redirect', to, status });
    await t.rejects(
      gitlab.Pipelines.create('ops/ansible', 'main', {}),
      { name: 'GitLabError', status },
      `${status} write`,
    );
  }
  fake.fault({ kind: 'body', status: 302, headers: { location: to }, body: '{"id":1,"username":"x"}' });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unexpected' }, 'whatever its body says');
  t.same(heard, []);
});

t.test('a write is sent exactly once, whatever happens to it', async (t) => {
  const faults: Record<string, Fault> = {
    '502 after GitLab made it': { kind: 'html', status: 502, after: true },
    '503': { kind: 'html', status: 503 },
    '429 with a wait': { kind: 'body', status: 429, headers: { 'retry-after': '1' } },
    'a reset after GitLab made it': { kind: 'reset', after: true },
    'a reset before': { kind: 'reset' },
    silence: { kind: 'hang' },
  };
  for (const [name, fault] of Object.entries(faults)) {
    const { fake, gitlab, pauses } = await gitlabFor(t, {
      limits: fault.kind === 'hang' ? { writeMs: 1000 } : {},
    });
    fake.fault(fault, { method: 'POST' });
    await t.rejects(gitlab.Pipelines.create('ops/ansible', 'main', {}), { name: 'GitLabError' }, name);
    t.equal(fake.count('POST', /pipeline$/), 1, `${name}: one POST`);
    t.same(pauses, [], `${name}: no pause for another`);
  }
});

t.test('a write never uses a connection that was used before', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  t.same(
    fake.seen.map(({ headers }) => headers.connection),
    ['close', 'close'],
  );
});

t.test('a read is tried again at most twice, and not before GitLab wants it', async (t) => {
  const { fake, gitlab, pauses } = await gitlabFor(t);
  fake.fault({ kind: 'html', status: 502 }, {}, 2);
  t.match(await gitlab.Users.showCurrentUser(), { username: 'gateway' }, 'the third try counts');
  t.same(pauses.splice(0), [200, 800]);

  fake.fault({ kind: 'reset' }, {}, 3);
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unreachable', sent: true });
  t.equal(fake.seen.length, 6, 'three and three requests');
  pauses.splice(0);

  fake.fault({ kind: 'status', status: 429, headers: { 'retry-after': '3' } });
  await gitlab.Users.showCurrentUser();
  t.same(pauses.splice(0), [3000], 'Retry-After counts');

  fake.fault({ kind: 'status', status: 429, headers: { 'retry-after': '60' } });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.refused', tryAgainAfterMs: 60_000 });
  t.same(pauses, [], 'a longer one is passed on instead of waited for');

  fake.fault({ kind: 'status', status: 500 });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unreachable', status: 500 });
});

t.test('what GitLab answers is told apart from what others answer', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  fake.fault({ kind: 'html' });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unexpected', message: /sign-in page/ });
  fake.fault({ kind: 'html' });
  await t.rejects(gitlab.Jobs.showLog('ops/ansible', 1), { code: 'gitlab.unexpected' }, 'a page is no log');
  fake.fault({ kind: 'html', status: 403 });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unexpected', fromGitLab: false });
  fake.fault({ kind: 'broken', status: 200 });
  await t.rejects(gitlab.Users.showCurrentUser(), { code: 'gitlab.unexpected' });
  await t.rejects(gitlab.Projects.show('no/such'), {
    code: 'gitlab.refused',
    status: 404,
    words: '404 Project Not Found',
    message: 'GitLab, GET projects/no/such: 404 Project Not Found',
  });
  fake.fault({ kind: 'body', status: 400, body: '{"message":{"base":["a\\nb","c"],"ref":["is bad"]}}' });
  await t.rejects(gitlab.Projects.show('ops/ansible'), { name: 'GitLabError', words: 'a b; c; ref is bad' });
  fake.fault({ kind: 'body', status: 400, body: '{"error":"ref is missing"}' });
  await t.rejects(gitlab.Projects.show('ops/ansible'), { name: 'GitLabError', words: 'ref is missing' });
});

t.test('no error shows the token', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { limits: { readMs: 500, writeMs: 500 } });
  const faults: readonly Fault[] = [
    { kind: 'status', status: 401 },
    { kind: 'html', status: 500 },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'redirect' },
    { kind: 'broken' },
    { kind: 'body', status: 400, body: JSON.stringify({ message: `you sent ${fake.token}` }) },
  ];
  for (const fault of faults) {
    fake.fault(fault, { method: 'POST' });
    fake.fault(fault, { method: 'GET' }, fault.kind === 'reset' ? 3 : 1);
    const read = await thrownBy(gitlab.Users.showCurrentUser());
    const written = await thrownBy(gitlab.Pipelines.create('ops/ansible', 'main', {}));
    for (const thrown of [read, written]) {
      t.match(thrown, { name: 'GitLabError' }, fault.kind);
      const shown = inspect(thrown, { depth: 20, showHidden: true }) + JSON.stringify(thrown);
      t.notMatch(shown, new RegExp(fake.token), `${fault.kind}: not shown`);
    }
  }
});

t.test('words of an error that are no credential stay', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  const said = 'the identity of chatops-gateway is no application/json';
  const body = JSON.stringify({ message: `${said}, ${fake.token}` });
  fake.fault({ kind: 'body', status: 403, body }, { method: 'POST' });
  await t.rejects(gitlab.Pipelines.create('ops/ansible', 'main', {}), {
    name: 'GitLabError',
    words: `${said}, …`,
  });
});

t.test('a credential is masked in the header and without the word before it', async (t) => {
  const { fake } = await gitlabFor(t);
  const connection = createConnection(fake.url);
  t.teardown(() => connection.close());
  const authHeaders = { authorization: async () => 'Bearer oauth-0123456789' };
  const { get } = createRequester(connection)({
    url: `${fake.url}/api/v4/`,
    headers: {},
    authHeaders,
  });
  const said = 'Bearer of oauth-0123456789; you sent Bearer oauth-0123456789';
  fake.fault({ kind: 'body', status: 403, body: JSON.stringify({ message: said }) });
  await t.rejects(get('user'), { name: 'GitLabError', words: 'Bearer of …; you sent …' });
});

t.test('names below the top of a body arrive as they are', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  const inputs = { dryRun: true, 'kebab-name': 1, UPPER: 'x' };
  await gitlab.Pipelines.create('ops/ansible', 'main', { inputs });
  t.same(fake.seen[0]?.body, { ref: 'main', inputs });
  t.equal(fake.seen[0]?.path, '/projects/ops%2Fansible/pipeline');
  t.equal(fake.seen[0]?.headers['accept-encoding'], 'identity');
  await gitlab.Pipelines.all('ops/ansible', {
    updatedAfter: 'a+b c',
    scope: ['x', 'y'],
    maxPages: 1,
    perPage: 5,
  });
  t.equal(String(fake.seen[1]?.query), 'updated_after=a%2Bb+c&scope%5B%5D=x&scope%5B%5D=y&per_page=5');
});

t.test('all pages are read, from the same origin', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  for (let count = 0; count < 45; count += 1) await gitlab.Pipelines.create('ops/ansible', 'main', {});
  const all = await gitlab.Pipelines.all('ops/ansible', { perPage: 20 });
  t.equal(Array.isArray(all) && all.length, 45);
  t.equal(fake.count('GET', /pipelines$/), 3);
});

t.test('long answers: a log keeps its end, everything else is refused', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { limits: { bodyBytes: 1000, tailBytes: 100 } });
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  const log = `${'é'.repeat(4000)}\n${Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n')}\n`;
  fake.pipelines[0]?.jobs.push({ id: 1, name: 'a', stage: 'b', status: 'success', log });
  const kept = String(await gitlab.Jobs.showLog('ops/ansible', 1));
  t.ok(log.endsWith(kept) && kept.startsWith('line '), 'whole lines from the end');
  t.ok(Buffer.byteLength(kept) <= 100 && Buffer.byteLength(kept) > 80);
  for (let count = 0; count < 20; count += 1) await gitlab.Pipelines.create('ops/ansible', 'main', {});
  await t.rejects(gitlab.Pipelines.all('ops/ansible', { perPage: 100 }), {
    message: /longer than 1000 bytes/,
  });
});

t.test('nothing listens: provably not sent', async (t) => {
  const { fake } = await gitlabFor(t);
  await fake.close();
  const connection = createConnection(fake.url);
  t.teardown(() => connection.close());
  const requester = createRequester(connection, async () => undefined);
  const gitlab = createGitLab({ url: `${fake.url}/below/`, token: fake.token, requester });
  await t.rejects(gitlab.Pipelines.create('ops/ansible', 'main', {}), {
    code: 'gitlab.unreachable',
    sent: false,
    message: /ECONNREFUSED/,
  });
});
