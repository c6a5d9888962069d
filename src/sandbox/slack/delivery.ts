import { Agent, request } from 'undici';
import { type Exchanges, shorten } from './exchanges.ts';
import { sign } from './signing.ts';
import type { Audience } from './workspace.ts';

/** How the app took what was sent to it. */
export type Delivered =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | { readonly kind: 'late' }
  | { readonly kind: 'unreachable'; readonly why: string };

/** One signed, form-encoded request to the app. */
export interface Parcel {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly audience: Audience;
}

/** Sends to the app as Slack does: signed, once, no redirects, and only so long. */
export interface Delivery {
  send(parcel: Parcel): Promise<Delivered>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** What a delivery needs; `now` and `answerWithin` in milliseconds. */
export interface DeliveryOptions {
  readonly gatewayUrl: () => string;
  readonly signingSecret: string;
  readonly now: () => number;
  readonly answerWithin: number;
  readonly exchanges: Exchanges;
}

/** Makes the way to the app. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const agent = new Agent();
  const closing = new AbortController();
  return {
    async send(parcel) {
      const at = options.now();
      const letter = toLetter(parcel, options.signingSecret, at);
      const url = () => `${options.gatewayUrl().replace(/\/$/, '')}${parcel.path}`;
      const delivered = await post(agent, url, letter, options.answerWithin, closing.signal);
      const milliseconds = options.now() - at;
      const told = { at, direction: 'to app', what: parcel.path, milliseconds } as const;
      const signature = shorten(letter.headers['X-Slack-Signature']);
      options.exchanges.record(
        { ...told, ...outcome(delivered, signature), request: asText(parcel) },
        parcel.audience,
      );
      return delivered;
    },
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

type Letter = ReturnType<typeof toLetter>;

function toLetter(parcel: Parcel, secret: string, now: number) {
  const body = new URLSearchParams(parcel.fields).toString();
  const timestamp = String(Math.floor(now / 1000));
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    Accept: 'application/json,*/*',
    'X-Slack-Request-Timestamp': timestamp,
    'X-Slack-Signature': sign(secret, timestamp, body),
  };
  return { body, headers };
}

async function post(
  agent: Agent,
  url: () => string,
  letter: Letter,
  within: number,
  closing: AbortSignal,
): Promise<Delivered> {
  const late = AbortSignal.timeout(within);
  try {
    const answer = await request(url(), {
      method: 'POST',
      headers: letter.headers,
      body: letter.body,
      dispatcher: agent,
      signal: AbortSignal.any([late, closing]),
    });
    const body = await answer.body.text();
    return {
      kind: 'answered',
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      body,
    };
  } catch (cause) {
    if (late.aborted) return { kind: 'late' };
    return { kind: 'unreachable', why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function outcome(
  delivered: Delivered,
  signature: string,
): { status: number; note: string; response: string } {
  if (delivered.kind === 'answered')
    return { status: delivered.status, note: signature, response: delivered.body };
  if (delivered.kind === 'late') return { status: 0, note: `${signature} operation_timeout`, response: '' };
  return { status: 0, note: `${signature} dispatch_failed`, response: delivered.why };
}

/** One field per line; a `payload` as indented JSON. */
function asText(parcel: Parcel): string {
  return Object.entries(parcel.fields)
    .map(
      ([name, value]) => `${name}=${name === 'payload' ? JSON.stringify(JSON.parse(value), null, 2) : value}`,
    )
    .join('\n');
}
