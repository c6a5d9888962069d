/** What a command is in a campaign: how it is carried out, or why nothing may come of it. */
export type Kind = 'wait' | 'link' | 'direct' | 'denied' | 'forged';

/** One command as it was planned. `tag` stands in its line and nowhere else in the campaign. */
export interface Planned {
  readonly tag: string;
  readonly kind: Kind;
  readonly text: string;
  readonly user: string;
}

/**
 * What one delivery of a command was answered. `refused`: denied, over a limit or held as typed twice; `unauthorised`: 401, not
 * genuine; `replayed`: 401, came before; `unknown`: no answer, or one that says that it is not known; `not sent`: no connection.
 */
export type Said =
  | 'accepted'
  | 'done'
  | 'not accepted'
  | 'refused'
  | 'unauthorised'
  | 'replayed'
  | 'unknown'
  | 'not sent'
  | 'not understood';

export interface Attempt {
  readonly instance: number;
  readonly said: Said;
  /** The run that the answer names. */
  readonly run: string | null;
  readonly words: string;
}

/** A command and what its sender was told, delivery by delivery. */
export interface Delivered extends Planned {
  readonly attempts: readonly Attempt[];
}

/** A pipeline as GitLab has it. `createdAt` in Unix milliseconds. */
export interface PipelineRow {
  readonly id: number;
  readonly project: string;
  readonly run: string | null;
  readonly status: string;
  readonly createdAt: number;
  /** What reached the pipeline as the command's arguments; null when GitLab did not tell. */
  readonly input: string | null;
}

/** A message as chat shows it now. */
export interface MessageRow {
  readonly text: string;
}

/** A line of an instance's audit; only what the check reads. `at` in Unix milliseconds. */
export interface AuditRow {
  readonly file: string;
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly run: string | null;
  readonly line: string | null;
  readonly allowed: boolean;
  readonly purpose: string | null;
  /** The state that a run came into. */
  readonly to: string | null;
}

/** A run as the store has it at the end. */
export interface RunRow {
  readonly id: string;
  readonly state: string;
  readonly mode: string;
  readonly line: string;
  readonly pipeline: number | null;
  readonly because: string | null;
  /** Why chat could not be told. */
  readonly givenUp: string | null;
}

/** Five independent records of one campaign: senders, GitLab, chat, audit, store. */
export interface Ledgers {
  readonly delivered: readonly Delivered[];
  readonly pipelines: readonly PipelineRow[];
  readonly messages: readonly MessageRow[];
  readonly audit: readonly AuditRow[];
  /** What is wrong with the chain of an audit file, one entry each. */
  readonly brokenChains: readonly string[];
  readonly runs: readonly RunRow[];
}
