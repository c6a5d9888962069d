import { isOver, type PipelineView } from '../core/pipelines.ts';
import { sayDuration } from '../core/replies/spans.ts';
import { endRun, type Outcome, type Run, type RunState } from '../core/run.ts';

/** What GitLab made of a request to cancel. `unknown`: it did not answer; asking again is harmless. */
export type CancelAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'nothing' | 'unknown'; readonly because: string }
  | { readonly outcome: 'refused'; readonly because: string; readonly advice: string };

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
  readonly cancel: (pipeline: Pick<PipelineView, 'project' | 'id'>) => Promise<CancelAnswer>;
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

const finished = async (run: Run, view: PipelineView, parts: FollowingParts): Promise<Run> => {
  const seen = { ...run, pipeline: view };
  if (view.phase === 'skipped')
    return endRun(seen, 'failed', { because: 'GitLab skipped the pipeline; no job ran.' }, parts.now());
  const unread: Outcome = { because: 'The job logs could not be read; see the pipeline.' };
  const outcome = view.phase === 'canceled' ? null : await parts.outcomeOf(view).catch(() => unread);
  return endRun(seen, endStates[view.phase] ?? 'failed', outcome, parts.now());
};

/** GitLab cannot cancel a pipeline that only waits for a manual job, so the run ends here and says what is still possible. */
const canceledWhileManual = (run: Run, view: PipelineView, now: number): Run => {
  const because = 'Nothing was running. The manual job can still be pressed in GitLab.';
  return endRun({ ...run, pipeline: view }, 'canceled', { because }, now);
};

const tooLong = (run: Run, now: number): Run => {
  const because = `It was followed for ${sayDuration(now - run.createdAt)} and may still go on in GitLab.`;
  return endRun(run, 'expired', { because }, now);
};

const unseen = (run: Run, parts: FollowingParts): Run => {
  const now = parts.now();
  return now > run.waitUntil
    ? tooLong(run, now)
    : { ...run, dueAt: now + 2 * parts.pauseAfter(now - run.createdAt) };
};

/** Asks GitLab to cancel, once: again only while it has not answered. */
const askToCancel = async (parts: FollowingParts, run: Run, project: string, id: number): Promise<Run> => {
  const { canceledBy } = run;
  if (canceledBy === null || canceledBy.answer !== undefined) return run;
  const answer = await parts.cancel({ project, id }).catch((): undefined => undefined);
  if (answer === undefined || answer.outcome === 'unknown') return run;
  if (answer.outcome !== 'refused') return { ...run, canceledBy: { ...canceledBy, answer: 'taken' } };
  const because = `GitLab refused to cancel it: ${answer.because}. ${answer.advice}`;
  return { ...run, canceledBy: { ...canceledBy, answer: because }, outcome: { because } };
};

/** GitLab says 404 also to one who may no longer see it, and a list may lag: it counts when it is said twice. */
const goneTwiceMs = 5000;

const gone = (run: Run, now: number): Run => {
  if (run.goneAt === null) return { ...run, goneAt: now, dueAt: now + goneTwiceMs };
  if (now - run.goneAt < goneTwiceMs) return { ...run, dueAt: run.goneAt + goneTwiceMs };
  const because =
    "GitLab no longer shows the pipeline: it was deleted, or the gateway's user may not see it any more.";
  return endRun(run, 'uncertain', { because }, now);
};

/** What the pipeline as it stands makes of the run. */
const afterLook = async (run: Run, view: PipelineView, parts: FollowingParts): Promise<Run> => {
  const now = parts.now();
  if (isOver(view.phase)) return finished(run, view, parts);
  if (view.phase === 'manual' && run.canceledBy?.answer === 'taken')
    return canceledWhileManual(run, view, now);
  if (now > run.waitUntil) return tooLong({ ...run, pipeline: view }, now);
  return {
    ...run,
    state: 'running',
    pipeline: view,
    goneAt: null,
    dueAt: now + parts.pauseAfter(now - run.createdAt),
  };
};

/** Looks at the run's pipeline once. An unknown status is "not finished"; an end is read from the logs and told. */
export const followPipeline = async (parts: FollowingParts, run: Run, urgent: boolean): Promise<Run> => {
  if (run.pipeline === null) return run;
  const { project, id } = run.pipeline;
  const asked = await askToCancel(parts, run, project, id);
  const fresh = urgent || run.canceledBy !== null || run.goneAt !== null;
  const view = await parts.look(project, id, { fresh }).catch(() => undefined);
  if (view === undefined) return unseen(asked, parts);
  return view === 'gone' ? gone(asked, parts.now()) : afterLook(asked, view, parts);
};
