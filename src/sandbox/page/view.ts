import type { Channel, Exchange, Message, PageEvent, State } from '../slack/types.ts';
import { doneBy } from './tour.ts';

/** Everything that the page shows, before it is drawn. */
export interface View {
  readonly line: 'connecting' | 'open' | 'lost';
  /** Whom `state` was read for; empty until then. */
  readonly as: string;
  readonly state: State | undefined;
  /** How many messages came for channels that the state did not list then: each asks for a new state. */
  readonly strangers: number;
  /** Every channel that any person acted as could see: the tour leads between them. */
  readonly channels: readonly Channel[];
  /** Message key -> how often it changed while we looked. */
  readonly changes: ReadonlyMap<string, number>;
  /** Channel ids with something new that the visitor has not looked at. */
  readonly unread: ReadonlySet<string>;
  /** Ids of the tour's steps that were typed, by any person. */
  readonly done: ReadonlySet<string>;
  /** The newest message or change in the open channel, in words. */
  readonly spoken: string;
}

/** What can happen to the view. */
export type Change =
  | { readonly kind: 'line'; readonly line: View['line'] }
  | { readonly kind: 'loaded'; readonly as: string; readonly state: State }
  | { readonly kind: 'came'; readonly event: PageEvent; readonly openChannel: string }
  | { readonly kind: 'opened'; readonly channel: string };

const mostExchanges = 200;

/** The view before anything was heard from the server. */
export const emptyView: View = {
  line: 'connecting',
  as: '',
  state: undefined,
  strangers: 0,
  channels: [],
  changes: new Map(),
  unread: new Set(),
  done: new Set(),
  spoken: '',
};

/** A message's own key: `ts` is unique only in its channel. */
export function keyOf(message: Message): string {
  return `${message.channel}/${message.ts}`;
}

function byTime(one: Message, other: Message): number {
  return one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;
}

function putMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const key = keyOf(message);
  if (!messages.some((each) => keyOf(each) === key)) return [...messages, message].sort(byTime);
  return messages.map((each) => (keyOf(each) === key ? message : each));
}

function putExchange(exchanges: readonly Exchange[], exchange: Exchange): readonly Exchange[] {
  const others = exchanges.filter((each) => each.id !== exchange.id);
  return [...others, exchange].sort((one, other) => one.id - other.id).slice(-mostExchanges);
}

function author(message: Message, state: State): string {
  if (message.from === 'slackbot') return 'Slackbot';
  if (message.from === 'app') return state.app.name;
  return state.people.find((each) => each.id === message.user)?.name ?? message.user;
}

function withMessage(view: View, state: State, message: Message, openChannel: string): View {
  const key = keyOf(message);
  const known = state.messages.some((each) => keyOf(each) === key);
  const here = message.channel === openChannel;
  const isListed = state.channels.some((each) => each.id === message.channel);
  return {
    ...view,
    strangers: view.strangers + (isListed ? 0 : 1),
    state: { ...state, messages: putMessage(state.messages, message) },
    changes: known ? new Map(view.changes).set(key, (view.changes.get(key) ?? 0) + 1) : view.changes,
    unread: here || message.deleted ? view.unread : new Set(view.unread).add(message.channel),
    done: new Set([...view.done, ...doneBy(message, state)]),
    spoken: here && !message.deleted ? `${author(message, state)}: ${message.text}` : view.spoken,
  };
}

/** The view after a change; events that come before the first state are dropped, the state has them. */
export function next(view: View, change: Change): View {
  if (change.kind === 'line') return { ...view, line: change.line };
  if (change.kind === 'opened') {
    const unread = new Set(view.unread);
    return unread.delete(change.channel) ? { ...view, unread } : view;
  }
  if (change.kind === 'loaded') {
    const { as, state } = change;
    const changes = as === view.as ? view.changes : new Map<string, number>();
    const others = view.channels.filter(({ id }) => state.channels.every((each) => each.id !== id));
    const channels = [...state.channels, ...others];
    const done = new Set([...view.done, ...state.messages.flatMap((each) => doneBy(each, state))]);
    const sorted = { ...state, messages: [...state.messages].sort(byTime) };
    return { ...view, as, state: sorted, channels, changes, done };
  }
  if (view.state === undefined) return view;
  const { event } = change;
  if (event.event === 'message') return withMessage(view, view.state, event.value, change.openChannel);
  const exchanges = putExchange(view.state.exchanges, event.value);
  return { ...view, state: { ...view.state, exchanges } };
}

/** A message with its replies, oldest first. */
export interface Thread {
  readonly root: Message;
  readonly replies: readonly Message[];
}

/** What a channel shows; a reply whose first message is not there stands alone. */
export function threadsOf(messages: readonly Message[], channel: string): readonly Thread[] {
  const shown = messages.filter((each) => each.channel === channel && !each.deleted);
  const roots = new Set(shown.filter((each) => isRoot(each)).map((each) => each.ts));
  return shown
    .filter((each) => isRoot(each) || !roots.has(each.threadTs ?? ''))
    .map((root) => ({
      root,
      replies: shown.filter((each) => !isRoot(each) && each.threadTs === root.ts),
    }));
}

function isRoot(message: Message): boolean {
  return message.threadTs === null || message.threadTs === message.ts;
}
