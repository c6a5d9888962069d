import { createHash, createHmac } from 'node:crypto';
import { type Fetch, post, refused } from './post.ts';
import type { Sink, SinkLine } from './sink.ts';

/** Where to post and how to sign. */
export interface WebhookSinkOptions {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** The same for the same lines, whenever they are posted again. */
const idOf = (lines: readonly SinkLine[]): string =>
  `audit_${createHash('sha256')
    .update(lines.map(({ id }) => id).join('\n'))
    .digest('base64url')}`;

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const signatureOf = (secret: string, id: string, seconds: string, body: string): string => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
};

/** Posts lines as `{ type: "chatops.audit", timestamp, data: { lines: [{ id, text }] } }`, signed by Standard Webhooks. */
export const createWebhookSink = ({ url, secret, fetch, now }: WebhookSinkOptions): Sink => ({
  name: 'webhook',
  gatherMs: 250,
  send: async (lines, signal) => {
    const timestamp = new Date(now()).toISOString();
    const body = JSON.stringify({ type: 'chatops.audit', timestamp, data: { lines } });
    const id = idOf(lines);
    const seconds = String(Math.floor(now() / 1000));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': signatureOf(secret, id, seconds, body),
    };
    const posted = await post({ fetch, url, headers, body, signal });
    const taken = posted.answered && posted.status >= 200 && posted.status < 300;
    return taken ? { sent: true, passedOver: [] } : refused(url, posted);
  },
});
