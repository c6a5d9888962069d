import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type RawRequest, type Refusal, rawOf } from './raw.ts';
import { withRawBodies } from './raw-routes.ts';
import type { Surroundings } from './surroundings.ts';

/** What a genuine delivery of GitLab says to us. */
export type WebhookNews =
  | { readonly kind: 'pipeline'; readonly project: string; readonly pipelineId: number }
  | RepositoryNews
  | { readonly kind: 'ignored'; readonly because: string };

/** A branch or a merge request changed. */
export type RepositoryNews =
  | { readonly kind: 'push'; readonly project: string; readonly ref: string; readonly after: string }
  | {
      readonly kind: 'merge-request';
      readonly project: string;
      readonly iid: number;
      readonly sha: string | undefined;
      readonly targetBranch: string;
      readonly sourceProject: string | undefined;
      readonly action: string | undefined;
      readonly state: string | undefined;
    };

/** GitLab's deliveries: who checks them, who reads them, who is woken. Without a secret there is no such part and no route. */
export interface GitlabWebhook {
  verify(raw: RawRequest): { readonly ok: true } | Refusal;
  /** Only called with a verified request. */
  read(raw: RawRequest): { readonly ok: true; readonly news: WebhookNews } | Refusal;
  /** Looks at the pipeline's run soon. Being called twice is harmless. */
  wake(project: string, pipelineId: number): Promise<void>;
  /** Looks at the branch or the merge request soon. Returns at once; being called twice is harmless. */
  hint?(news: RepositoryNews): void;
}

/** Bytes; a pipeline with many jobs is described at length. */
const bodyLimit = 2 * 1024 * 1024;

/** Declares `POST /gitlab/webhook`: a delivery only wakes, so it is answered before anything is done about it. */
export function registerGitlabWebhook(
  app: FastifyInstance,
  webhook: GitlabWebhook,
  { refuse, background }: Surroundings,
): void {
  withRawBodies(app, { type: 'application/json', limit: bodyLimit }, refuse, (scope) => {
    scope.post('/gitlab/webhook', async (request, reply) => {
      const raw = rawOf(request);
      const verified = webhook.verify(raw);
      if (!verified.ok) return refuse(request, reply, verified);
      const read = webhook.read(raw);
      if (!read.ok) return refuse(request, reply, read);
      const { news } = read;
      if (news.kind === 'pipeline') background.add(wakeQuietly(webhook, news, request.log));
      else if (news.kind !== 'ignored') background.add(hintQuietly(webhook, news, request.log));
      return reply.code(204).send();
    });
  });
}

async function wakeQuietly(
  webhook: GitlabWebhook,
  { project, pipelineId }: Extract<WebhookNews, { kind: 'pipeline' }>,
  log: FastifyBaseLogger,
): Promise<void> {
  try {
    await webhook.wake(project, pipelineId);
  } catch (thrown) {
    log.warn({ project, pipelineId, err: thrown }, 'waking a run failed: the poll will find out');
  }
}

async function hintQuietly(
  webhook: GitlabWebhook,
  news: RepositoryNews,
  log: FastifyBaseLogger,
): Promise<void> {
  try {
    webhook.hint?.(news);
  } catch (thrown) {
    const { kind, project } = news;
    log.warn({ kind, project, err: thrown }, 'a hint of GitLab was lost: the next look will find out');
  }
}
