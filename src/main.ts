import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import { createGateway } from './gateway.ts';
import { verifyWebhook } from './gitlab/webhook.ts';
import { createHttp } from './http/app.ts';
import { createLog, type Log } from './http/log.ts';
import { createRunIds } from './identity/run-ids.ts';
import { createSeal } from './identity/seal.ts';
import { readBack } from './listeners/audit/reading.ts';
import { createMetrics } from './listeners/metrics.ts';
import { wireAudit } from './wiring/audit.ts';
import { reserved, wireBuiltIns } from './wiring/built-ins.ts';
import { createSendHttp, effectOf, uses } from './wiring/effects.ts';
import { type GitLabWiring, wireGitLab } from './wiring/gitlab.ts';
import { readyChecks, timed } from './wiring/operations.ts';
import { wirePolicies } from './wiring/policies.ts';
import { wireRuns } from './wiring/runs.ts';
import { wireSlack } from './wiring/slack.ts';
import { type Surroundings, surroundingsWith } from './wiring/surroundings.ts';
import { wireTickets } from './wiring/tickets.ts';
import { wireWebhook } from './wiring/webhook.ts';

/** A gateway that listens. */
export interface RunningGateway {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes nothing new, finishes what is in hand, and lets go of everything. */
  close(): Promise<void>;
}

/** Microseconds of a clock that never goes back. */
const tick = (): number => performance.now() * 1000;

/** The longest body a chat app sends is a press with its whole message. */
const chatBodyLimit = 256 * 1024;

const answerWithinMs = 2500;

const groupsWithinMs = 1500;

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Secrets that are stored or published under a key of ours are derived from the signing key, or else from GitLab's token. */
const rootSecret = (config: Config): string => config.signingKey ?? config.gitlab.token;

type Parts = Awaited<ReturnType<typeof build>>;

/** What everything is built from. */
interface Building {
  readonly config: Config;
  readonly version: string;
  readonly log: Log;
  readonly surroundings: Surroundings;
}

/** What the gateway looks out on: the record, GitLab, the policy, chat. Nothing here keeps a process alive that cannot start. */
const buildOutside = async ({ config, version, log, surroundings }: Building) => {
  const now = Date.now;
  const metrics = createMetrics();
  const audit = await wireAudit({ config, version, now, log, metrics, surroundings });
  const { record, note } = audit;
  const { tickets, ticketFor: ticket } = wireTickets(config, now);
  const onSurplus: GitLabWiring['onSurplus'] = (run, surplus) => {
    metrics.surplusPipelines(surplus.length);
    log.error({ run: run.id, surplus: surplus.map(({ id }) => id) }, 'a run had more than one pipeline');
  };
  const onStart = metrics.pipelineStarted;
  const gitlab = wireGitLab({ ...config.gitlab, now, ticket, onSurplus, onStart, surroundings });
  const { seal, open } = createSeal(rootSecret(config), 'reply addresses');
  const slack =
    config.slack === undefined ? undefined : wireSlack({ slack: config.slack, now, seal, open, log });
  const policy = await wirePolicies({
    ...gitlab,
    config,
    settings: { reserved, uses },
    secret: rootSecret(config),
    post: slack?.post,
    audit: record,
    now,
    random: Math.random,
    log,
    metrics,
  });
  return { now, surroundings, metrics, audit, record, note, tickets, gitlab, policy, slack };
};

type Outside = Awaited<ReturnType<typeof buildOutside>>;

const buildRuns = (config: Config, log: Log, outside: Outside) => {
  const { gitlab, policy, slack, metrics } = outside;
  const { auditFile } = config;
  return wireRuns({
    ...outside,
    redisUrl: config.redisUrl,
    log,
    policy: policy.current,
    readBack: async (since) => (auditFile === undefined ? [] : readBack(auditFile, since)),
    effectOf: effectOf(gitlab.flags, createSendHttp(config.allowedHosts)),
    sender: (app) => (app === slack?.app ? slack.sender : undefined),
    onState: (run) => metrics.runChanged(run.mode, run.state),
    onReply: metrics.replied,
    onRestored: metrics.runRestored,
    onGeneration: metrics.storeGeneration,
  });
};

/** Everything but the web side. */
const build = async (building: Building) => {
  const { config, log, surroundings } = building;
  const outside = await buildOutside(building);
  const { now, record, note, policy, metrics } = outside;
  const runs = buildRuns(config, log, outside);
  const { store, queue, restore, worker, alikeKey } = runs;
  metrics.watchUndelivered(store.undelivered);
  const shared = {
    now,
    tick,
    store,
    queue,
    audit: record,
    note,
    policy: policy.current,
    onDecision: metrics.decided,
  };
  const gateway = createGateway({
    ...shared,
    ...wireBuiltIns({ ...shared, provenance: policy.provenance }),
    alikeKey,
    accepting: restore.accepting,
    sendWithinMs: surroundings.times.start.sendWithin,
    runIdOf: createRunIds(rootSecret(config)),
    workNow: worker.workNow,
    onLikelyDuplicate: metrics.likelyDuplicate,
  });
  return { ...outside, ...runs, gateway };
};

