import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createGitLab } from '../../src/gitlab/client.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { verifyWebhook } from '../../src/gitlab/webhook.ts';
import { startGitLab } from '../../src/sandbox/gitlab/server.ts';
import { reserved } from '../../src/wiring/built-ins.ts';
import { uses } from '../../src/wiring/effects.ts';
import { wireReview } from '../../src/wiring/review.ts';
import { wireWebhook } from '../../src/wiring/webhook.ts';

const project = 'chatops/policies';
const secret = 'the-webhook-token';
const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Shown {
  readonly author: { readonly username: string };
  readonly body: string;
}

/** The sandbox's GitLab with its policy project, and a gateway's review of it reached by GitLab's webhooks. */
const start = async () => {
  let hint: (iid: number) => void = () => undefined;
  const webhook = wireWebhook({
    verify: (raw) => verifyWebhook({ ...raw, now: Date.now(), secret }),
    store: { byPipeline: async () => undefined },
    queue: { wake: async () => undefined },
    policyProject: { project, ref: 'main', mergeRequest: (iid) => hint(iid) },
  });
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = { rawBody: Buffer.concat(chunks), headers: request.headers };
    const read = webhook.verify(raw).ok && webhook.read(raw);
    response.writeHead(204).end();
    if (read !== false && read.ok && read.news.kind === 'merge-request') webhook.hint?.(read.news);
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const { port } = receiver.address() as AddressInfo;
  const sandbox = await startGitLab({
    port: 0,
    host: '127.0.0.1',
    now: Date.now,
    projectsDir: folder('src/sandbox/projects'),
    policiesDir: folder('policies'),
    workDir: t.testdir(),
    webhook: { url: `http://127.0.0.1:${port}/`, token: secret },
  });
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { 'private-token': 'glpat-sandbox-bo', 'content-type': 'application/json' };
    return fetch(`${sandbox.url}/api/v4/projects/chatops%2Fpolicies${path}`, { ...init, headers });
  };
  const json = async (path: string) => JSON.parse(await (await ask(path)).text());
  const connection = createConnection(sandbox.url);
  const api = createGitLab({
    url: sandbox.url,
    token: 'glpat-sandbox-gateway',
    requester: createRequester(connection),
  });
  const told: string[] = [];
  const review = wireReview({
    api,
    project,
    ref: 'main',
    folder: '',
    settings: { reserved, uses },
    memberships: () => [
      ['gitlab:ana', 'gitlab-group:ops/sre'],
      ['gitlab:bo', 'gitlab-group:app/dev'],
    ],
    now: Date.now,
    log: { warn: (fields, message) => void told.push(`${message} ${JSON.stringify(fields)}`) },
  });
  hint = review.hint;
  t.teardown(async () => {
    await review.close();
    await connection.close();
    await sandbox.close();
    await new Promise((done) => receiver.close(done));
  });
  const notes = async (): Promise<readonly string[]> => {
    const all: Shown[] = await json('/merge_requests/2/notes?per_page=100');
    return all.filter(({ author }) => author.username === 'chatops-bot').map(({ body }) => body);
  };
  const until = async (test: RegExp): Promise<string> => {
    for (let tries = 0; tries < 1000; tries++) {
      const all = await notes();
      const found = all.find((body) => test.test(body));
      if (found !== undefined) return found;
      if (all.some((body) => body.includes('could not be finished'))) throw new Error(all.join('\n'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no note like ${test}: ${await notes()}`);
  };
  return { review, ask, json, notes, until, told };
};

t.test('the merge request of the policy project carries one note that follows its commits', async (t) => {
  const { review, ask, json, notes, until, told } = await start();
  review.start();
  await until(/cases pass/);
  const csv = await (await ask('/repository/files/policy.csv/raw?ref=half-of-staging')).text();
  const commit = (content: string) => ({
    method: 'POST',
    body: JSON.stringify({
      branch: 'half-of-staging',
      commit_message: 'more',
      actions: [{ action: 'update', file_path: 'policy.csv', content }],
    }),
  });
  const broken = `${csv}p, role:dev, *, /approve @all, *, allow\n`;
  t.equal((await ask('/repository/commits', commit(broken))).status, 201);
  const note = await until(/not ready to merge/);
  t.match(note, /\[`policy\.csv:\d+`\]\(http.*\/-\/blob\/[0-9a-f]{40}\/policy\.csv#L\d+\)/);
  await review.settled();
  t.equal((await notes()).length, 1);
  const request: { sha: string; state: string } = await json('/merge_requests/2');
  t.equal(request.state, 'opened');
  const statuses: unknown = await json(`/repository/commits/${request.sha}/statuses`);
  t.match(statuses, [
    { name: 'chatops/policy', status: 'failed', description: /^policy\.csv:\d+: /, target_url: /#note_\d+$/ },
  ]);
  t.same(told, []);
});
