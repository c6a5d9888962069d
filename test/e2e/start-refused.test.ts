import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { startProgram } from '../support/processes.ts';
import { sayFile, smallEnv, smallPolicies, smallSecrets } from '../support/small-gateway.ts';

/** Starts a gateway that is expected not to start; what it says, and its exit code. */
const refused = async (env: Readonly<Record<string, string>>) => {
  const program = startProgram('cli/main.js', ['serve'], env);
  t.teardown(() => program.kill('SIGKILL'));
  const code = await program.ended;
  return { code, said: program.printed() };
};

t.test('with an empty environment it says all that is missing at once, and ends with 1', async (t) => {
  const { code, said } = await refused({});
  t.equal(code, 1);
  t.match(said, 'cannot start with this environment');
  t.match(said, /REDIS_URL is not set.*ALLOW_MEMORY_STORE=1/);
  t.match(said, 'GITLAB_TOKEN is not set');
  t.equal(said.trim().split('\n').length, 3);
});

t.test(
  'everything that is wrong with an environment is told at once, and no secret is printed',
  async (t) => {
    const folder = t.testdir({ empty: '\n', token: 'another' });
    const { code, said } = await refused({
      PORT: '80x',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'chatops.example',
      REDIS_URL: 'http://:the-redis-password@redis',
      GITLAB_URL: 'https://me:the-gitlab-password@gitlab.example',
      GITLAB_TOKEN: smallSecrets.gitlab,
      GITLAB_TOKEN_FILE: join(folder, 'token'),
      GITLAB_WEBHOOK_SECRET_FILE: join(folder, 'missing'),
      SIGNING_KEY_FILE: join(folder, 'empty'),
      SLACK_BOT_TOKEN: 'xoxb-the-token-of-slack',
      POLICIES: 'gitlab:ops/policies',
    });
    t.equal(code, 1);
    for (const problem of [
      /PORT: "80x" is not a port/,
      /LOG_LEVEL: "loud" is not one of/,
      /PUBLIC_URL: .* is not an http/,
      /REDIS_URL is neither/,
      /GITLAB_URL: put no user or password/,
      /GITLAB_TOKEN and GITLAB_TOKEN_FILE are both set/,
      /GITLAB_WEBHOOK_SECRET_FILE: .*missing cannot be read/,
      /SIGNING_KEY_FILE: .*empty is empty/,
      /SLACK_BOT_TOKEN is set but SLACK_SIGNING_SECRETS is not/,
      /POLICIES: .* must be gitlab:/,
    ]) {
      t.match(said, problem);
    }
    t.notMatch(said, /password@|the-redis|the-gitlab|glpat-|xoxb-/);
    t.equal(said.trim().split('\n').length, 11, 'one line for each and one above them');
  },
);

const unusable: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
  'a store in memory that nobody asked for': [{ ALLOW_MEMORY_STORE: '' }, /REDIS_URL is not set/],
  'a store in memory asked for in other words': [{ ALLOW_MEMORY_STORE: 'yes' }, /REDIS_URL is not set/],
  'a signing key that is none': [{ SIGNING_KEY: 'not-a-key' }, /SIGNING_KEY: it is not a private key/],
  'a signing key of another kind': [
    {
      SIGNING_KEY: generateKeyPairSync('ed25519')
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    },
    /SIGNING_KEY: it must be a P-256 key/,
  ],
  'a host for replies that is none': [
    { SLACK_RESPONSE_URL_HOSTS: 'https://x/y' },
    /SLACK_RESPONSE_URL_HOSTS/,
  ],
  'an audit file that cannot be written': [
    { AUDIT_FILE: '/nowhere/at/all/audit.jsonl' },
    /audit file .*cannot be written/,
  ],
  'a policy folder that is not there': [{ POLICIES: '/nowhere/at/all' }, /the folder cannot be read/],
};

// Started together: each start is mostly loading.
const env = await smallEnv(t.testdir(smallPolicies));
const endings = Object.entries(unusable).map(
  ([name, [given, says]]) => [name, refused({ ...env, ...given }), says] as const,
);

for (const [name, ending, says] of endings) {
  t.test(`${name}: it refuses to start and says why`, async (t) => {
    const { code, said } = await ending;
    t.equal(code, 1);
    t.match(said, says);
    t.notMatch(said, 'the gateway listens');
    t.notMatch(said, /not-a-key|glpat-|the-signing-secret|\n {4}at /);
  });
}

t.test('a port that is taken: it says so and ends with 1', async (t) => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const PORT = String((server.address() as AddressInfo).port);
  const { code, said } = await refused({ ...(await smallEnv(t.testdir(smallPolicies))), PORT });
  t.equal(code, 1);
  t.match(said, /cannot start.*EADDRINUSE/s);
  t.notMatch(said, /\n {4}at /);
});

t.test('a broken policy folder: every mistake with its file and line, and it does not start', async (t) => {
  const policies = t.testdir({
    ...smallPolicies,
    'policy.csv': 'p, *, *, say, *, allow\np, *, *, say, wrod = hello, allow\nq, x\n',
    commands: {
      'say.yml': sayFile,
      'shout.yml': 'name: shout\nsummary: { en: Shout }\nmode: loud\nvolume: 11\n',
      'notes.txt': 'x',
    },
  });
  const { code, said } = await refused(await smallEnv(policies));
  t.equal(code, 1);
  t.match(said, /policy\.csv:2: .*wrod/);
  t.match(said, /policy\.csv:3: /);
  t.match(said, /commands\/notes\.txt:1: /);
  t.match(said, /commands\/shout\.yml:3: .*loud/);
  t.match(said, /commands\/shout\.yml:4: .*volume/);
});
