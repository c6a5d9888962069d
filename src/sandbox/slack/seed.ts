import type { Channel, Person } from './types.ts';

/** The sandbox's one Slack workspace. */
export const team = { id: 'T0SANDBOX', name: 'Acme', domain: 'acme' } as const;

/** The app under test, as Slack knows it. */
export const app = {
  id: 'A0CHATOPS',
  userId: 'U0CHATOPS',
  botId: 'B0CHATOPS',
  name: 'ChatOps',
  username: 'chatops',
  command: '/chatops',
} as const;

/** Slack's own voice, for its error texts. */
export const slackbot = 'USLACKBOT';

/** The people a visitor can act as. */
export const people: readonly Person[] = [
  person('U0ANA', 'ana', 'Ana', 'SRE', '#2f7f6f', false),
  person('U0BO', 'bo', 'Bo', 'Developer', '#4a5fc1', false),
  person('U0GUS', 'gus', 'Gus', 'Guest', '#a8642a', true),
];

/** The channels of the workspace; the app is not in #random. */
export const channels: readonly Channel[] = [
  channel('C0OPSPROD', 'ops-prod', 'Production operations', ['U0ANA', 'U0BO', app.userId]),
  channel('C0SHOPDEV', 'shop-dev', 'Building the shop', ['U0ANA', 'U0BO', 'U0GUS', app.userId]),
  channel('C0RANDOM', 'random', 'Everything else', ['U0ANA', 'U0BO', 'U0GUS']),
];

function person(
  id: string,
  username: string,
  name: string,
  title: string,
  color: string,
  isGuest: boolean,
): Person {
  return { id, username, name, title, color, isGuest, locale: 'en-US' };
}

function channel(id: string, name: string, purpose: string, members: readonly string[]): Channel {
  return { id, name, purpose, isPrivate: false, members };
}
