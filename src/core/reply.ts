import type { ReplyAddress } from './invocation.ts';
import type { Phase } from './pipelines.ts';

/** A piece of a line. Text is plain: whatever markup characters it holds are shown, never obeyed. */
export type Span =
  | { readonly text: string; readonly style?: 'code' | 'strong' | 'quiet' }
  | { readonly link: string; readonly text: string }
  /** An account such as `slack:T1/U2`; the app that knows it turns it into a mention, others show `name`. */
  | { readonly account: string; readonly name: string }
  /** A channel such as `slack:T1/C2`; the app that knows it turns it into a link there, others show `name`. */
  | { readonly channel: string; readonly name: string }
  /** A moment in Unix milliseconds, shown in the reader's time zone where the app can. */
  | { readonly moment: number };

/** One line of words. */
export type Line = readonly Span[];

/** A button. `action` and `runId` come back in a Press. */
export interface Button {
  readonly action: string;
  readonly runId: string;
  readonly label: string;
  readonly tone: 'plain' | 'primary' | 'danger';
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no: string;
  };
}

/** What a reply is made of, in order. */
export type Part =
  | { readonly part: 'lines'; readonly lines: readonly Line[] }
  /** Text with fixed width: a log, or the typed line with its caret. */
  | { readonly part: 'code'; readonly text: string }
  | { readonly part: 'fields'; readonly fields: readonly { readonly name: string; readonly value: Line }[] }
  | {
      readonly part: 'stages';
      readonly stages: readonly {
        readonly name: string;
        readonly phase: Phase;
        readonly jobs: readonly {
          readonly name: string;
          readonly phase: Phase;
          readonly link: string;
          readonly seconds: number | null;
        }[];
      }[];
    }
  | { readonly part: 'links'; readonly links: readonly { readonly label: string; readonly url: string }[] }
  | { readonly part: 'buttons'; readonly buttons: readonly Button[] }
  /** Small print: who, where, when, run id, policy revision. */
  | { readonly part: 'footer'; readonly line: Line };

/** The verdict in one word; every renderer shows it as a glyph and the title says it in words. */
export type Tone = 'busy' | 'waiting' | 'good' | 'warned' | 'bad' | 'stopped' | 'refused' | 'note';

/** What people are told, without any app's markup. `title` is the first line and the notification: the verdict first. */
export interface Reply {
  readonly tone: Tone;
  readonly title: Line;
  readonly parts: readonly Part[];
  /** Everyone in the channel, or only the caller. */
  readonly audience: 'channel' | 'caller';
  /** No later reply will replace this one: it must arrive. */
  readonly final: boolean;
}

/** How sending ended. On failure: whether and when to try again, and the problem in words for the log. */
export type Sent =
  | { readonly sent: true; readonly address: ReplyAddress }
  | {
      readonly sent: false;
      readonly tryAgainAfterMs: number | null;
      readonly problem: string;
      readonly address: ReplyAddress;
      /** It was not tried: the app asked to be left alone, and this one waits its turn. */
      readonly held?: true;
    };

/** What the gateway needs of a chat app to report. */
export interface ReplySender {
  /** Shows the reply at the best route still open; edits the run's message where there is one. Never rejects. */
  send(address: ReplyAddress, reply: Reply): Promise<Sent>;
}
