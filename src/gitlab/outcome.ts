import type { Phase, PipelineView } from '../core/pipelines.ts';
import type { Outcome } from '../core/run.ts';
import { isAbsent } from './answers.ts';
import { chatReplyText, failureLines, replyOf } from './log.ts';
import type { JobRecord } from './shapes.ts';
import { stagesOf } from './views.ts';

/** What is read to tell how a pipeline came out. */
export interface OutcomeParts {
  readonly jobs: (project: string, pipelineId: number) => Promise<readonly JobRecord[]>;
  /** The job's log so far. */
  readonly trace: (project: string, jobId: number) => Promise<string>;
}

/** A failed job and the project it ran in: a bridge leads into another one. */
interface Failed {
  readonly project: string;
  readonly job: JobRecord;
}

const textLimit = 3_000;
const failureLineCount = 15;
/** Downstream pipelines of downstream pipelines are followed so far. */
const deepest = 3;
/** A reply is looked for in so many jobs, the last ones. */
const mostLogs = 50;
const logsAtOnce = 4;

/** Reads what a finished pipeline has to say: the jobs' replies, or on failure the failing job's last lines. Rejects when GitLab cannot tell. */
export const gatherOutcome =
  (parts: OutcomeParts) =>
  async (view: PipelineView): Promise<Outcome> => {
    const jobs = inOrder(await parts.jobs(view.project, view.id));
    if (view.phase === 'succeeded' || view.phase === 'warned') return success(parts, view, jobs);
    if (view.phase === 'failed') return failure(parts, view, jobs);
    return { because: because[view.phase] ?? `The pipeline is ${view.status}.`, link: view.webUrl };
  };

const because: Partial<Record<Phase, string>> = {
  canceled: 'The pipeline was cancelled in GitLab or from chat.',
  skipped: 'GitLab skipped the pipeline: none of its jobs had to run.',
  manual: 'The pipeline waits for a person to start its manual job.',
};

const inOrder = (tries: readonly JobRecord[]): readonly JobRecord[] =>
  stagesOf(tries).flatMap(({ jobs }) => jobs);

const success = async (
  parts: OutcomeParts,
  view: PipelineView,
  jobs: readonly JobRecord[],
): Promise<Outcome> => {
  const ran = jobs.filter(({ bridge, phase }) => !bridge && (phase === 'succeeded' || phase === 'warned'));
  const replies = await inTurns(ran.slice(-mostLogs), async (job) => {
    const trace = await logOf(parts, view.project, job.id);
    if (job.phase === 'succeeded') return replyOf(trace);
    const text = chatReplyText(trace);
    return text === undefined ? undefined : ({ from: 'chat_reply', text } as const);
  });
  const written = replies.flatMap((reply) => (reply?.from === 'chat_reply' ? [reply.text] : []));
  const text = written.length > 0 ? written.join('\n') : replies.findLast((reply) => reply)?.text;
  return { ...(text === undefined ? {} : { text: limited(text, view.webUrl) }), link: view.webUrl };
};

const failure = async (
  parts: OutcomeParts,
  view: PipelineView,
  jobs: readonly JobRecord[],
): Promise<Outcome> => {
  const failed = await failedJob(parts, view.project, jobs, deepest);
  if (failed === undefined) {
    return {
      because: 'The pipeline failed before any of its jobs did; GitLab shows why.',
      link: view.webUrl,
    };
  }
  const { project, job } = failed;
  const trace = job.bridge ? '' : await logOf(parts, project, job.id);
  const text = chatReplyText(trace);
  const lines = limited(failureLines(trace, failureLineCount), job.webUrl, 'end');
  return {
    ...(text === undefined ? {} : { text: limited(text, job.webUrl) }),
    failure: { job: job.name, webUrl: job.webUrl, lines },
    because: reasonOf(job),
    link: view.webUrl,
  };
};

/** The first job that may not fail and did; through a failed bridge, the one of the pipeline it started. */
const failedJob = async (
  parts: OutcomeParts,
  project: string,
  jobs: readonly JobRecord[],
  depth: number,
): Promise<Failed | undefined> => {
  const job = jobs.find(({ phase, allowFailure }) => phase === 'failed' && !allowFailure);
  if (job?.downstream === undefined || depth === 0) return job && { project, job };
  const { downstream } = job;
  const below = inOrder(await parts.jobs(downstream.project, downstream.id));
  return (await failedJob(parts, downstream.project, below, depth - 1)) ?? { project, job };
};

/** GitLab's own failure reasons: https://docs.gitlab.com/api/jobs/ */
const reasons: Readonly<Record<string, string>> = {
  script_failure: 'its script failed',
  stuck_or_timeout_failure: 'no runner took it, or it stopped answering',
  job_execution_timeout: 'it took longer than its timeout',
  runner_system_failure: 'the runner itself failed',
  missing_dependency_failure: 'artifacts it needs are missing',
  runner_unsupported: 'the runner is too old for it',
  downstream_bridge_project_not_found:
    "the downstream project does not exist or the pipeline's user cannot see it",
  insufficient_bridge_permissions: "the pipeline's user may not start pipelines in the downstream project",
  downstream_pipeline_creation_failed: 'the downstream pipeline could not be made',
  protected_environment_failure: "the pipeline's user may not deploy to this environment",
};

const reasonOf = ({ name, stage, failureReason }: JobRecord): string => {
  const why =
    failureReason === null ? undefined : (reasons[failureReason] ?? failureReason.replaceAll('_', ' '));
  return `Job "${name}" in stage "${stage}" failed${why === undefined ? '' : `: ${why}`}.`;
};

/** A log that was erased or expired is an empty one. */
const logOf = async (parts: OutcomeParts, project: string, jobId: number): Promise<string> => {
  try {
    return await parts.trace(project, jobId);
  } catch (thrown) {
    if (isAbsent(thrown)) return '';
    throw thrown;
  }
};

const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += logsAtOnce) {
    results.push(...(await Promise.all(items.slice(at, at + logsAtOnce).map(work))));
  }
  return results;
};

/** At most 3,000 characters in whole lines, with a word about how many are left out and where they are. */
export const limited = (text: string, link: string, keep: 'start' | 'end' = 'start'): string => {
  if (text.length <= textLimit) return text;
  const lines = text.split('\n');
  const ordered = keep === 'start' ? lines : lines.toReversed();
  const kept: string[] = [];
  let room = textLimit - link.length - 40;
  for (const line of ordered) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  if (kept.length === 0) return cutLine(text, link, keep);
  const note = `… ${lines.length - kept.length} more lines: ${link}`;
  return (keep === 'start' ? [...kept, note] : [note, ...kept.toReversed()]).join('\n');
};

/** One line longer than all the room: its beginning or its end, whole characters only. */
const cutLine = (text: string, link: string, keep: 'start' | 'end'): string => {
  const room = textLimit - link.length - 40;
  const part = (keep === 'start' ? text.slice(0, room) : text.slice(-room)).replace(
    /^[\udc00-\udfff]|[\ud800-\udbff]$/g,
    '',
  );
  const note = `… more of this line: ${link}`;
  return keep === 'start' ? `${part}\n${note}` : `${note}\n${part}`;
};
