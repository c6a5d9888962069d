import type { ErrorCode } from '../core/errors.ts';
import type { RunStore, WakeQueue } from '../core/run.ts';
import { readWebhook, type WebhookVerdict } from '../gitlab/webhook.ts';
import type { GitlabWebhook } from '../http/gitlab-webhook.ts';
import type { RawRequest } from '../http/raw.ts';

/** What GitLab's deliveries need. */
export interface WebhookWiring {
  readonly verify: (raw: RawRequest) => WebhookVerdict;
  readonly store: Pick<RunStore, 'byPipeline'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};

const malformed: ErrorCode = 'request.malformed';

/** GitLab's deliveries: they only wake the run that follows the pipeline; the look decides. */
export const wireWebhook = ({ verify, store, queue }: WebhookWiring): GitlabWebhook => ({
  verify: (raw) => {
    const verdict = verify(raw);
    return verdict.genuine ? { ok: true } : { ok: false, code: verdict.code, because: verdict.because };
  },
  read: (raw) => {
    const body = parsed(raw.rawBody);
    if (body === undefined) return { ok: false, code: malformed, because: 'the body is not JSON' };
    return { ok: true, news: readWebhook(body, raw.headers) };
  },
  wake: async (project, pipelineId) => {
    const runId = await store.byPipeline(project, pipelineId);
    if (runId !== undefined) await queue.wake(runId, 0, true);
  },
});
