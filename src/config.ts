import { type PolicyProjectConfig, readOpsChannel, readPolicyProject } from './config-policies.ts';

/** How the gateway is to run: the environment, read once, with everything in its final form. */
export interface Config {
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string };
  readonly logLevel: LogLevel;
  /** Absent: in memory, which only the sandbox and `ALLOW_MEMORY_STORE=1` permit. */
  readonly redisUrl: string | undefined;
  readonly gitlab: {
    readonly url: string;
    readonly token: string;
    readonly webhookSecret: string | undefined;
  };
  /** A folder, or, with `policyProject`, the name of a project. */
  readonly policies: string;
  readonly policyProject?: PolicyProjectConfig;
  /** A channel in which operators are told when the policy cannot be renewed; absent: nobody is told in chat. */
  readonly opsChannel?: string;
  /** Absent: the Slack routes do not exist. */
  readonly slack: SlackConfig | undefined;
  /** PEM of an ES256 private key; absent: one is made at start, good for one process only. */
  readonly signingKey: string | undefined;
  /** Absent: audit lines go to standard output. */
  readonly auditFile: string | undefined;
  /** Where the lines of the audit file are sent on to; absent: nowhere. */
  readonly auditSinks?: AuditSinks;
  /** Hosts that declared HTTP calls may reach; absent: those that the policy folder names. */
  readonly allowedHosts: readonly string[] | undefined;
}

/** How Slack is talked to. */
export interface SlackConfig {
  readonly signingSecrets: readonly string[];
  readonly botToken: string | undefined;
  readonly apiUrl: string;
  /** Entries `host[:port]` (https) or `http://host:port`, as written. */
  readonly responseUrlHosts: readonly string[];
}

/** Places that hear of every audit line beside its file. */
export interface AuditSinks {
  readonly stdout: boolean;
  /** Signed by https://www.standardwebhooks.com; the secret is `whsec_` and base64. */
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  /** `url` ends with the index. */
  readonly elasticsearch: { readonly url: string; readonly apiKey: string | undefined } | undefined;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** How much is logged. */
export type LogLevel = (typeof logLevels)[number];

/** A configuration, or everything that is wrong with the environment. No message holds a secret's value. */
export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;
type ReadFile = (path: string) => string;

interface Reader {
  /** A plain setting. An empty value counts as unset. */
  text(name: string): string | undefined;
  /** A secret: from `<NAME>`, or from the file that `<NAME>_FILE` names. */
  secret(name: string): string | undefined;
  /** The secret is given somehow, though it may be unusable: then its problem is told already. */
  isGiven(name: string): boolean;
  problem(text: string): void;
}

const createReader = (env: Env, readFile: ReadFile, problems: string[]): Reader => {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const fromFile = (name: string, path: string): string | undefined => {
    try {
      const value = readFile(path).trim();
      if (value === '') problems.push(`${name}_FILE: ${path} is empty`);
      return value === '' ? undefined : value;
    } catch {
      problems.push(`${name}_FILE: ${path} cannot be read`);
      return undefined;
    }
  };
  const secret = (name: string): string | undefined => {
    const path = text(`${name}_FILE`);
    if (path === undefined) return text(name);
    if (text(name) !== undefined) problems.push(`${name} and ${name}_FILE are both set; give one`);
    return fromFile(name, path);
  };
  const isGiven = (name: string): boolean => text(name) !== undefined || text(`${name}_FILE`) !== undefined;
  return { text, secret, isGiven, problem: (sentence) => void problems.push(sentence) };
};

const list = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const readUrl = (reader: Reader, name: string, value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    reader.problem(`${name}: it is not an http(s) address`);
    return value;
  }
  if (url.username !== '' || url.password !== '')
    reader.problem(`${name}: put no user or password into the address`);
  return value.replace(/\/+$/, '');
};

const readPort = (reader: Reader): number => {
  const value = reader.text('PORT') ?? '8080';
  const port = Number(value);
  const right = /^\d+$/.test(value) && port <= 65535;
  if (!right) reader.problem(`PORT: ${JSON.stringify(value)} is not a port from 0 to 65535`);
  return right ? port : 8080;
};

const readHttp = (reader: Reader): Config['http'] => {
  const host = reader.text('HOST') ?? '0.0.0.0';
  const port = readPort(reader);
  const publicUrl = reader.text('PUBLIC_URL') ?? `http://localhost:${port}`;
  return { host, port, publicUrl: readUrl(reader, 'PUBLIC_URL', publicUrl) };
};

const readLogLevel = (reader: Reader): LogLevel => {
  const value = reader.text('LOG_LEVEL') ?? 'info';
  const level = logLevels.find((known) => known === value);
  if (level === undefined)
    reader.problem(`LOG_LEVEL: ${JSON.stringify(value)} is not one of ${logLevels.join(', ')}`);
  return level ?? 'info';
};

const readSlack = (reader: Reader): SlackConfig | undefined => {
  const signingSecrets = list(reader.secret('SLACK_SIGNING_SECRETS'));
  const botToken = reader.secret('SLACK_BOT_TOKEN');
  const apiUrl = readUrl(reader, 'SLACK_API_URL', reader.text('SLACK_API_URL') ?? 'https://slack.com/api');
  const responseUrlHosts = list(reader.text('SLACK_RESPONSE_URL_HOSTS') ?? 'hooks.slack.com');
  if (signingSecrets.length > 0) return { signingSecrets, botToken, apiUrl: `${apiUrl}/`, responseUrlHosts };
  if (botToken !== undefined)
    reader.problem('SLACK_BOT_TOKEN is set but SLACK_SIGNING_SECRETS is not: no command could be verified');
  return undefined;
};

