import type { Reply, ReplySender } from '../../core/reply.ts';
import { readForm } from './form.ts';
import type { Reading } from './origin.ts';
import { type Parsed, parseSlack } from './parse.ts';
import { renderSlack } from './render.ts';
import { type RawRequest, replayKey, verifySlack } from './verify.ts';

/** What the Slack routes need. `secrets` are the signing secrets in force, more than one while they are being changed. */
export interface SlackEndpointParts extends Reading {
  readonly secrets: readonly string[];
  readonly sender: ReplySender;
}

/** Bytes of a handshake; Slack sends two short fields. */
const longestHandshake = 1024;

/** Seconds that a request's timestamp may differ from our clock, either way. */
const toleranceSeconds = 300;

/** Slack as the HTTP routes see it: what proves a request genuine, what it says, how it is answered. */
export function createSlackEndpoint(parts: SlackEndpointParts) {
  const { secrets, now, sender } = parts;
  return {
    app: 'slack',
    commandsPath: '/slack/commands',
    interactionsPath: '/slack/interactions',
    isHandshake,
    verify: (raw: RawRequest) => {
      const verdict = verifySlack({ ...raw, secrets, toleranceSeconds, now: now() });
      if (!verdict.ok) return verdict;
      const { request } = verdict;
      const parse = (which: 'commands' | 'interactions'): Parsed => parseSlack(request, which, parts);
      return { ok: true as const, replayKey: replayKey(request), parse };
    },
    answer: (reply: Reply | null) => (reply === null ? null : renderSlack(reply)),
    sender,
  };
}

// Slack asks now and then whether the certificate is good, unsigned; exactly `1`, or anything truthy would be a way around the signature.
// Reading the form of whoever asks must cost next to nothing, so a signed or long request is none; signed, it is read once verified.
function isHandshake({ rawBody, headers }: RawRequest): boolean {
  if (headers['x-slack-signature'] !== undefined || rawBody.length > longestHandshake) return false;
  const form = readForm(rawBody);
  return form.ok && form.fields.get('ssl_check') === '1';
}
