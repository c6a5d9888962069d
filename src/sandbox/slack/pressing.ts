import { type Control, findControl } from './controls.ts';
import { app, team } from './seed.ts';
import { isRecord } from './shape.ts';
import type { Channel, Message, Person, Press } from './types.ts';
import { type AppSide, failureOf, tell } from './typing.ts';

/** A press that can be sent to the app. */
export interface KnownPress {
  readonly message: Message;
  readonly control: Control;
  /** The chosen option of an overflow menu, else null. */
  readonly option: Readonly<Record<string, unknown>> | null;
}

/** Finds what is pressed among what this person sees; null when the stored message has no such control or option. */
export function findPress(side: AppSide, person: Person, channel: Channel, press: Press): KnownPress | null {
  const message = side.workspace.find(channel.id, press.ts);
  if (message === undefined || (message.onlyFor !== null && message.onlyFor !== person.id)) return null;
  const control = findControl(message.blocks, press.blockId, press.actionId);
  if (control === null) return null;
  if (control.element.type !== 'overflow') return { message, control, option: null };
  const options = Array.isArray(control.element.options) ? control.element.options.filter(isRecord) : [];
  const option = options.find((each) => each.value === press.option);
  return option === undefined ? null : { message, control, option };
}

/** Sends a press to the app as Slack does; settles when the app has answered or was given up. */
export async function press(
  side: AppSide,
  person: Person,
  channel: Channel,
  known: KnownPress,
): Promise<void> {
  const payload = JSON.stringify(toPayload(side, person, channel, known));
  const delivered = await side.delivery.send({
    path: '/slack/interactions',
    fields: { payload },
    audience: { channel: channel.id, person: person.id },
  });
  const failure = failureOf(delivered);
  if (failure !== null) tell(side, person, channel, `${app.name} could not take your press: "${failure}"`);
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload; an ephemeral message is not repeated in it. */
function toPayload(
  side: AppSide,
  person: Person,
  channel: Channel,
  known: KnownPress,
): Record<string, unknown> {
  const { message } = known;
  const isEphemeral = message.onlyFor !== null;
  const path = side.responseUrls.open({ channel: channel.id, person: person.id, original: message.ts });
  return {
    type: 'block_actions',
    user: { id: person.id, username: person.username, name: person.username, team_id: team.id },
    api_app_id: app.id,
    token: side.verificationToken,
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: isEphemeral },
    trigger_id: side.triggerId(),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channel.isDirect ? 'directmessage' : channel.name },
    ...(isEphemeral ? {} : { message: messageFields(message) }),
    state: { values: {} },
    response_url: `${side.ownUrl()}${path}`,
    actions: [toAction(known, side.now())],
  };
}

/** A stored message of the app as Slack's API shows it. */
export function messageFields(message: Message): Record<string, unknown> {
  return {
    type: 'message',
    user: message.user,
    bot_id: app.botId,
    app_id: app.id,
    team: team.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
  };
}

function toAction({ control, option }: KnownPress, now: number): Record<string, unknown> {
  const { type, action_id, value, text, style } = control.element;
  const action = { type, action_id, block_id: control.blockId, action_ts: (now / 1000).toFixed(6) };
  if (option !== null) return { ...action, selected_option: option };
  return { ...action, value, text, style };
}