const readGitLab = (reader: Reader): Config['gitlab'] => {
  const token = reader.secret('GITLAB_TOKEN');
  if (token === undefined && !reader.isGiven('GITLAB_TOKEN'))
    reader.problem('GITLAB_TOKEN is not set: a token with the api scope that starts the pipelines');
  const url = readUrl(reader, 'GITLAB_URL', reader.text('GITLAB_URL') ?? 'https://gitlab.com');
  const webhookSecret = reader.secret('GITLAB_WEBHOOK_SECRET');
  if (list(webhookSecret).some((secret) => /^whsec_.{0,20}$/.test(secret)))
    reader.problem('GITLAB_WEBHOOK_SECRET: a signing key (whsec_…) is empty or too short to be one');
  return { url, token: token ?? '', webhookSecret };
};

const readPolicies = (reader: Reader): Pick<Config, 'policies' | 'policyProject' | 'opsChannel'> => {
  const policies = reader.text('POLICIES') ?? 'policies';
  const policyProject = readPolicyProject(policies, reader);
  const opsChannel = readOpsChannel(reader);
  return {
    policies,
    ...(policyProject === undefined ? {} : { policyProject }),
    ...(opsChannel === undefined ? {} : { opsChannel }),
  };
};

const readStore = (reader: Reader): string | undefined => {
  const redisUrl = reader.secret('REDIS_URL');
  if (redisUrl === undefined && !reader.isGiven('REDIS_URL') && reader.text('ALLOW_MEMORY_STORE') !== '1') {
    reader.problem(
      'REDIS_URL is not set: commands would be lost with the process (ALLOW_MEMORY_STORE=1 accepts that)',
    );
  }
  if (redisUrl !== undefined && !/^(rediss?:\/\/|unix:|\/)/.test(redisUrl)) {
    reader.problem('REDIS_URL is neither redis:// nor rediss:// nor the path of a socket');
  }
  return redisUrl;
};

const readAllowedHosts = (reader: Reader): readonly string[] | undefined => {
  const value = reader.text('HTTP_ALLOWED_HOSTS');
  return value === undefined ? undefined : list(value);
};

const readAuditWebhook = (reader: Reader): AuditSinks['webhook'] => {
  const value = reader.text('AUDIT_WEBHOOK_URL');
  const secret = reader.secret('AUDIT_WEBHOOK_SECRET');
  const isGiven = reader.isGiven('AUDIT_WEBHOOK_SECRET');
  if (value === undefined && isGiven)
    reader.problem('AUDIT_WEBHOOK_SECRET is set but AUDIT_WEBHOOK_URL is not');
  if (value !== undefined && !isGiven)
    reader.problem('AUDIT_WEBHOOK_SECRET is not set: the receiver could not tell who sends the audit');
  if (secret !== undefined && !isWebhookSecret(secret))
    reader.problem('AUDIT_WEBHOOK_SECRET: it is not whsec_ and 24 to 64 bytes in base64');
  if (value === undefined) return undefined;
  readUrl(reader, 'AUDIT_WEBHOOK_URL', value);
  // The whole address is the receiver's, with a slash at its end or without.
  return { url: value, secret: secret ?? '' };
};

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md asks for 24 to 64 bytes. */
const isWebhookSecret = (secret: string): boolean => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const { length } = Buffer.from(base64 ?? '', 'base64');
  return length >= 24 && length <= 64;
};

const readElasticsearch = (reader: Reader): AuditSinks['elasticsearch'] => {
  const value = reader.text('AUDIT_ELASTICSEARCH_URL');
  const apiKey = reader.secret('AUDIT_ELASTICSEARCH_API_KEY');
  if (value === undefined) {
    if (reader.isGiven('AUDIT_ELASTICSEARCH_API_KEY'))
      reader.problem('AUDIT_ELASTICSEARCH_API_KEY is set but AUDIT_ELASTICSEARCH_URL is not');
    return undefined;
  }
  const url = readUrl(reader, 'AUDIT_ELASTICSEARCH_URL', value);
  if (URL.canParse(url) && !/^\/.*[^/]$/.test(new URL(url).pathname))
    reader.problem('AUDIT_ELASTICSEARCH_URL: it names no index, as in https://es.example:9200/chatops-audit');
  return { url, apiKey };
};

const readAuditSinks = (reader: Reader): { auditSinks?: AuditSinks } => {
  const stdout = reader.text('AUDIT_STDOUT') === '1';
  const webhook = readAuditWebhook(reader);
  const elasticsearch = readElasticsearch(reader);
  if (!stdout && webhook === undefined && elasticsearch === undefined) return {};
  if (reader.text('AUDIT_FILE') === undefined)
    reader.problem('AUDIT_FILE is not set: the audit is sent on from its file, so that nothing is lost');
  return { auditSinks: { stdout, webhook, elasticsearch } };
};

/** Reads the environment. All problems are told at once; `readFile` serves the `<NAME>_FILE` forms. */
export const readConfig = (env: Env, readFile: ReadFile): ReadConfig => {
  const problems: string[] = [];
  const reader = createReader(env, readFile, problems);
  const config: Config = {
    http: readHttp(reader),
    logLevel: readLogLevel(reader),
    redisUrl: readStore(reader),
    gitlab: readGitLab(reader),
    ...readPolicies(reader),
    slack: readSlack(reader),
    signingKey: reader.secret('SIGNING_KEY')?.replaceAll('\\n', '\n'),
    auditFile: reader.text('AUDIT_FILE'),
    ...readAuditSinks(reader),
    allowedHosts: readAllowedHosts(reader),
  };
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
};
