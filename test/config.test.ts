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
const audited = { ...good, AUDIT_FILE: '/var/lib/chatops/audit.jsonl' };
const webhookSecret = `whsec_${Buffer.from('x'.repeat(32)).toString('base64')}`;
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
    POLICIES: 'gitlab:ops/chatops',
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
    ['an audit sent on from no file', { ...good, AUDIT_STDOUT: '1' }, /AUDIT_FILE is not set/],
    [
      'an unsigned audit webhook',
      { ...audited, AUDIT_WEBHOOK_URL: 'https://siem.example' },
      /AUDIT_WEBHOOK_SECRET is not set/,
    ],
    [
      'an audit webhook to no address',
      { ...audited, AUDIT_WEBHOOK_URL: 'siem', AUDIT_WEBHOOK_SECRET: webhookSecret },
      /AUDIT_WEBHOOK_URL: it is not an http/,
    ],
    [
      'a short webhook secret',
      { ...audited, AUDIT_WEBHOOK_URL: 'https://siem.example', AUDIT_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' },
      /24 to 64 bytes/,
    ],
    [
      'a webhook secret that is not base64',
      { ...audited, AUDIT_WEBHOOK_URL: 'https://siem.example', AUDIT_WEBHOOK_SECRET: 'x'.repeat(40) },
      /24 to 64 bytes/,
    ],
    [
      'a webhook secret without an address',
      { ...audited, AUDIT_WEBHOOK_SECRET: webhookSecret },
      /AUDIT_WEBHOOK_URL is not/,
    ],
    [
      'an Elasticsearch without an index',
      { ...audited, AUDIT_ELASTICSEARCH_URL: 'https://es.example:9200/' },
      /names no index/,
    ],
    [
      'an Elasticsearch key without an address',
      { ...audited, AUDIT_ELASTICSEARCH_API_KEY: 'x' },
      /AUDIT_ELASTICSEARCH_URL is not/,
    ],
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

t.test('the audit is sent on to as many places as are named', async (t) => {
  t.match(read({ ...audited, AUDIT_STDOUT: '1' }), {
    ok: true,
    config: { auditSinks: { stdout: true, webhook: undefined, elasticsearch: undefined } },
  });
  t.match(
    read({
      ...audited,
      AUDIT_WEBHOOK_URL: 'https://siem.example/in/',
      AUDIT_WEBHOOK_SECRET: webhookSecret,
      AUDIT_ELASTICSEARCH_URL: 'https://es.example:9200/chatops-audit/',
      AUDIT_ELASTICSEARCH_API_KEY_FILE: '/run/secrets/token',
    }),
    {
      ok: true,
      config: {
        auditSinks: {
          stdout: false,
          webhook: { url: 'https://siem.example/in/', secret: webhookSecret },
          elasticsearch: { url: 'https://es.example:9200/chatops-audit', apiKey: 'glpat-from-file' },
        },
      },
    },
  );
});
