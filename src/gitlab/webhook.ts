import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ErrorCode } from '../core/errors.ts';

/** A webhook call as it arrived. Header names in lower case. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Uint8Array;
  /** The gateway's clock, Unix milliseconds. */
  readonly now: number;
  /** Comma list: entries starting with `whsec_` are signing keys, the others plain tokens. */
  readonly secret: string;
}

/** Whether the call is GitLab's. */
export type WebhookVerdict =
  | { readonly genuine: true }
  | { readonly genuine: false; readonly code: ErrorCode; readonly because: string };

/** A timestamp may be off by this much either way, in seconds: https://docs.gitlab.com/user/project/integrations/webhooks/ */
const toleranceSeconds = 300;

/** Checks the signature, or the plain token where the call carries no signature: what is signed is never judged by its token. */
export const verifyWebhook = ({ headers, rawBody, now, secret }: WebhookRequest): WebhookVerdict => {
  const secrets = secret
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const signed = ['webhook-signature', 'webhook-timestamp'].some((name) => headers[name] !== undefined);
  if (signed) return bySignature(headers, rawBody, now, secrets.filter(isKey));
  const token = headers['x-gitlab-token'];
  if (typeof token !== 'string') return unverified('neither a signature nor a token');
  const known = secrets.filter((one) => !isKey(one)).map((one) => same(Buffer.from(one), Buffer.from(token)));
  return known.includes(true) ? { genuine: true } : unverified('wrong token');
};

const isKey = (secret: string): boolean => secret.startsWith('whsec_');

const bySignature = (
  headers: WebhookRequest['headers'],
  rawBody: Uint8Array,
  now: number,
  keys: readonly string[],
): WebhookVerdict => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return unverified('webhook-id, webhook-timestamp and webhook-signature are not all there once');
  }
  if (!/^\d{1,12}$/.test(timestamp)) return unverified('webhook-timestamp is no number of seconds');
  if (keys.length === 0) return unverified('it is signed, but no signing key (whsec_…) is configured');
  const given = signatures
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  const right = keys
    .map((key) => signatureOf(key, id, timestamp, rawBody))
    .flatMap((expected) => given.map((one) => same(expected, one)));
  if (!right.includes(true)) return unverified('wrong signature');
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) {
    return { genuine: false, code: 'request.stale', because: 'webhook-timestamp is more than 5 minutes off' };
  }
  return { genuine: true };
};

const signatureOf = (key: string, id: string, timestamp: string, rawBody: Uint8Array): Buffer =>
  createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(rawBody)
    .digest();

/** Equal, in a time that does not tell where they differ. */
const same = (a: Buffer, b: Buffer): boolean => {
  const digest = (one: Buffer) => createHmac('sha256', 'compare').update(one).digest();
  return timingSafeEqual(digest(a), digest(b));
};

const unverified = (because: string): WebhookVerdict => ({
  genuine: false,
  code: 'request.unverified',
  because,
});

/** What a genuine call tells. It is only a hint: GitLab is asked for the facts. */
export type WebhookEvent = PipelineEvent | PushEvent | MergeRequestEvent | Ignored;

/** Some pipeline changed. */
export interface PipelineEvent {
  readonly kind: 'pipeline';
  readonly project: string;
  readonly pipelineId: number;
  /** The same when GitLab sends the same delivery again; undefined from a GitLab that gives none. */
  readonly deliveryId: string | undefined;
}

/** A branch of the project now ends elsewhere. */
export interface PushEvent {
  readonly kind: 'push';
  readonly project: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** The commit that the branch ends at; zeros when it was removed. */
  readonly after: string;
}

/** A merge request into the project was opened, changed or closed. What a version of GitLab does not tell is undefined. */
export interface MergeRequestEvent {
  readonly kind: 'merge-request';
  readonly project: string;
  readonly iid: number;
  /** The last commit of the source branch. */
  readonly sha: string | undefined;
  /** Without `refs/heads/`. */
  readonly targetBranch: string;
  /** Another project than `project` where the merge request comes from a fork. */
  readonly sourceProject: string | undefined;
  /** `open`, `update`, `merge` … */
  readonly action: string | undefined;
  readonly state: string | undefined;
}

interface Ignored {
  readonly kind: 'ignored';
  readonly because: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the parsed body of a pipeline, job, push or merge request event; everything else is ignored. */
export const readWebhook = (
  body: unknown,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): WebhookEvent => {
  if (!isMap(body)) return ignored('the body is no object');
  const { object_kind: kind } = body;
  if (kind === 'pipeline' || kind === 'build') return pipelineEvent(body, kind, headers);
  if (kind === 'push') return pushEvent(body);
  if (kind === 'merge_request') return mergeRequestEvent(body);
  return ignored('not an event of a pipeline, a job, a push or a merge request');
};

const pipelineEvent = (
  body: Fields,
  kind: 'pipeline' | 'build',
  headers: WebhookRequest['headers'],
): WebhookEvent => {
  const pipelineId =
    kind === 'build' ? body.pipeline_id : isMap(body.object_attributes) && body.object_attributes.id;
  const project = projectOf(body);
  if (typeof pipelineId !== 'number' || project === undefined)
    return ignored('no project path or pipeline id');
  const id = headers['webhook-id'] ?? headers['idempotency-key'];
  return { kind: 'pipeline', project, pipelineId, deliveryId: typeof id === 'string' ? id : undefined };
};

const pushEvent = (body: Fields): WebhookEvent => {
  const project = projectOf(body);
  const { ref, after } = body;
  if (project === undefined || typeof ref !== 'string' || typeof after !== 'string')
    return ignored('no project path, ref or commit');
  return { kind: 'push', project, ref, after };
};

const mergeRequestEvent = (body: Fields): WebhookEvent => {
  const project = projectOf(body);
  const attributes = isMap(body.object_attributes) ? body.object_attributes : {};
  const { iid, target_branch: targetBranch, last_commit: last, source, action, state } = attributes;
  if (project === undefined || typeof iid !== 'number' || typeof targetBranch !== 'string')
    return ignored('no project path, number or target branch of a merge request');
  const sha = isMap(last) ? textOr(last.id) : undefined;
  const sourceProject = isMap(source) ? textOr(source.path_with_namespace) : undefined;
  return {
    kind: 'merge-request',
    project,
    iid,
    sha,
    targetBranch,
    sourceProject,
    action: textOr(action),
    state: textOr(state),
  };
};

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Job events of older versions name the project only by its page. */
const projectOf = ({ project, repository }: Fields): string | undefined => {
  if (isMap(project) && typeof project.path_with_namespace === 'string') return project.path_with_namespace;
  if (!isMap(repository) || typeof repository.homepage !== 'string') return undefined;
  return URL.canParse(repository.homepage) ? new URL(repository.homepage).pathname.slice(1) : undefined;
};

const ignored = (because: string): WebhookEvent => ({ kind: 'ignored', because });

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