const buildHttp = (config: Config, log: Log, parts: Parts, version: { name: string; version: string }) => {
  const { slack, gateway, store, metrics, policy, tickets, audit } = parts;
  const { webhookSecret: secret } = config.gitlab;
  return createHttp({
    log,
    newRequestId: randomUUID,
    chat: {
      endpoints: slack === undefined ? [] : [slack],
      gateway: timed(gateway, tick, metrics.answered),
      firstTime: store.firstTime,
      answerWithinMs,
      bodyLimit: chatBodyLimit,
    },
    ...(secret === undefined
      ? {}
      : {
          gitlabWebhook: wireWebhook({
            ...parts,
            policyProject: policy.hints,
            verify: (raw) => verifyWebhook({ ...raw, now: parts.now(), secret }),
          }),
        }),
    operations: {
      ready: readyChecks(parts),
      metrics: async () => ({ contentType: metrics.contentType, body: await metrics.text() }),
      version: () => ({ ...version, policyRevision: policy.current().revision }),
      keys: tickets.jwks,
    },
    onRefused: (code) => {
      metrics.refused(code);
      audit.rejected.count(code);
    },
  });
};

/** Says at the start what an operator should know; nothing of it keeps the gateway from working. */
const warn = async (config: Config, log: Log, { tickets, warnings, gitlab }: Parts): Promise<void> => {
  if (tickets.ephemeral)
    log.warn({}, 'SIGNING_KEY is not set: tickets are signed with a key that ends with this process');
  if (config.redisUrl !== undefined && config.auditFile === undefined)
    log.warn({}, 'AUDIT_FILE is not set: commands that Redis loses cannot be restored');
  if (config.auditFile !== undefined && config.signingKey === undefined)
    log.warn({}, 'SIGNING_KEY is not set: the audit is chained but has no signed checkpoints');
  if (config.slack === undefined) log.warn({}, 'SLACK_SIGNING_SECRETS is not set: there is no Slack route');
  if (config.slack !== undefined && config.slack.botToken === undefined) {
    log.warn(
      {},
      'SLACK_BOT_TOKEN is not set: replies go by response_url only, five for each command within 30 minutes',
    );
  }
  for (const warning of await warnings().catch((): readonly string[] => ['Redis cannot be reached']))
    log.warn({ warning }, 'Redis is not set up to keep accepted commands');
  const user = await gitlab.currentUser().catch(() => undefined);
  if (user === undefined)
    log.warn({ gitlab: config.gitlab.url }, 'GitLab cannot be reached or refuses the token');
};

/** A direct command may still be at work after its caller was answered; it is waited for this long. */
const finishWithinMs = 10_000;

const closeAll = async (http: { close(): Promise<unknown> }, parts: Parts): Promise<void> => {
  await http.close();
  await parts.policy.close();
  await parts.sweeper.close();
  await parts.queue.close();
  await Promise.race([parts.worker.settled(), later(finishWithinMs)]);
  await parts.store.close();
  await parts.gitlab.close();
  await parts.audit.close();
};

/** Builds every part and listens; `given` stands in for the usual. Rejects with a GatewayError when it cannot run. */
export const startGateway = async (
  config: Config,
  version: { name: string; version: string },
  given: Partial<Surroundings> = {},
): Promise<RunningGateway> => {
  const log = createLog({ level: config.logLevel });
  const building = { config, version: version.version, log, surroundings: surroundingsWith(given) };
  const parts = await build(building);
  // Asking which life the store lives begins the restoring of what it forgot; a store that is away is asked again by everybody.
  await parts.store.generation().catch(() => undefined);
  // Who is in which group is known before the first command; a GitLab that is away does not keep the gateway from starting.
  await Promise.race([parts.policy.startGroups(), later(groupsWithinMs)]);
  const http = buildHttp(config, log, parts, version);
  const url = await http
    .listen({ host: config.http.host, port: config.http.port })
    .catch(async (error: unknown) => {
      await closeAll(http, parts);
      throw error;
    });
  parts.queue.start(parts.worker.work);
  parts.sweeper.start();
  parts.policy.startReviews();
  void warn(config, log, parts);
  log.info({ url, policy: parts.policy.current().revision }, 'the gateway listens');
  return { url, close: () => closeAll(http, parts) };
};
