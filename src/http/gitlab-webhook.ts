import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type RawRequest, type Refusal, rawOf } from './raw.ts';
import { withRawBodies } from './raw-routes.ts';
import type { Surroundings } from './surroundings.ts';

/** What a genuine delivery of GitLab says to us. */
export type WebhookNews =
  | { readonly kind: 'pipeline'; readonly project: string; readonly pipelineId: number }
  | { readonly kind: 'ignored'; readonly because: string };

/** GitLab's deliveries: who checks them, who reads them, who is woken. Without a secret there is no such part and no route. */
export interface GitlabWebhook {
  verify(raw: RawRequest): { readonly ok: true } | Refusal;
  /** Only called with a verified request. */
  read(raw: RawRequest): { readonly ok: true; readonly news: WebhookNews } | Refusal;
  /** Looks at the pipeline's run soon. Being called twice is harmless. */
  wake(project: string, pipelineId: number): Promise<void>;
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
      if (read.news.kind === 'pipeline') background.add(wakeQuietly(webhook, read.news, request.log));
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
