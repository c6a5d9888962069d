import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createChatClient } from '../support/chat-client.ts';
import { freePort, gatewayEnv, startGatewayProcess, startWorldProcess } from '../support/gateway-process.ts';
import { startProgram } from '../support/processes.ts';

const port = await freePort();
const world = await startWorldProcess(port);
t.teardown(() => world.kill());
const auditFile = join(t.testdir(), 'audit.jsonl');
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const gateway = await startGatewayProcess({
  ...gatewayEnv(world, port),
  ALLOW_MEMORY_STORE: '1',
  AUDIT_FILE: auditFile,
  SIGNING_KEY: key,
  // A limit of size is told by a signal first, a full disk is not.
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent("process.on('SIGXFSZ',()=>{})")}`,
});
t.teardown(() => gateway.kill());
const chat = createChatClient(world.slackUrl);
const ops = 'C0OPSPROD';

const lines = (): readonly Record<string, unknown>[] =>
  readFileSync(auditFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** No file that the gateway writes may grow beyond this: what a full disk is to it. */
const limit = (bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(gateway.pid), `--fsize=${bytes}:unlimited`]);

const readiness = async (): Promise<number> => (await fetch(`${gateway.url}/readyz`)).status;

const pipelines = async (): Promise<number> => {
  const path = `${world.gitlabUrl}/api/v4/projects/${encodeURIComponent('ops/ansible')}/pipelines`;
  const response = await fetch(path, { headers: { 'private-token': 'glpat-sandbox-gateway' } });
  return ((await response.json()) as readonly unknown[]).length;
};

t.test('the disk is full while a pipeline runs', async (t) => {
  await chat.type('U0ANA', ops, '/chatops lb weight web 10');
  await chat.sees('U0ANA', /lb weight web 10.*is running/s);
  limit(statSync(auditFile).size);

  await t.test('nothing new is accepted, and it is said that nothing was done', async (t) => {
    await chat.type('U0ANA', ops, '/chatops lb weight api 20');
    await chat.sees('U0ANA', /Nothing was done/i);
    t.equal(await pipelines(), 1);
    t.equal(await readiness(), 503);
  });

  await t.test('what runs is followed to its end and told', async () => {
    await chat.sees('U0ANA', /web now takes 10 %/);
  });

  await t.test('people are still helped', async () => {
    await chat.type('U0ANA', ops, '/chatops lb wieght web 60');
    await chat.sees('U0ANA', /Did you mean/);
  });

  limit('unlimited');
  while ((await readiness()) !== 200) await new Promise((resolve) => setTimeout(resolve, 50));

  await t.test(
    'with room again, what happened meanwhile is on record, and commands are accepted',
    async (t) => {
      const ended = lines().find(({ kind, to }) => kind === 'state' && to === 'succeeded');
      t.ok(ended, 'the end of the run');
      t.ok(
        lines().some(
          ({ kind, run, outcome }) => kind === 'reply' && run === ended?.run && outcome === 'sent',
        ),
        'and that it was told',
      );
      await chat.type('U0ANA', ops, '/chatops flag get checkout-v2');
      await chat.sees('U0ANA', /checkout-v2 is on/);
    },
  );
});

t.test('the file is whole, and signed to its last line', async (t) => {
  await gateway.kill();
  const keyFile = join(t.testdir({ 'key.pem': key }), 'key.pem');
  const verify = startProgram('cli/main.js', ['audit', 'verify', auditFile, '--key', keyFile], {});
  t.equal(await verify.ended, 0);
  t.match(verify.printed(), /whole/);
});
