import { createHmac } from 'node:crypto';
import type { CiEvent } from '../../ci/types.ts';
import { type Hook, projectOf, type World } from '../world.ts';
import { jobPayload, pipelinePayload } from './payload.ts';

/** One webhook call that was made, and how it ended: an HTTP status, or why there was none. */
export interface Delivery {
  readonly at: number;
  readonly hookId: number;
  readonly url: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly outcome: number | string;
}

/** Sends a project's webhooks; nothing is tried twice. */
export interface Deliveries {
  /** The newest calls, oldest first. */
  recent(): readonly Delivery[];
  /** Stops listening, and waits for calls under way. */
  close(): Promise<void>;
}

/** GitLab.com's time limit for one call (https://docs.gitlab.com/user/gitlab_com/#webhooks). */
const timeLimitMs = 10_000;
const kept = 500;

/** Sends `Pipeline Hook` and `Job Hook` on every change of status, for as long as the world lives. */
export function deliverHooks(world: World): Deliveries {
  const recent: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  const abort = new AbortController();
  const send = async (hook: Hook, event: string, body: string): Promise<void> => {
    const headers = hookHeaders(world, hook, event, body);
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(timeLimitMs)]);
    const outcome = await post(hook.url, headers, body, signal);
    recent.push({ at: world.now(), hookId: hook.id, url: hook.url, event, headers, body, outcome });
    recent.splice(0, Math.max(0, recent.length - kept));
  };
  const start = (hook: Hook, event: string, body: string): void => {
    const call = send(hook, event, body).finally(() => underWay.delete(call));
    underWay.add(call);
  };
  const unsubscribe = world.ci.subscribe((event) => announce(world, event, start));
  return {
    recent: () => recent,
    async close() {
      unsubscribe();
      abort.abort();
      await Promise.allSettled(underWay);
    },
  };
}

function announce(
  world: World,
  event: CiEvent,
  start: (hook: Hook, event: string, body: string) => void,
): void {
  const project = projectOf(world, event.pipeline.projectId);
  if (!project || event.kind === 'log') return;
  for (const hook of project.hooks.values()) {
    if (event.kind === 'pipeline' && hook.pipelineEvents) {
      start(hook, 'Pipeline Hook', JSON.stringify(pipelinePayload(world, project, event.pipeline)));
    }
    if (event.kind === 'job' && event.job?.kind === 'job' && hook.jobEvents) {
      start(hook, 'Job Hook', JSON.stringify(jobPayload(world, project, event.pipeline, event.job)));
    }
  }
}

function hookHeaders(world: World, hook: Hook, event: string, body: string): Record<string, string> {
  const key = world.uuid();
  const at = String(Math.floor(world.now() / 1000));
  return {
    'content-type': 'application/json',
    'user-agent': 'GitLab/18.5.1',
    'x-gitlab-event': event,
    'x-gitlab-webhook-uuid': hook.uuid,
    'x-gitlab-event-uuid': world.uuid(),
    'x-gitlab-instance': world.serverUrl(),
    'idempotency-key': key,
    ...(hook.token === '' ? {} : { 'x-gitlab-token': hook.token }),
    ...(hook.signingToken === ''
      ? {}
      : {
          'webhook-id': key,
          'webhook-timestamp': at,
          'webhook-signature': signature(hook.signingToken, key, at, body),
        }),
  };
}

/** Standard Webhooks signature: HMAC-SHA256 over `<id>.<timestamp>.<body>` with the key after `whsec_` (https://www.standardwebhooks.com). */
export function signature(signingToken: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(signingToken.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<number | string> {
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
