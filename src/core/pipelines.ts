import type { InputValue } from './input.ts';

/** What to start: one POST to GitLab. `inputs` and `variables` are final; nothing is added below. */
export interface PipelineOrder {
  readonly runId: string;
  readonly project: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, InputValue>>;
  readonly variables: readonly { readonly key: string; readonly value: string }[];
}

/** A pipeline that was found or made. Times are GitLab's, in Unix milliseconds. */
export interface PipelineRef {
  readonly project: string;
  readonly id: number;
  readonly webUrl: string;
  readonly status: string;
  readonly createdAt: number;
}

/**
 * How the one POST ended. `refused`: GitLab said no, nothing was made. `not-sent`: provably nothing left the gateway.
 * `unknown`: the pipeline may or may not exist; only asking GitLab can tell.
 */
export type StartOutcome =
  | { readonly outcome: 'created'; readonly pipeline: PipelineRef }
  | {
      readonly outcome: 'refused';
      readonly because: string;
      readonly advice: string;
      readonly tryAgainAfterMs?: number;
    }
  | { readonly outcome: 'not-sent'; readonly because: string }
  | { readonly outcome: 'unknown'; readonly because: string };

/** How far a job or pipeline is. GitLab's many words fold into these; an unknown word is `going`. */
export type Phase =
  | 'pending'
  | 'going'
  | 'manual'
  | 'succeeded'
  | 'warned'
  | 'failed'
  | 'canceled'
  | 'skipped';

/** A job as it is shown. A bridge carries the state of the pipeline it started. */
export interface JobView {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly phase: Phase;
  readonly webUrl: string;
  readonly allowFailure: boolean;
  readonly failureReason: string | null;
  /** Seconds; null while it has not run. */
  readonly durationSeconds: number | null;
  readonly bridge: boolean;
}

/** A pipeline as it is shown: stages in their order, jobs of the newest try. */
export interface PipelineView extends PipelineRef {
  readonly phase: Phase;
  readonly stages: readonly { readonly name: string; readonly jobs: readonly JobView[] }[];
}

/** GitLab's words for "it will change by itself": https://docs.gitlab.com/api/pipelines/ */
const phases: Readonly<Record<string, Phase>> = {
  created: 'pending',
  waiting_for_resource: 'pending',
  preparing: 'pending',
  waiting_for_callback: 'going',
  pending: 'pending',
  scheduled: 'pending',
  running: 'going',
  canceling: 'going',
  manual: 'manual',
  success: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'skipped',
};

/** Reads GitLab's status word. A word we do not know is "not finished". */
export const phaseOf = (status: string): Phase => phases[status] ?? 'going';

/** Whether the pipeline has come to an end (a retry may still reopen it). `manual` is not an end: a person is awaited. */
export const isOver = (phase: Phase): boolean =>
  phase === 'succeeded' ||
  phase === 'warned' ||
  phase === 'failed' ||
  phase === 'canceled' ||
  phase === 'skipped';
