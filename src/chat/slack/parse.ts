import type { ErrorCode } from '../../core/errors.ts';
import type { Incoming } from '../../core/invocation.ts';
import { readForm } from './form.ts';
import { arrivalFrom, type Origin, type Reading, whyNotFrom } from './origin.ts';
import { readInteraction } from './press.ts';
import { plainTyped } from './typed-text.ts';
import type { GenuineRequest } from './verify.ts';

/** What a genuine request says, or why it says nothing. */
export type Parsed =
  | { readonly ok: true; readonly incoming: Incoming }
  | { readonly ok: false; readonly code: ErrorCode; readonly because: string };

const malformed = (because: string): Parsed => ({ ok: false, code: 'request.malformed', because });

const handshake: Incoming = { kind: 'ignored', because: 'a check of the certificate' };

/** Reads a slash command (`commands`) or a pressed button (`interactions`). */
export function parseSlack(
  request: GenuineRequest,
  which: 'commands' | 'interactions',
  reading: Reading,
): Parsed {
  const form = readForm(request.rawBody);
  if (!form.ok) return malformed(form.because);
  // A command beside it is not meant to be carried out: https://docs.slack.dev/interactivity/implementing-slash-commands
  if (form.fields.get('ssl_check') === '1') return { ok: true, incoming: handshake };
  return which === 'commands'
    ? parseCommand(request, form.fields, reading)
    : parseInteraction(request, form.fields, reading);
}

function parseCommand(
  request: GenuineRequest,
  fields: ReadonlyMap<string, string>,
  reading: Reading,
): Parsed {
  const field = (name: string) => fields.get(name) ?? '';
  const origin: Origin = {
    team: field('team_id'),
    user: field('user_id'),
    userName: field('user_name'),
    channel: field('channel_id'),
    channelName: field('channel_name'),
    triggerId: field('trigger_id'),
    responseUrl: field('response_url'),
  };
  const because = whyNotFrom(origin);
  if (because !== undefined) return malformed(because);
  const text = plainTyped(field('text'));
  return {
    ok: true,
    incoming: { kind: 'invocation', invocation: { ...arrivalFrom(origin, request, reading), text } },
  };
}

function parseInteraction(
  request: GenuineRequest,
  fields: ReadonlyMap<string, string>,
  reading: Reading,
): Parsed {
  const interaction = readInteraction(fields.get('payload') ?? '');
  if (interaction.kind === 'malformed') return malformed(interaction.because);
  if (interaction.kind === 'ignored') return { ok: true, incoming: interaction };
  const { action, runId, origin } = interaction;
  const because = whyNotFrom(origin);
  if (because !== undefined) return malformed(because);
  return {
    ok: true,
    incoming: { kind: 'press', press: { ...arrivalFrom(origin, request, reading), action, runId } },
  };
}
