import type { Rule } from './decision.ts';
import type { Input } from './input.ts';
import type { Run, RunState } from './run.ts';

interface Who {
  readonly account: string;
  readonly person: string | null;
  readonly channel: string;
}

/** What a run is made of beside its decision: enough to store it again when the store has forgotten it. */
export interface AcceptedRun
  extends Pick<Run, 'mode' | 'target' | 'audience' | 'replyTo' | 'createdAt' | 'startBy' | 'waitUntil'> {
  readonly callerName: string;
  readonly channelName: string;
  /** When the chat app signed the request. Unix milliseconds. */
  readonly sentAt: number;
}

/** What the audit is told. Holds no secret and no address that a reply could be posted to. */
export type AuditEntry =
  | ({
      readonly kind: 'decision';
      /** The run that an allow leads to; null for a deny and for a question (`can-i`). */
      readonly run: string | null;
      readonly purpose: 'run' | 'cancel' | 'can-i' | 'resolve';
      readonly command: string;
      readonly input: Input;
      readonly line: string;
      readonly allowed: boolean;
      readonly rule: Rule | null;
      readonly revision: string;
      readonly microseconds: number;
      /** With an allow that leads to a run; absent otherwise. */
      readonly accepted?: AcceptedRun;
    } & Who)
  /** Nothing came of it although it was not denied: not understood, over a limit, typed twice, or not stored. `run` is the one that was not made. */
  | ({
      readonly kind: 'refused';
      readonly because: string;
      readonly command: string | null;
      readonly run: string | null;
    } & Who)
  /** A built-in command was asked. */
  | ({ readonly kind: 'request'; readonly command: string } & Who)
  | ({ readonly kind: 'cancel'; readonly run: string } & Who)
  /** A person said what became of a run that was uncertain. */
  | ({ readonly kind: 'resolved'; readonly run: string; readonly as: RunState } & Who)
  /** The store had forgotten the run; it was stored again from this record. */
  | { readonly kind: 'restored'; readonly run: string }
  /** The store began anew, perhaps without its last writes. */
  | { readonly kind: 'store'; readonly generation: string }
  /** This gateway began or ended. `config` is a digest of its settings, secrets left out. */
  | {
      readonly kind: 'gateway';
      readonly outcome: 'started' | 'stopped';
      readonly version: string;
      readonly config: string;
    }
  /** Requests that were not genuine or not well-formed, counted since the last such line. */
  | { readonly kind: 'rejected'; readonly counts: { readonly [code: string]: number } }
  | {
      readonly kind: 'state';
      readonly run: string;
      readonly from: RunState;
      readonly to: RunState;
      readonly because: string | null;
    }
  | { readonly kind: 'intent'; readonly run: string; readonly attempt: number }
  | { readonly kind: 'pipeline'; readonly run: string; readonly project: string; readonly pipeline: number }
  | {
      readonly kind: 'reply';
      readonly run: string;
      readonly outcome: 'sent' | 'given up';
      readonly problem: string | null;
    }
  | {
      readonly kind: 'policy';
      readonly outcome: 'loaded' | 'refused';
      readonly revision: string | null;
      readonly mistakes: readonly string[];
      /** What a refused one failed at. */
      readonly stage?: string;
    };

/** Writes one entry; resolves once it is on disk. Rejects with `accept.unavailable` when it cannot be kept. */
export type Record = (entry: AuditEntry) => Promise<void>;

/** An entry as it is read back. `at` is Unix milliseconds. */
export type AuditLine = AuditEntry & { readonly seq: number; readonly at: number };
