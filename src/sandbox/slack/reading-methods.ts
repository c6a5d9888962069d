import { type Args, failure, type Method, textArg } from './methods.ts';
import { app, team } from './seed.ts';
import type { Channel, Person } from './types.ts';

const authTest =
  (url: string): Method =>
  () => ({
    ok: true,
    url: `${url}/`,
    team: team.name,
    user: app.username,
    team_id: team.id,
    user_id: app.userId,
    bot_id: app.botId,
    is_enterprise_install: false,
  });

const showTeam: Method = () => ({
  ok: true,
  team: {
    id: team.id,
    name: team.name,
    domain: team.domain,
    email_domain: `${team.domain}.example`,
    icon: {},
  },
});

const showUser: Method = (args, workspace) => {
  const id = textArg(args, 'user');
  if (id === app.userId) return { ok: true, user: appFields };
  const person = workspace.person(id);
  return person === undefined ? failure('user_not_found') : { ok: true, user: personFields(person, args) };
};

const showChannel: Method = (args, workspace) => {
  const channel = workspace.channel(textArg(args, 'channel'));
  const hidden = channel?.isPrivate === true && !channel.members.includes(app.userId);
  return channel === undefined || hidden
    ? failure('channel_not_found')
    : { ok: true, channel: channelFields(channel, args) };
};

const openDirect: Method = (args, workspace) => {
  const known = workspace.channel(textArg(args, 'channel'));
  if (known?.isDirect) return { ok: true, channel: { id: known.id } };
  const users = textArg(args, 'users')
    .split(',')
    .filter((each) => each !== '');
  const [first] = users;
  if (first === undefined)
    return failure(known === undefined ? 'users_list_not_supplied' : 'channel_not_found');
  if (users.length > 1) return failure('invalid_users', ['only direct channels with one person exist here']);
  if (first === app.userId) return failure('cannot_dm_bot');
  const person = workspace.person(first);
  return person === undefined
    ? failure('user_not_found')
    : { ok: true, channel: { id: workspace.direct(person).id } };
};

/** The methods that change no message; `url` is this Slack's own address. */
export function readingMethods(url: string): Readonly<Record<string, Method>> {
  return {
    'auth.test': authTest(url),
    'team.info': showTeam,
    'users.info': showUser,
    'conversations.info': showChannel,
    'conversations.open': openDirect,
  };
}

const appFields = {
  id: app.userId,
  team_id: team.id,
  name: app.username,
  real_name: app.name,
  deleted: false,
  is_bot: true,
  is_app_user: false,
  profile: { real_name: app.name, display_name: app.name, api_app_id: app.id, bot_id: app.botId },
};

function personFields(person: Person, args: Args): Record<string, unknown> {
  return {
    id: person.id,
    team_id: team.id,
    name: person.username,
    real_name: person.name,
    deleted: false,
    color: person.color.slice(1),
    tz: 'Etc/UTC',
    tz_offset: 0,
    is_admin: false,
    is_owner: false,
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    is_stranger: false,
    is_bot: false,
    is_app_user: false,
    ...(isTrue(args.include_locale) ? { locale: person.locale } : {}),
    profile: {
      real_name: person.name,
      display_name: person.username,
      title: person.title,
      email: `${person.username}@${team.domain}.example`,
      team: team.id,
    },
  };
}

function channelFields(channel: Channel, args: Args): Record<string, unknown> {
  const isMember = channel.members.includes(app.userId);
  if (channel.isDirect) {
    const user = channel.members.find((each) => each !== app.userId);
    return { id: channel.id, is_im: true, is_channel: false, is_group: false, user, is_org_shared: false };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: false,
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_org_shared: false,
    is_member: isMember,
    context_team_id: team.id,
    purpose: { value: channel.purpose, creator: '', last_set: 0 },
    topic: { value: '', creator: '', last_set: 0 },
    ...(isTrue(args.include_num_members) ? { num_members: channel.members.length } : {}),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}
