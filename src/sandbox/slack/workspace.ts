import { withIds } from './controls.ts';
import { limits } from './limits.ts';
import { app, people, channels as seededChannels } from './seed.ts';
import type { Block, Channel, Message, Person } from './types.ts';

/** What a new message needs; the rest is given by the workspace. */
export interface Draft {
  readonly channel: string;
  readonly from: Message['from'];
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly threadTs?: string | null;
  readonly onlyFor?: string | null;
}

/** Whom something concerns: everyone in a channel, one person, or (both null) all. */
export interface Audience {
  readonly channel: string | null;
  readonly person: string | null;
}

/** The channels, people and messages of the sandbox's Slack, in memory. */
export interface Workspace {
  person(id: string): Person | undefined;
  channel(id: string): Channel | undefined;
  /** The direct channel between a person and the app, made at first use. */
  direct(person: Person): Channel;
  channelsOf(personId: string): readonly Channel[];
  /** Whether this person may see what has this audience. */
  sees(personId: string, audience: Audience): boolean;
  add(draft: Draft): Message;
  /** A message that is not deleted. */
  find(channel: string, ts: string): Message | undefined;
  /** Puts a changed text and blocks in the message's place and marks it edited. */
  edit(message: Message, text: string, blocks: readonly Block[]): Message;
  remove(message: Message): void;
  /** All messages, deleted ones too, oldest first. */
  messages(): readonly Message[];
  /** The newest of what this person sees, oldest first. */
  visibleTo(personId: string): readonly Message[];
  /** Hears of every new and changed message; call the answer to stop. */
  listen(listener: (message: Message) => void): () => void;
}

const keptMessages = 5000;
/** A page draws no more than these. */
const shownMessages = 5000;

/** Makes a workspace with the seeded people and channels and no messages; `now` in milliseconds, `random` an unguessable word; it keeps the newest messages. */
export function createWorkspace(
  now: () => number,
  random: () => string,
  { keep = keptMessages }: { readonly keep?: number } = {},
): Workspace {
  const channels = new Map(seededChannels.map((each) => [each.id, each]));
  const messages = new Map<string, Message>();
  const listeners = new Set<(message: Message) => void>();
  const nextTs = createTimestamps(now);
  const store = (message: Message): Message => {
    messages.set(`${message.channel} ${message.ts}`, message);
    dropOldest(messages, keep);
    for (const listener of listeners) listener(message);
    return message;
  };
  const sees = (personId: string, { channel, person }: Audience): boolean =>
    (person === null || person === personId) &&
    (channel === null || (channels.get(channel)?.members.includes(personId) ?? false));
  return {
    person: (id) => people.find((each) => each.id === id),
    channel: (id) => channels.get(id),
    direct(person) {
      const channel = channels.get(directOf(person).id) ?? directOf(person);
      channels.set(channel.id, channel);
      return channel;
    },
    channelsOf: (personId) => [...channels.values()].filter((each) => each.members.includes(personId)),
    sees,
    add: (draft) => store(toMessage(draft, nextTs(), random)),
    find(channel, ts) {
      const message = messages.get(`${channel} ${ts}`);
      return message?.deleted ? undefined : message;
    },
    edit: (message, text, blocks) =>
      store({ ...message, text, blocks: withIds(blocks, random), edited: true }),
    remove: (message) => void store({ ...message, text: '', blocks: [], deleted: true }),
    messages: () => [...messages.values()],
    visibleTo: (personId) =>
      [...messages.values()]
        .filter((each) => !each.deleted && sees(personId, audienceOf(each)))
        .slice(-shownMessages),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whom a message concerns. */
export function audienceOf(message: Message): Audience {
  return { channel: message.channel, person: message.onlyFor };
}

function toMessage(draft: Draft, ts: string, random: () => string): Message {
  return {
    ts,
    channel: draft.channel,
    from: draft.from,
    user: draft.user,
    text: draft.text.slice(0, limits.text),
    blocks: withIds(draft.blocks ?? [], random),
    threadTs: draft.threadTs ?? null,
    onlyFor: draft.onlyFor ?? null,
    edited: false,
    deleted: false,
  };
}

function directOf(person: Person): Channel {
  return {
    id: person.id.replace(/^U/, 'D'),
    name: app.name,
    purpose: `Direct messages between ${person.name} and ${app.name}`,
    isPrivate: true,
    isDirect: true,
    members: [person.id, app.userId],
  };
}

/** Slack's message ids: seconds with six decimals, never the same twice and never going back. */
function createTimestamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now() * 1000));
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}

function dropOldest(messages: Map<string, Message>, keep: number): void {
  for (const key of messages.keys()) {
    if (messages.size <= keep) return;
    messages.delete(key);
  }
}
