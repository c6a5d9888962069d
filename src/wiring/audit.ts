import type { Config } from '../config.ts';
import type { AuditEntry } from '../core/audit-entry.ts';
import type { Log } from '../http/log.ts';
import { type Audit, createAudit } from '../listeners/audit.ts';
import { createAuditSinks } from '../listeners/audit-sinks.ts';
import type { createMetrics } from '../listeners/metrics.ts';
import { createRejected } from '../listeners/rejected.ts';
import { digestOf } from './digest.ts';
import type { Surroundings } from './surroundings.ts';

/** What keeping the record needs. */
export interface AuditWiring {
  readonly config: Config;
  readonly version: string;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Pick<ReturnType<typeof createMetrics>, 'watchAuditSinks'>;
  readonly surroundings: Surroundings;
}

/** A digest of all settings that are no secret and hold none: whether two starts were configured alike. */
const configDigest = ({ http, logLevel, policies, auditFile, allowedHosts, ...config }: Config): string => {
  const gitlab = { url: config.gitlab.url, webhook: config.gitlab.webhookSecret !== undefined };
  const slack = config.slack && {
    apiUrl: config.slack.apiUrl,
    hosts: config.slack.responseUrlHosts,
    bot: config.slack.botToken !== undefined,
  };
  const redis = config.redisUrl !== undefined;
  const plain = { http, logLevel, policies, auditFile, allowedHosts, gitlab, slack, redis };
  return digestOf(JSON.stringify(plain));
};

const openSinks = async ({ config, now, log, metrics }: AuditWiring, audit: Audit) => {
  const places = config.auditSinks;
  if (places === undefined) return undefined;
  const sinks = await createAuditSinks({
    audit,
    places,
    fetch,
    now,
    write: (line) => void process.stdout.write(`${line}\n`),
    problem: (words) => log.warn({}, words),
  });
  metrics.watchAuditSinks(() => Object.fromEntries(sinks.health().map(({ sink, lag }) => [sink, lag])));
  return sinks;
};

/** The record of what was asked, decided and done, and where it is sent on to. Rejects when its file cannot be written. */
export const wireAudit = async (wiring: AuditWiring) => {
  const { config, now, log, surroundings } = wiring;
  const { around } = surroundings;
  const audit = await createAudit({
    path: config.auditFile,
    now,
    write: (line) => void process.stdout.write(`${line}\n`),
    signingKey: config.signingKey,
    problem: (words, err) => log.error({ err }, words),
  });
  const sinks = await openSinks(wiring, audit);
  const record = (entry: AuditEntry): Promise<void> =>
    around(`audit.${entry.kind}`, () => audit.record(entry));
  const note = (entry: AuditEntry): Promise<void> =>
    around(`audit.${entry.kind}`, () => audit.recordDone(entry)).catch(() => undefined);
  const rejected = createRejected({ record });
  const own = { kind: 'gateway', version: wiring.version, config: configDigest(config) } as const;
  void note({ ...own, outcome: 'started' });
  const close = async (): Promise<void> => {
    await rejected.close();
    void note({ ...own, outcome: 'stopped' });
    await audit.close();
    await sinks?.close();
  };
  return { record, note, rejected, writable: audit.writable, close };
};
