import t from 'tap';
import { readConfig } from '../src/config.ts';

const files: Readonly<Record<string, string>> = {
  '/run/secrets/token': 'glpat-from-file\n',
  '/run/secrets/empty': '\n',
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error('ENOENT');
  return text;
};
const good = { GITLAB_TOKEN: 'glpat-example', REDIS_URL: 'redis://localhost:6379' };
const read = (env: Record<string, string>) => readConfig(env, readFile);

t.test('everything that is wrong is said at once, and no secret with it', async (t) => {
  const answer = read({
    PORT: '99999',
    LOG_LEVEL: 'loud',
    GITLAB_URL: 'gitlab.example',
    PUBLIC_URL: 'https://ana:hunter2@chatops.example',
    REDIS_URL: 'postgres://secret-password@x',
    SLACK_BOT_TOKEN: 'xoxb-secret',
    SIGNING_KEY_FILE: '/nowhere',
    POLICIES: 'gitlab:ops/chatops@main',
  });
  if (answer.ok) {
    t.fail('accepted');
    return;
  }
  for (const name of [
    'PORT',
    'LOG_LEVEL',
    'GITLAB_URL',
    'PUBLIC_URL',
    'REDIS_URL',
    'GITLAB_TOKEN',
    'SLACK_BOT_TOKEN',
    'SIGNING_KEY_FILE',
    'POLICIES',
  ]) {
    t.ok(
      answer.problems.some((problem) => problem.startsWith(name)),
      name,
    );
  }
  t.notMatch(answer.problems.join('\n'), /hunter2|secret-password|xoxb-secret/);
});

t.test('a mistake is refused', async (t) => {
  const cases: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['no store', { GITLAB_TOKEN: 'x' }, /REDIS_URL is not set/],
    [
      'a store of memory that is not asked for by 1',
      { GITLAB_TOKEN: 'x', ALLOW_MEMORY_STORE: 'yes' },
      /REDIS_URL is not set/,
    ],
    ['a secret twice', { ...good, GITLAB_TOKEN_FILE: '/run/secrets/token' }, /both set/],
    ['an empty secret file', { REDIS_URL: 'redis://x', GITLAB_TOKEN_FILE: '/run/secrets/empty' }, /is empty/],
    ['a bot token without a signing secret', { ...good, SLACK_BOT_TOKEN: 'xoxb' }, /could be verified/],
  ];
  for (const [name, env, problem] of cases) {
    const answer = read(env);
    t.match(answer.ok ? 'accepted' : answer.problems.join('\n'), problem, name);
  }
});

t.test('the defaults', async (t) => {
  t.same(read(good), {
    ok: true,
    config: {
      http: { host: '0.0.0.0', port: 8080, publicUrl: 'http://localhost:8080' },
      logLevel: 'info',
      redisUrl: 'redis://localhost:6379',
      gitlab: { url: 'https://gitlab.com', token: 'glpat-example', webhookSecret: undefined },
      policies: 'policies',
      slack: undefined,
      signingKey: undefined,
      auditFile: undefined,
      allowedHosts: undefined,
    },
  });
});

t.test('lists, files and addresses take their final form', async (t) => {
  const answer = read({
    REDIS_URL: '/run/redis.sock',
    GITLAB_TOKEN_FILE: '/run/secrets/token',
    GITLAB_URL: 'https://gitlab.example/sub/',
    SLACK_SIGNING_SECRETS: 'new , old,',
    SLACK_API_URL: 'http://127.0.0.1:4000/api/',
    SLACK_RESPONSE_URL_HOSTS: 'hooks.slack.com, http://127.0.0.1:4000',
    SIGNING_KEY: 'line one\\nline two',
  });
  t.match(answer, {
    ok: true,
    config: {
      gitlab: { url: 'https://gitlab.example/sub', token: 'glpat-from-file' },
      slack: {
        signingSecrets: ['new', 'old'],
        botToken: undefined,
        apiUrl: 'http://127.0.0.1:4000/api/',
        responseUrlHosts: ['hooks.slack.com', 'http://127.0.0.1:4000'],
      },
      signingKey: 'line one\nline two',
    },
  });
});

t.test('memory is a choice', async (t) => {
  t.match(read({ GITLAB_TOKEN: 'x', ALLOW_MEMORY_STORE: '1' }), {
    ok: true,
    config: { redisUrl: undefined },
  });
});
