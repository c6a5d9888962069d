import type { Channel, Person, State } from '../slack/types.ts';
import { Avatar } from './avatar.tsx';
import { iconOf } from './channel.ts';
import { Icon, Mark } from './icons.tsx';
import type { Place } from './place.ts';
import { ThemeSwitch } from './theme.tsx';

interface ChannelLinkProps {
  readonly channel: Channel;
  readonly isOpen: boolean;
  readonly isUnread: boolean;
  readonly isMember: boolean;
  readonly onOpen: () => void;
}

function ChannelLink({ channel, isOpen, isUnread, isMember, onOpen }: ChannelLinkProps) {
  return (
    <li>
      <button
        type="button"
        class={`nav-item${isMember ? '' : ' is-outside'}`}
        data-testid={`channel-${channel.name}`}
        aria-current={isOpen ? 'page' : undefined}
        title={isMember ? channel.purpose : `${channel.purpose} (not a member)`}
        onClick={onOpen}
      >
        <Icon name={iconOf(channel)} />
        <span class="nav-label">{channel.name}</span>
        {isUnread && <span class="unread">new</span>}
      </button>
    </li>
  );
}

function PersonButton({ person, isMe, onAct }: { person: Person; isMe: boolean; onAct: () => void }) {
  return (
    <li>
      <button
        type="button"
        class="nav-item person"
        data-testid={`person-${person.username}`}
        aria-pressed={isMe}
        onClick={onAct}
      >
        <Avatar person={person} />
        <span class="nav-label">
          <span class="person-name">{person.name}</span>
          <span class="person-title">{person.title}</span>
        </span>
        {isMe && <span class="you">you</span>}
      </button>
    </li>
  );
}

function Links({ links }: { readonly links: State['links'] }) {
  if (links.length === 0) return null;
  return (
    <nav aria-label="Next door">
      <h2>Next door</h2>
      <ul>
        {links.map((link) => (
          <li key={link.url}>
            <a class="nav-item" href={link.url} target="_blank" rel="noopener noreferrer">
              <Icon name="out" />
              <span class="nav-label">{link.label}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface SidebarProps {
  readonly state: State;
  readonly place: Place;
  readonly unread: ReadonlySet<string>;
  readonly onGo: (place: Place) => void;
}

/** Where one can be, whom one can be, and what else runs. */
export function Sidebar({ state, place, unread, onGo }: SidebarProps) {
  const isMember = (channel: Channel) => channel.members.includes(place.as);
  const shown = state.channels.filter((channel) => !channel.isPrivate || isMember(channel));
  return (
    <div class="sidebar" id="sidebar">
      <div class="brand">
        <Mark />
        <div>
          <p class="brand-name">ChatOps sandbox</p>
          <p class="brand-team">{state.team.name}</p>
        </div>
      </div>
      <nav aria-label="Channels">
        <h2>Channels</h2>
        <ul>
          {shown.map((channel) => (
            <ChannelLink
              key={channel.id}
              channel={channel}
              isOpen={channel.id === place.channel}
              isUnread={unread.has(channel.id)}
              isMember={isMember(channel)}
              onOpen={() => onGo({ ...place, channel: channel.id })}
            />
          ))}
        </ul>
      </nav>
      <nav aria-label="Act as">
        <h2>Act as</h2>
        <ul>
          {state.people.map((person) => (
            <PersonButton
              key={person.id}
              person={person}
              isMe={person.id === place.as}
              onAct={() => onGo({ ...place, as: person.id })}
            />
          ))}
        </ul>
      </nav>
      <Links links={state.links} />
      <div class="sidebar-foot">
        <ThemeSwitch />
      </div>
    </div>
  );
}
