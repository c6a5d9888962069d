import type { ErrorCode } from '../core/errors.ts';
import type { RunStore, WakeQueue } from '../core/run.ts';
import { readWebhook, type WebhookVerdict } from '../gitlab/webhook.ts';
import type { GitlabWebhook, RepositoryNews } from '../http/gitlab-webhook.ts';
import type { RawRequest } from '../http/raw.ts';

/** What GitLab's deliveries need. */
export interface WebhookWiring {
  readonly verify: (raw: RawRequest) => WebhookVerdict;
  readonly store: Pick<RunStore, 'byPipeline'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  /** Where the policy is kept in GitLab and who hears that it may have changed; undefined when it is a folder. */
  readonly policyProject?: PolicyProjectHints | undefined;
}

/** The project and branch that the policy comes from, and what is done when something may have changed there. Both return at once. */
export interface PolicyProjectHints {
  readonly project: string;
  /** Without `refs/heads/`. */
  readonly ref: string;
  /** The branch may end elsewhere now. */
  readonly pushed?: ((after: string) => void) | undefined;
  /** A merge request into the branch may have changed. */
  readonly mergeRequest?: ((iid: number) => void) | undefined;
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};

const malformed: ErrorCode = 'request.malformed';

/** GitLab's paths are equal whatever their case. */
const sameProject = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const tellHints = (hints: PolicyProjectHints | undefined, news: RepositoryNews): void => {
  if (hints === undefined || !sameProject(hints.project, news.project)) return;
  if (news.kind === 'push') {
    if (news.ref === `refs/heads/${hints.ref}`) hints.pushed?.(news.after);
  } else if (news.targetBranch === hints.ref) hints.mergeRequest?.(news.iid);
};

/** GitLab's deliveries: they only wake the run that follows the pipeline, or hint at the policy's project; the look decides. */
export const wireWebhook = ({ verify, store, queue, policyProject }: WebhookWiring): GitlabWebhook => ({
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
  hint: (news) => tellHints(policyProject, news),
});
