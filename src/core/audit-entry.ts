import type { Rule } from './decision.ts';
import type { Input } from './input.ts';
import type { RunState } from './run.ts';

interface Who {
  readonly account: string;
  readonly person: string | null;
  readonly channel: string;
}

/** What the audit is told. Holds no secret and no address that a reply could be posted to. */
export type AuditEntry =
  | ({
      readonly kind: 'decision';
      /** The run that an allow leads to; null for a deny and for a question (`can-i`). */
      readonly run: string | null;
      readonly purpose: 'run' | 'cancel' | 'can-i';
      readonly command: string;
      readonly input: Input;
      readonly line: string;
      readonly allowed: boolean;
      readonly rule: Rule | null;
      readonly revision: string;
      readonly microseconds: number;
    } & Who)
  /** Not decided on: not understood, or over a limit. */
  | ({ readonly kind: 'refused'; readonly because: string; readonly command: string | null } & Who)
  | ({ readonly kind: 'cancel'; readonly run: string } & Who)
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
    };

/** Writes one entry; resolves once it is on disk. Rejects with `accept.unavailable` when it cannot be kept. */
export type Record = (entry: AuditEntry) => Promise<void>;
