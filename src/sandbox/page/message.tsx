import { useContext, useMemo } from 'preact/hooks';
import type { Message, State } from '../slack/types.ts';
import { AppAvatar, Avatar, SystemAvatar } from './avatar.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { Mrkdwn } from './blocks/marks.tsx';
import { leadTexts } from './blocks/parts.ts';
import { PressingHere } from './blocks/pressing.ts';
import { Icon } from './icons.tsx';
import { KnownHere } from './known.ts';
import { pressButton } from './live.ts';
import { writeDate } from './text/dates.ts';
import { firstEmoji } from './text/first-emoji.ts';
import { toneOf } from './text/tone.ts';

interface Author {
  readonly name: string;
  readonly role: string;
  readonly picture: preact.JSX.Element;
}

function authorOf(message: Message, state: State): Author {
  if (message.from === 'app') return { name: state.app.name, role: 'App', picture: <AppAvatar /> };
  if (message.from === 'slackbot') return { name: 'Slackbot', role: 'System', picture: <SystemAvatar /> };
  const person = state.people.find((each) => each.id === message.user);
  if (person === undefined) return { name: message.user, role: '', picture: <SystemAvatar /> };
  return { name: person.name, role: person.title, picture: <Avatar person={person} /> };
}

function Time({ ts }: { readonly ts: string }) {
  const { clock } = useContext(KnownHere);
  const unix = Number(ts);
  return (
    <time class="message-time" title={writeDate(unix, '{date} {time_secs}', clock)}>
      {writeDate(unix, '{time}', clock)}
    </time>
  );
}

function Body({ message }: { readonly message: Message }) {
  if (message.from === 'person') {
    const isCommand = message.text.startsWith('/');
    return <p class={isCommand ? 'typed typed-command' : 'typed'}>{message.text}</p>;
  }
  const tone = toneOf(
    leadTexts(message)
      .map(firstEmoji)
      .find((name) => name !== undefined),
  );
  return (
    <div class={`card tone-${tone}`}>
      {message.blocks.length > 0 ? <Blocks blocks={message.blocks} /> : <Mrkdwn text={message.text} />}
    </div>
  );
}

interface MessageProps {
  readonly message: Message;
  readonly state: State;
  readonly as: string;
  /** How often it changed while we looked. */
  readonly changes: number;
}

/** One message: who, when, for whose eyes, and what. */
export function MessageView({ message, state, as, changes }: MessageProps) {
  const author = authorOf(message, state);
  const isPrivate = message.onlyFor !== null;
  const { channel, ts } = message;
  const pressing = useMemo(() => {
    const press = (blockId: string, actionId: string, option?: string) =>
      pressButton({ as, channel, ts, blockId, actionId, ...(option === undefined ? {} : { option }) });
    return { press, changes };
  }, [as, channel, ts, changes]);
  return (
    <article
      class={`message from-${message.from}${isPrivate ? ' is-private' : ''}`}
      data-testid="message"
      data-ts={ts}
      data-from={message.from}
      data-private={isPrivate}
      aria-label={`${author.name}${isPrivate ? ', only visible to you' : ''}`}
    >
      {changes > 0 && <span class="flash" key={changes} aria-hidden="true" />}
      {author.picture}
      <div class="message-main">
        <header class="message-head">
          <strong class="message-author">{author.name}</strong>
          {author.role !== '' && <span class="role">{author.role}</span>}
          <Time ts={ts} />
          {message.edited && <span class="message-edited">edited</span>}
          {isPrivate && (
            <span class="message-private">
              <Icon name="eye" />
              Only visible to you
            </span>
          )}
        </header>
        <PressingHere.Provider value={pressing}>
          <Body message={message} />
        </PressingHere.Provider>
      </div>
    </article>
  );
}
