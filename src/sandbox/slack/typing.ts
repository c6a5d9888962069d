import { isEmpty, type ParsedContent, parseContent } from './content.ts';
import type { Delivered, Delivery } from './delivery.ts';
import { escapeTyped, type Names } from './escaping.ts';
import { parseJson } from './json.ts';
import type { ResponseUrls } from './response-urls.ts';
import { app, people, slackbot, team } from './seed.ts';
import type { Channel, Person } from './types.ts';
import type { Workspace } from './workspace.ts';

/** What typing and pressing need to reach the app. */
export interface AppSide {
  readonly workspace: Workspace;
  readonly delivery: Delivery;
  readonly responseUrls: ResponseUrls;
  /** This Slack's own address, for response_urls. */
  readonly ownUrl: () => string;
  /** The deprecated verification token, sent as Slack still does. */
  readonly verificationToken: string;
  readonly triggerId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Does what Slack does when this person sends this text in this channel; settles when the app has answered or was given up. */
export async function type(side: AppSide, person: Person, channel: Channel, text: string): Promise<void> {
  const escaped = escapeTyped(text, namesFor(side.workspace, person));
  if (!text.startsWith('/')) return say(side, person, channel, escaped);
  const [, command = text, rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(escaped) ?? [];
  if (command.toLowerCase() !== app.command) return tell(side, person, channel, unknownCommand(command));
  const fields = commandFields(side, person, channel, rest.trim());
  const audience = { channel: channel.id, person: person.id };
  const delivered = await side.delivery.send({ path: '/slack/commands', fields, audience });
  const content = readAnswer(delivered);
  if (!content.ok) {
    return tell(side, person, channel, `${app.command} failed with the error "${content.error}"`);
  }
  if (content.content.inChannel) say(side, person, channel, escaped);
  if (isEmpty(content.content)) return;
  side.workspace.add({
    channel: channel.id,
    from: 'app',
    user: app.userId,
    text: content.content.text,
    blocks: content.content.blocks,
    onlyFor: content.content.inChannel ? null : person.id,
  });
}

/** Slack's own words, only for this person. */
export function tell(side: AppSide, person: Person, channel: Channel, text: string): void {
  side.workspace.add({ channel: channel.id, from: 'slackbot', user: slackbot, text, onlyFor: person.id });
}

/** Slack's word for a delivery that failed, or null when the app answered 200. */
export function failureOf(delivered: Delivered): string | null {
  if (delivered.kind === 'late') return 'operation_timeout';
  if (delivered.kind === 'unreachable') return 'dispatch_failed';
  if (delivered.status === 200) return null;
  return delivered.status >= 500 ? 'http_service_error' : 'dispatch_failed';
}

function say(side: AppSide, person: Person, channel: Channel, text: string): void {
  side.workspace.add({ channel: channel.id, from: 'person', user: person.id, text });
}

function commandFields(
  side: AppSide,
  person: Person,
  channel: Channel,
  text: string,
): Record<string, string> {
  const path = side.responseUrls.open({ channel: channel.id, person: person.id, original: null });
  return {
    token: side.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.isDirect ? 'directmessage' : channel.isPrivate ? 'privategroup' : channel.name,
    user_id: person.id,
    user_name: person.username,
    command: app.command,
    text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${side.ownUrl()}${path}`,
    trigger_id: side.triggerId(),
  };
}

/** The app's answer as a message; an empty body is an empty message, which shows nothing. */
function readAnswer(delivered: Delivered): ParsedContent {
  const failure = failureOf(delivered);
  if (failure !== null || delivered.kind !== 'answered')
    return { ok: false, error: failure ?? '', messages: [] };
  if (delivered.body.trim() === '') return parseContent({});
  if (!/^application\/json\s*(;|$)/i.test(delivered.contentType))
    return parseContent({ text: delivered.body });
  const parsed = parseContent(parseJson(delivered.body));
  return parsed.ok ? parsed : { ...parsed, error: 'invalid_command_response' };
}

function namesFor(workspace: Workspace, person: Person): Names {
  const channels = workspace.channelsOf(person.id).filter((each) => !each.isDirect);
  return {
    people: new Map([...people.map((each) => [each.username, each.id] as const), [app.username, app.userId]]),
    channels: new Map(channels.map((each) => [each.name, each.id])),
  };
}

function unknownCommand(command: string): string {
  return `${command} is not a valid command. A message that begins with "/" is taken as a command; put a space before the "/" to send it as text.`;
}
