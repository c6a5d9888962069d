import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { commandFields, formOf, send, signed, unsigned } from '../support/slack-request.ts';
import { smallEnv, smallPolicies, smallSecrets } from '../support/small-gateway.ts';
import { ana } from '../support/watched-gateway.ts';

const { slack: secret, gitlab: token } = smallSecrets;

/** Starts a gateway over a policy folder; names in `given` that are undefined are left out of its environment. */
const started = async (
  t: Test,
  policies: string,
  given: Readonly<Record<string, string | undefined>> = {},
) => {
  const all = Object.entries({ ...(await smallEnv(policies)), ...given });
  const env = Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const gateway = await startGatewayProcess(env);
  t.teardown(() => gateway.kill('SIGKILL'));
  return gateway;
};

const json = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const until = async (look: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await look())) await pause(20);
};

t.test('secrets come from files', async (t) => {
  const folder = t.testdir({
    policies: smallPolicies,
    slack: `old-secret,${secret}\n`,
    gitlab: `${token}\n`,
  });
  const gateway = await started(t, join(folder, 'policies'), {
    SLACK_SIGNING_SECRETS: undefined,
    SLACK_SIGNING_SECRETS_FILE: join(folder, 'slack'),
    GITLAB_TOKEN: undefined,
    GITLAB_TOKEN_FILE: join(folder, 'gitlab'),
  });
  const typed = unsigned(formOf(commandFields(ana, 'whoami')));
  t.equal((await send(gateway.url, signed(typed, secret))).status, 200);
  t.equal((await send(gateway.url, signed(typed, 'old-secret'))).status, 200, 'while they are being changed');
  t.equal((await send(gateway.url, signed(typed, `old-secret,${secret}`))).status, 401);
  t.notMatch(gateway.printed(), /glpat-|old-secret|the-signing-secret/);
});

t.test('what operators ask is answered, also while GitLab is away', async (t) => {
  const { url } = await started(t, t.testdir(smallPolicies));
  t.match(await json(`${url}/livez`), { status: 200, body: { alive: true } });
  t.match(await json(`${url}/readyz`), { status: 200, body: { ready: true } });
  t.match(await json(`${url}/version`), {
    body: { name: 'chatops-gateway', version: /^\d+\.\d+/, policyRevision: /./ },
  });
  const { body } = await json(`${url}/.well-known/jwks.json`);
  t.match(body, { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', x: /./, y: /./ }] });
  t.notMatch(JSON.stringify(body), '"d"', 'the private part stays here');
  await send(url, unsigned('text=hello'));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  t.match(metrics, /^# TYPE chatops_\w+ counter$/m);
  t.match(metrics, /request\.unverified"\S* 1$/m);
});

t.test('without signing secrets there are no Slack routes', async (t) => {
  const { url, says } = await started(t, t.testdir(smallPolicies), { SLACK_SIGNING_SECRETS: undefined });
  await says(/SLACK_SIGNING_SECRETS is not set: there is no Slack route/);
  for (const path of ['/slack/commands', '/slack/interactions']) {
    const form = unsigned(formOf(commandFields(ana, 'whoami')), path);
    t.equal((await send(url, signed(form, ''))).status, 404);
    t.equal((await send(url, { ...form, body: Buffer.from('ssl_check=1') })).status, 404);
  }
  t.equal(
    (await send(url, unsigned('{}', '/gitlab/webhook'))).status,
    404,
    'nor one for GitLab without its secret',
  );
});

t.test(
  'a folder that breaks while it runs: the last good version decides until it is put right',
  async (t) => {
    const policies = t.testdir(smallPolicies);
    const { url, says } = await started(t, policies);
    const revision = async () => (await json(`${url}/version`)).body.policyRevision;
    const typed = async (text: string) =>
      (await send(url, signed(unsigned(formOf(commandFields(ana, text))), secret))).text;
    const first = await revision();

    writeFileSync(join(policies, 'policy.csv'), 'p, *, *, *, *, allow\np, *, *, say, *, maybe\n');
    await says(/a newer policy cannot be used; the last good version stays in force/);
    await says(/policy\.csv:2: /);
    t.equal(await revision(), first);
    const ready = await json(`${url}/readyz`);
    t.equal(ready.status, 200);
    t.match(JSON.stringify(ready.body), /newer files have a mistake and are not used/);
    t.match(await typed('say hello'), 'Accepted');

    writeFileSync(join(policies, 'policy.csv'), 'p, *, *, say, word = bye, allow\n');
    await until(async () => (await revision()) !== first);
    t.notMatch(JSON.stringify((await json(`${url}/readyz`)).body), 'mistake');
    t.match(await typed('say hello'), 'Not allowed');
    t.match(await typed('say bye'), 'Accepted');
  },
);

/** A server that answers when it is told to. */
const startSlowServer = async (t: Test) => {
  const waiting: (() => void)[] = [];
  const server = createServer((_request, response) => void waiting.push(() => response.end('{"load":42}')));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const answer = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => waiting.length > 0, answer };
};

/** Sends over a connection that stays open afterwards. */
const keepConnection: typeof send = async (url, { path, headers, body }) => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...headers },
    body: Buffer.from(body),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
};

/** A gateway with one command that asks a server that takes its time. */
const busy = async (t: Test, ask: typeof send = send) => {
  const server = await startSlowServer(t);
  const policies = {
    ...smallPolicies,
    commands: {
      'load.yml': `name: load
summary: { en: Show the load }
mode: direct
direct: { http: { method: GET, url: ${server.url}/load }, reply: 'the load is {body.load}' }
`,
    },
  };
  const gateway = await started(t, t.testdir(policies));
  const answer = ask(gateway.url, signed(unsigned(formOf(commandFields(ana, 'load'))), secret));
  await until(() => server.asked());
  return { server, gateway, answer };
};

/** Whether it takes no connections any more. */
const isShut = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true));
    socket.on('connect', () => socket.destroy());
  });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal}: nothing new is taken, what is in hand is finished, and it ends with 0`, async (t) => {
    const { server, gateway, answer } = await busy(t);
    const ended = gateway.kill(signal);
    await until(() => isShut(gateway.url));
    server.answer();
    t.match(await answer, { status: 200, text: /the load is 42/ });
    await ended;
    t.equal(await gateway.ended, 0);
  });
}

t.test('a client that keeps its connection does not hold up the end', async (t) => {
  const { server, gateway, answer } = await busy(t, keepConnection);
  const began = Date.now();
  const ended = gateway.kill('SIGTERM');
  await until(() => isShut(gateway.url));
  server.answer();
  await answer;
  await ended;
  // The connection itself would be kept for 65 s.
  t.ok(Date.now() - began < 30_000);
});

t.test('a second signal ends it at once', async (t) => {
  const { gateway, answer } = await busy(t);
  const cut = t.rejects(answer);
  const ended = gateway.kill('SIGTERM');
  await until(() => isShut(gateway.url));
  await gateway.kill('SIGTERM');
  await ended;
  t.equal(await gateway.ended, 130);
  await cut;
});
