import type { Retry } from './audit/batches.ts';
import { createElasticsearchSink } from './audit/sinks/elasticsearch.ts';
import { follow } from './audit/sinks/follow.ts';
import type { Fetch } from './audit/sinks/post.ts';
import type { Sink, SinkHealth } from './audit/sinks/sink.ts';
import { createStdoutSink } from './audit/sinks/stdout.ts';
import { createWebhookSink } from './audit/sinks/webhook.ts';
import type { Audit } from './audit.ts';

/** Where the lines of the audit file go beside it. */
export interface AuditSinkPlaces {
  readonly stdout: boolean;
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  /** `url` ends with the index. */
  readonly elasticsearch: { readonly url: string; readonly apiKey: string | undefined } | undefined;
}

/** What sinks are made with. */
export interface AuditSinkOptions {
  readonly audit: Pick<Audit, 'files' | 'chain' | 'onGrown'>;
  readonly places: AuditSinkPlaces;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly write: (line: string) => void;
  /** Told when a sink begins to fail, when it is well again, and of each line that a receiver will never take. */
  readonly problem: (words: string) => void;
  readonly retry?: Retry;
}

/** The sinks at work. */
export interface AuditSinks {
  health(): readonly SinkHealth[];
  /** Once the audit is closed: sends what is left within that time (milliseconds; default 2000); the rest goes out at the next start. */
  close(withinMs?: number): Promise<void>;
}

const usualRetry: Retry = { firstMs: 1000, mostMs: 60_000 };

const sinksOf = ({ places, fetch, now, write }: AuditSinkOptions): readonly Sink[] => {
  const { stdout, webhook, elasticsearch } = places;
  return [
    ...(stdout ? [createStdoutSink(write)] : []),
    ...(webhook === undefined ? [] : [createWebhookSink({ ...webhook, fetch, now })]),
    ...(elasticsearch === undefined ? [] : [createElasticsearchSink({ ...elasticsearch, fetch })]),
  ];
};

/** Follows the audit file for each place from where it was left, at least once for every line. Without a file there are none. */
export const createAuditSinks = async (options: AuditSinkOptions): Promise<AuditSinks> => {
  const { audit, problem, retry = usualRetry } = options;
  const { files } = audit;
  const sinks = files === undefined ? [] : sinksOf(options);
  const followers = await Promise.all(
    sinks.map((sink) =>
      follow({ audit, sink, path: `${files?.lines.path}.${sink.name}.cursor`, retry, problem }),
    ),
  );
  const wake = (): void => {
    for (const follower of followers) follower.wake();
  };
  audit.onGrown(wake);
  wake();
  return {
    health: () => followers.map((follower) => follower.health()),
    close: async (withinMs = 2000) => {
      await Promise.all(followers.map((follower) => follower.close(withinMs)));
    },
  };
};
