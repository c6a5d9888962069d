/** A JSON value; what may be stored with a run. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Who asks, as the chat app vouches for it. `account` is `<app>:<tenant>/<user id>`; the name is for display only. */
export interface Speaker {
  readonly account: string;
  readonly name: string;
}

/** Where it is asked. `id` is `<app>:<tenant>/<channel id>`; the name is for display only. */
export interface Channel {
  readonly id: string;
  readonly name: string;
}

/** A speaker with what is known about the person: the linked GitLab user (`gitlab:<username>`) and every role held, directly or through others. */
export interface Caller extends Speaker {
  readonly person: string | undefined;
  readonly roles: readonly string[];
}

/**
 * Where and how replies go: made by a chat app's adapter, kept with the run, understood by that adapter only.
 * After a send the adapter returns it anew with what it learned (message id, uses left).
 */
export interface ReplyAddress {
  readonly app: string;
  readonly to: Json;
}

/** A command typed, pressed or filled in: the one way in. */
export interface Invocation {
  /** The delivery's natural key, the same when the same delivery comes again: `slack:<team>/<trigger id>`. */
  readonly delivery: string;
  readonly speaker: Speaker;
  readonly channel: Channel;
  /** The typed text after the slash command, decoded to plain text. */
  readonly text: string;
  readonly replyTo: ReplyAddress;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  /** When the chat app signed it; the same when the same delivery comes again. Unix milliseconds, not later than it was sent. */
  readonly sentAt: number;
}

/** A button under one of our messages was pressed. Who presses may not be who typed: it is decided anew. */
export interface Press {
  readonly delivery: string;
  readonly speaker: Speaker;
  readonly channel: Channel;
  /** What the button does; the ids are ours, from the message. */
  readonly action: string;
  readonly runId: string;
  readonly replyTo: ReplyAddress;
  readonly receivedAt: number;
}

/** What a genuine request turned out to be. */
export type Incoming =
  | { readonly kind: 'invocation'; readonly invocation: Invocation }
  | { readonly kind: 'press'; readonly press: Press }
  | { readonly kind: 'ignored'; readonly because: string };
