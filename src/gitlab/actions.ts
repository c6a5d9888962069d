import { isOver, type PipelineRef, phaseOf } from '../core/pipelines.ts';
import { adviceFor } from './advice.ts';
import { GitLabError } from './answers.ts';
import type { GitLab } from './client.ts';
import { type JobRecord, jobFrom, pipelineFrom, refOf } from './shapes.ts';

/**
 * How a request to change something ended. `nothing`: GitLab took it but there was nothing to do.
 * `refused`: GitLab said no. `unknown`: it may or may not have been done; look at GitLab.
 */
export type ActionOutcome<T> =
  | { readonly outcome: 'done'; readonly now: T }
  | { readonly outcome: 'nothing'; readonly because: string }
  | { readonly outcome: 'refused'; readonly because: string; readonly advice: string }
  | { readonly outcome: 'unknown'; readonly because: string };

/** Cancels what of the pipeline still can be. GitLab answers 200 even when nothing could be, so the status decides. */
export const cancelPipeline =
  (gitlab: Pick<GitLab, 'Pipelines'>) =>
  (project: string, id: number): Promise<ActionOutcome<PipelineRef>> =>
    attempted(project, async () => {
      const now = refOf(pipelineFrom(await gitlab.Pipelines.cancel(project, id), project));
      const phase = phaseOf(now.status);
      if (!isOver(phase) || phase === 'canceled') return { outcome: 'done', now };
      return { outcome: 'nothing', because: `the pipeline was over already (${now.status})` };
    });

/** Runs the pipeline's failed and cancelled jobs again. */
export const retryPipeline =
  (gitlab: Pick<GitLab, 'Pipelines'>) =>
  (project: string, id: number): Promise<ActionOutcome<PipelineRef>> =>
    attempted(project, async () => {
      const now = refOf(pipelineFrom(await gitlab.Pipelines.retry(project, id), project));
      if (!isOver(phaseOf(now.status))) return { outcome: 'done', now };
      return { outcome: 'nothing', because: `no job of the pipeline can be run again (${now.status})` };
    });

/** Starts a manual job, with variables for this job alone. */
export const playJob =
  (gitlab: Pick<GitLab, 'Jobs'>) =>
  (
    project: string,
    jobId: number,
    variables: readonly { readonly key: string; readonly value: string }[] = [],
  ): Promise<ActionOutcome<JobRecord>> =>
    attempted(project, async () => {
      const body = { jobVariablesAttributes: [...variables] };
      return { outcome: 'done', now: jobFrom(await gitlab.Jobs.play(project, jobId, body), false) };
    });

/** Runs a finished job again; the new try has an id of its own. */
export const retryJob =
  (gitlab: Pick<GitLab, 'Jobs'>) =>
  (project: string, jobId: number): Promise<ActionOutcome<JobRecord>> =>
    attempted(project, async () => ({
      outcome: 'done',
      now: jobFrom(await gitlab.Jobs.retry(project, jobId), false),
    }));

const attempted = async <T>(
  project: string,
  act: () => Promise<ActionOutcome<T>>,
): Promise<ActionOutcome<T>> => {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof GitLabError))
      return { outcome: 'unknown', because: 'the answer could not be read' };
    const { status, sent, fromGitLab, words } = thrown;
    if (!sent)
      return { outcome: 'refused', because: words, advice: 'Nothing was sent; try again in a moment.' };
    if (status === undefined || !fromGitLab || status >= 500) return { outcome: 'unknown', because: words };
    return { outcome: 'refused', because: words, advice: advice(status, words, project) };
  }
};

const advice = (status: number, words: string, project: string): string => {
  if (/unplayable/i.test(words)) return 'Only a manual or delayed job that waits can be started.';
  if (/not retryable/i.test(words)) return 'Only a job that is over, in its newest try, can be run again.';
  if (status === 404)
    return `It is not (or no longer) in ${project}, or the gateway's GitLab user cannot see it.`;
  return adviceFor(status, words, { project, ref: '' });
};
