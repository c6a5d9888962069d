/** A person whom the visitor of the sandbox page can act as. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly title: string;
  /** CSS colour of the avatar. */
  readonly color: string;
  readonly isGuest: boolean;
  readonly locale: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly isPrivate: boolean;
  /** Person ids and the app's bot user id. */
  readonly members: readonly string[];
  /** A direct channel between one person and the app; listed once it was opened. */
  readonly isDirect?: boolean;
}

/** A Block Kit block as the app sent it (checked against Slack's limits before it is stored). */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** A message as the page shows it. */
export interface Message {
  /** Slack's message id: Unix seconds with six decimals, unique in its channel. */
  readonly ts: string;
  readonly channel: string;
  /** `person`: the echo of a typed command; `app`: from the app's bot; `slackbot`: Slack's own error text. */
  readonly from: 'person' | 'app' | 'slackbot';
  /** The person who typed it (echo), else the app's bot user id or USLACKBOT. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs: string | null;
  /** Only this person sees it ("Only visible to you"); null: everyone in the channel. */
  readonly onlyFor: string | null;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** One exchange between the sandbox's Slack and the app, for the page's Requests pane. */
export interface Exchange {
  readonly id: number;
  readonly at: number;
  /** `to app`: slash command or press; `from app`: Web API call or response_url post. */
  readonly direction: 'to app' | 'from app';
  /** e.g. `/slack/commands`, `chat.postMessage`, `response_url`. */
  readonly what: string;
  readonly status: number;
  readonly milliseconds: number;
  /** `to app`: the signature sent, shortened. `from app`: Slack's `ok` or error word. */
  readonly note: string;
  readonly request: string;
  readonly response: string;
}

/** All that the page needs to draw itself for one person: `GET /sandbox/state?as=<person id>`. */
export interface State {
  readonly team: { readonly id: string; readonly name: string };
  readonly app: { readonly userId: string; readonly name: string; readonly command: string };
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  /** What this person may see, oldest first. */
  readonly messages: readonly Message[];
  readonly exchanges: readonly Exchange[];
  /** Commands offered as chips and in the completion list. */
  readonly suggestions: readonly { readonly text: string; readonly hint: string }[];
  /** Links shown in the page's header, e.g. to the sandbox's GitLab. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/**
 * Server-sent events of `GET /sandbox/events?as=<person id>`: `event: message` with a Message (new or changed; same ts = replace),
 * `event: exchange` with an Exchange. The server sends a comment line every 15 s to keep the line open.
 */
export type PageEvent =
  | { readonly event: 'message'; readonly value: Message }
  | { readonly event: 'exchange'; readonly value: Exchange };

/** `POST /sandbox/type`: what a person typed into the channel's box. Answers 204 at once; outcome arrives as events. */
export interface Typed {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
}

/** `POST /sandbox/press`: a button of a message pressed by a person (after the page showed the button's `confirm` dialog, if any). Answers 204. */
export interface Press {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  readonly blockId: string;
  readonly actionId: string;
  /** The `value` of the chosen option, where the control is an overflow menu. */
  readonly option?: string;
}
