import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ErrorCode } from '../../core/errors.ts';

/** A request as it came off the wire: the body's very bytes and the headers with lower-case names. */
export interface RawRequest {
  readonly rawBody: Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const genuine: unique symbol = Symbol('genuine');

/** A request that Slack signed with one of our secrets, just now. Only `verifySlack` makes one; only this can be parsed. */
export interface GenuineRequest {
  readonly [genuine]: true;
  readonly rawBody: Buffer;
  /** Unix seconds, as Slack signed them. */
  readonly timestamp: number;
  readonly signature: string;
}

/** Everything the check depends on. `now` is Unix milliseconds. */
export interface Evidence extends RawRequest {
  readonly now: number;
  readonly secrets: readonly string[];
  readonly toleranceSeconds: number;
}

/** Genuine, or why not. */
export type Verdict =
  | { readonly ok: true; readonly request: GenuineRequest }
  | { readonly ok: false; readonly code: ErrorCode; readonly because: string };

const refuse = (code: ErrorCode, because: string): Verdict => ({ ok: false, code, because });

const single = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : '';

/** Decides whether Slack sent this, and lately: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function verifySlack(evidence: Evidence): Verdict {
  const signature = single(evidence.headers['x-slack-signature']);
  const stamp = single(evidence.headers['x-slack-request-timestamp']);
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) {
    return refuse(
      'request.unverified',
      'X-Slack-Signature is missing, repeated or not v0= and 64 hex digits',
    );
  }
  if (!/^[0-9]{1,12}$/.test(stamp)) {
    return refuse('request.unverified', 'X-Slack-Request-Timestamp is missing, repeated or not in seconds');
  }
  const ahead = Number(stamp) - evidence.now / 1000;
  if (Math.abs(ahead) > evidence.toleranceSeconds) {
    const seconds = Math.round(Math.abs(ahead));
    return refuse('request.stale', `signed ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} our clock`);
  }
  if (!signedByOne(evidence, stamp, signature)) {
    return refuse('request.unverified', 'the signature fits none of our signing secrets');
  }
  const { rawBody } = evidence;
  return { ok: true, request: { [genuine]: true, rawBody, timestamp: Number(stamp), signature } };
}

function signedByOne({ secrets, rawBody }: Evidence, stamp: string, signature: string): boolean {
  const given = Buffer.from(signature.slice(3), 'hex');
  // An HMAC under an empty key can be made by anyone.
  const usable = secrets.filter((secret) => secret !== '');
  const fits = usable.map((secret) => {
    const expected = createHmac('sha256', secret).update(`v0:${stamp}:`).update(rawBody).digest();
    return timingSafeEqual(expected, given);
  });
  return fits.includes(true);
}

/** What to remember of a request so that its second coming is noticed; says nothing about its content. */
export const replayKey = (request: GenuineRequest): string =>
  `slack-request:${createHash('sha256').update(request.signature).digest('base64url')}`;
