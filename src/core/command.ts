import type { InputSpec } from './input.ts';

/** `direct`: done by the gateway; `wait`: a pipeline is started and followed; `link`: a pipeline is started and its link is the answer. */
export type Mode = 'direct' | 'wait' | 'link';

/** How much harm a command can do. */
export type Danger = 'none' | 'some' | 'high';

/** Typed as `--again` after a command's name: it is meant although the same was typed a moment ago. No input may be called so. */
export const againWord = 'again';

/** Where a command's pipeline runs. `pass` says how values travel. */
export interface PipelineTarget {
  readonly project: string;
  readonly ref: string;
  readonly pass: 'inputs' | 'variables';
  /** With `pass: variables`: pipeline variable name -> input name. Inputs not named here become `INPUT_<NAME>`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** One declared HTTP call. `{name}` in url, headers and body stands for an input's value, filled in as data. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; a string that is exactly `{name}` becomes the input's typed value. */
  readonly body: unknown;
}

/** A direct command: a built-in effect by name with its settings, or one HTTP call. */
export type DirectTarget =
  | { readonly use: string; readonly settings: Readonly<Record<string, string>> }
  | { readonly http: HttpCall; readonly reply: string | undefined };

/** Guard rails of a command. Durations in milliseconds. */
export interface Limits {
  readonly perCaller: { readonly count: number; readonly perMs: number } | undefined;
  /** A run that could not be started by then expires and says so. */
  readonly startWithinMs: number;
  /** How long a pipeline is followed. */
  readonly waitAtMostMs: number;
}

/** Where something was declared, for messages: file relative to the policy folder, line from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A command as declared in `commands/*.yml`, checked and with defaults filled in. */
export interface Command {
  /** One or more words separated by one blank. */
  readonly name: string;
  readonly summary: { readonly en: string; readonly zh?: string };
  readonly mode: Mode;
  /** In declared order, which is also the positional order. */
  readonly inputs: readonly InputSpec[];
  /** Present for `wait` and `link`. */
  readonly pipeline?: PipelineTarget;
  /** Present for `direct`. */
  readonly direct?: DirectTarget;
  readonly examples: readonly string[];
  /** How much harm it can do: a `high` one needs a guard rail in the policy. */
  readonly danger: Danger;
  readonly limits: Limits;
  /** Who sees the result: everyone in the channel, or only the caller. */
  readonly audience: 'channel' | 'caller';
  readonly place: Place;
}
