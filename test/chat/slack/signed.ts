import { createHmac } from 'node:crypto';
import { type GenuineRequest, verifySlack } from '../../../src/chat/slack/verify.ts';

/** The fields of Slack's published example: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const published = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
    '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
    '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
} as const;

/** Headers as Slack would send them with this body. */
export const slackHeaders = (secret: string, timestamp: string, body: string | Buffer) => ({
  'content-type': 'application/x-www-form-urlencoded',
  'x-slack-request-timestamp': timestamp,
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
});

/** A verified request with this body, signed at Unix second 1000. */
export function genuine(body: string | Buffer): GenuineRequest {
  const verdict = verifySlack({
    rawBody: Buffer.from(body),
    headers: slackHeaders('s', '1000', body),
    now: 1_000_000,
    secrets: ['s'],
    toleranceSeconds: 300,
  });
  if (!verdict.ok) throw new Error(`signing a test request: ${verdict.because}`);
  return verdict.request;
}
