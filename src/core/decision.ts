import type { Place } from './command.ts';
import type { Input } from './input.ts';

/** What Casbin is asked: who, where, which command, with which input. */
export interface DecisionRequest {
  /** `slack:T1/U2` */
  readonly caller: string;
  /** `slack:T1/C3` */
  readonly channel: string;
  readonly command: string;
  readonly input: Input;
}

/** A rule of policy.csv, as it stands there. */
export interface Rule extends Place {
  readonly who: string;
  readonly channel: string;
  readonly command: string;
  readonly condition: string;
  readonly effect: 'allow' | 'deny';
  /** Why it stands there, for whoever reviews it. */
  readonly reason?: string;
  /** From this moment on it counts as not there. Unix milliseconds. */
  readonly expires?: number;
}

/** One thing that kept a rule from allowing. `need` is what would satisfy it, as a person would read it. */
export interface Missing {
  readonly kind: 'role' | 'channel' | 'input';
  readonly need: string;
  /** What was given instead, as a person would read it: `you gave 60`. */
  readonly given?: string;
  /** Some of those who have the role, for whoever wants to ask them. */
  readonly holders?: readonly string[];
}

/** A rule that would have allowed, had these things been different. Fewest first. */
export interface NearMiss {
  readonly rule: Rule;
  readonly missing: readonly Missing[];
}

/** The answer of the policy. `revision` names the exact policy that answered. */
export type Decision =
  | { readonly allowed: true; readonly rule: Rule; readonly revision: string }
  | {
      readonly allowed: false;
      /** The deny rule that decided; undefined when no rule allowed. */
      readonly rule: Rule | undefined;
      readonly near: readonly NearMiss[];
      readonly revision: string;
    };
