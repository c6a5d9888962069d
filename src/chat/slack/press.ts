import type { Origin } from './origin.ts';

/** What an interaction turned out to be. */
export type Interaction =
  | { readonly kind: 'press'; readonly action: string; readonly runId: string; readonly origin: Origin }
  | { readonly kind: 'ignored'; readonly because: string }
  | { readonly kind: 'malformed'; readonly because: string };

type Fields = Readonly<Record<string, unknown>>;

/** How a button of ours names itself; a number at the end only tells equal buttons of one row apart. */
const ours = /^chatops\.([a-z][a-z-]{0,39})(?:\.[0-9]{1,3})?$/;
const runIds = /^[A-Za-z0-9_-]{1,64}$/;

/** The `action_id` of a button that stands `at` this place in its row. */
export const actionId = (action: string, at: number): string =>
  at === 0 ? `chatops.${action}` : `chatops.${action}.${at}`;

/** Reads the `payload` of an interaction: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function readInteraction(payload: string): Interaction {
  const body = json(payload);
  if (body === undefined) return { kind: 'malformed', because: 'the payload is not a JSON object' };
  if (body.type !== 'block_actions') return ignored('an interaction that is not the press of a button');
  const actions = Array.isArray(body.actions) ? body.actions.filter(isRecord) : [];
  const pressed = actions.find((each) => ours.test(text(each.action_id)));
  if (pressed === undefined) return ignored('no button of this gateway');
  const action = ours.exec(text(pressed.action_id))?.[1];
  const runId = text(pressed.value);
  if (action === undefined || !runIds.test(runId))
    return { kind: 'malformed', because: 'the button names no run' };
  return { kind: 'press', action, runId, origin: originOf(body) };
}

const ignored = (because: string): Interaction => ({ kind: 'ignored', because });

function originOf(body: Fields): Origin {
  const team = record(body.team);
  const user = record(body.user);
  const channel = record(body.channel);
  return {
    team: text(team.id) || text(user.team_id),
    user: text(user.id),
    userName: text(user.username) || text(user.name),
    channel: text(channel.id) || text(record(body.container).channel_id),
    channelName: text(channel.name),
    triggerId: text(body.trigger_id),
    responseUrl: text(body.response_url),
  };
}

function json(payload: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const record = (value: unknown): Fields => (isRecord(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
