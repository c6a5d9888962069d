import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { CiEvent } from '../../ci/types.ts';
import { createPauses } from '../../faults/pauses.ts';
import type { Happening } from '../activity.ts';
import { type Hook, projectOf, type World } from '../world.ts';
import { mergeRequestPayload, pushPayload } from './code-payload.ts';
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

/** A receiver that does not answer holds no more connections than these, and no more calls wait for it. */
const connections = 100;
const mostUnderWay = 20_000;

/**
 * Sends `Pipeline Hook` and `Job Hook` on every change of status, `Push Hook` and `Merge Request Hook` on every change of code, for as long as the world lives. `copies` is asked once per
 * call: when each copy goes out, in milliseconds from then; none at all when it is to be lost.
 */
export function deliverHooks(world: World, copies: () => readonly number[] = () => [0]): Deliveries {
  const recent: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  // The limit as the client's own: a signal per call would live on for ten seconds after the answer.
  const agent = new Agent({ connections, headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs });
  const pauses = createPauses();
  const send = async (letter: Letter): Promise<void> => {
    const room = underWay.size < mostUnderWay;
    const outcome = room ? await post(agent, letter) : 'not sent: too many calls wait for their receivers';
    recent.push({ at: world.now(), ...letter, outcome });
    if (recent.length > kept) recent.shift();
  };
  const start = (hook: Hook, event: string, body: string): void => {
    const headers = hookHeaders(world, hook, event, body);
    const letter = { hookId: hook.id, url: hook.url, event, headers, body };
    for (const milliseconds of copies()) {
      pauses.after(milliseconds, () => {
        const call = send(letter).finally(() => underWay.delete(call));
        underWay.add(call);
      });
    }
  };
  const unsubscribe = [
    world.ci.subscribe((event) => announce(world, event, start)),
    world.activity.subscribe((happening) => announceCode(world, happening, start)),
  ];
  return {
    recent: () => recent,
    async close() {
      for (const end of unsubscribe) end();
      pauses.close();
      await agent.destroy();
      await Promise.allSettled(underWay);
    },
  };
}

type Letter = Omit<Delivery, 'at' | 'outcome'>;

type Start = (hook: Hook, event: string, body: string) => void;

function announce(world: World, event: CiEvent, start: Start): void {
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

function announceCode(world: World, happening: Happening, start: Start): void {
  for (const hook of happening.project.hooks.values()) {
    if (happening.kind === 'push' && hook.pushEvents) {
      start(hook, 'Push Hook', JSON.stringify(pushPayload(world, happening)));
    }
    if (happening.kind === 'merge-request' && hook.mergeRequestEvents) {
      start(hook, 'Merge Request Hook', JSON.stringify(mergeRequestPayload(world, happening)));
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

async function post(agent: Agent, { url, headers, body }: Letter): Promise<number | string> {
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
