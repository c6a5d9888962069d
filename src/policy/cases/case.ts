import type { Place } from '../../core/command.ts';
import type { Link } from '../rows.ts';

/** Why a line must be refused. `rule` is how a rule is named: its columns from the left, or `policy.csv:14`. */
export type Because =
  | { readonly kind: 'no-rule' }
  | { readonly kind: 'bad-input' }
  | { readonly kind: 'denied-by'; readonly rule: string };

/** How a line must end. `by` names the rule that must decide. */
export type Expected =
  | { readonly effect: 'allow'; readonly by?: string }
  | { readonly effect: 'deny'; readonly because?: Because };

/** One line that somebody types somewhere, and how it must end. */
export interface Case extends Place {
  /** An account, or a person as `gitlab:ana`: then every account of that person. */
  readonly as: string;
  /** A channel, or a set as `channels:ops`: then every channel of it. */
  readonly in: string;
  /** As it is typed. */
  readonly run: string;
  readonly expected: Expected;
}

/** Everybody who may run a line somewhere: nobody else may. */
export interface WhoCan extends Place {
  readonly run: string;
  readonly in: string;
  /** Accounts, people as `gitlab:ana`, `anybody`, and with `anybody` also `not <name>`. */
  readonly exactly: readonly string[];
}

/** One file of `cases/`. */
export interface Suite {
  readonly file: string;
  readonly name: string;
  /** The moment that decides which rows have expired, Unix milliseconds; undefined: now. */
  readonly at: number | undefined;
  /** Memberships that hold for these cases only. */
  readonly given: readonly Link[];
  readonly cases: readonly Case[];
  readonly whoCan: readonly WhoCan[];
}

/** How `exactly` names everybody whom the policy does not know. */
export const anybody = 'anybody';
