import { isOver, type PipelineView } from '../core/pipelines.ts';
import { sayDuration } from '../core/replies/spans.ts';
import type { Outcome, Run, RunState } from '../core/run.ts';

/** What it takes to follow a pipeline to its end. */
export interface FollowingParts {
  readonly now: () => number;
  /** The pipeline as it stands; `gone` when GitLab no longer has it. Rejects when GitLab cannot be asked. */
  readonly look: (
    project: string,
    id: number,
    options: { readonly fresh: boolean },
  ) => Promise<PipelineView | 'gone'>;
  /** Reads from the logs what people should see. */
  readonly outcomeOf: (view: PipelineView) => Promise<Outcome>;
  readonly cancel: (pipeline: Pick<PipelineView, 'project' | 'id'>) => Promise<unknown>;
  /** Milliseconds to the next look, by how long it has been running. */
  readonly pauseAfter: (runningForMs: number) => number;
}

const endStates: Readonly<Record<string, RunState>> = {
  succeeded: 'succeeded',
  warned: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'failed',
};

const end = (run: Run, state: RunState, outcome: Outcome | null, now: number): Run => ({
  ...run,
  state,
  outcome,
  changedAt: now,
  dueAt: null,
});

const finished = async (run: Run, view: PipelineView, parts: FollowingParts): Promise<Run> => {
  const seen = { ...run, pipeline: view };
  if (view.phase === 'skipped')
    return end(seen, 'failed', { because: 'GitLab skipped the pipeline; no job ran.' }, parts.now());
  const unread: Outcome = { because: 'The job logs could not be read; see the pipeline.' };
  const outcome = view.phase === 'canceled' ? null : await parts.outcomeOf(view).catch(() => unread);
  return end(seen, endStates[view.phase] ?? 'failed', outcome, parts.now());
};

/** GitLab cannot cancel a pipeline that only waits for a manual job, so the run ends here and says what is still possible. */
const canceledWhileManual = (run: Run, view: PipelineView, now: number): Run => {
  const because = 'Nothing was running. The manual job can still be pressed in GitLab.';
  return end({ ...run, pipeline: view }, 'canceled', { because }, now);
};

const tooLong = (run: Run, now: number): Run => {
  const because = `It was followed for ${sayDuration(now - run.createdAt)} and may still go on in GitLab.`;
  return end(run, 'expired', { because }, now);
};

const unseen = (run: Run, parts: FollowingParts): Run => {
  const now = parts.now();
  return now > run.waitUntil
    ? tooLong(run, now)
    : { ...run, dueAt: now + 2 * parts.pauseAfter(now - run.createdAt) };
};

/** Looks at the run's pipeline once. An unknown status is "not finished"; an end is read from the logs and told. */
export const followPipeline = async (parts: FollowingParts, run: Run, urgent: boolean): Promise<Run> => {
  if (run.pipeline === null) return run;
  const { project, id } = run.pipeline;
  if (run.canceledBy !== null) await parts.cancel({ project, id }).catch(() => undefined);
  const fresh = urgent || run.canceledBy !== null;
  const view = await parts.look(project, id, { fresh }).catch(() => undefined);
  if (view === undefined) return unseen(run, parts);
  const now = parts.now();
  if (view === 'gone') return end(run, 'failed', { because: 'The pipeline was deleted in GitLab.' }, now);
  if (isOver(view.phase)) return finished(run, view, parts);
  if (view.phase === 'manual' && run.canceledBy !== null) return canceledWhileManual(run, view, now);
  if (now > run.waitUntil) return tooLong({ ...run, pipeline: view }, now);
  return { ...run, state: 'running', pipeline: view, dueAt: now + parts.pauseAfter(now - run.createdAt) };
};
