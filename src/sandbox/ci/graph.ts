import type { When } from './model.ts';
import type { CiStatus } from './types.ts';

/** A job as the order of a pipeline sees it: the newest try of each name. */
export interface GraphJob {
  readonly name: string;
  readonly stageIndex: number;
  readonly status: CiStatus;
  readonly when: When;
  readonly allowFailure: boolean;
  /** Names it waits for instead of the earlier stages. */
  readonly needs: readonly string[] | undefined;
  /** A person or a retry asked for it: a manual job then starts without waiting to be played. */
  readonly asked: boolean;
}

/** What becomes of a job whose turn has come. */
export type Step = 'start' | 'manual' | 'skip';

type Seen = CiStatus | 'warned' | 'ignored';

const ENDED: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];

/**
 * The next steps of a pipeline, by name, for the jobs that are `created` and whose predecessors have ended. Skipping a job
 * may let another go on: ask again after applying the steps, until there are none.
 */
export function nextSteps(jobs: readonly GraphJob[]): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  for (const job of jobs) {
    if (job.status !== 'created') continue;
    const before = statusBefore(job, jobs);
    if (!ENDED.includes(before)) continue;
    const step = stepOf(job, before);
    if (step === 'skip' || !needsGoOn(job, jobs)) steps.set(job.name, step);
  }
  return steps;
}

function statusBefore(job: GraphJob, jobs: readonly GraphJob[]): CiStatus {
  const { needs } = job;
  if (needs !== undefined)
    return (
      combined(
        jobs.filter((other) => needs.includes(other.name)),
        true,
      ) ?? 'success'
    );
  return (
    combined(
      jobs.filter((other) => other.stageIndex < job.stageIndex),
      false,
    ) ?? 'success'
  );
}

/** A skipped need settles the status at once, so `when: always` would start while another need still runs. */
function needsGoOn(job: GraphJob, jobs: readonly GraphJob[]): boolean {
  const needed = jobs.filter((other) => job.needs?.includes(other.name));
  return needed.some((other) => !ENDED.includes(other.status) && seen(other) !== 'ignored');
}

function stepOf(job: GraphJob, before: CiStatus): Step {
  const fits: Readonly<Record<When, readonly CiStatus[]>> = {
    on_success: job.needs === undefined ? ['success', 'skipped'] : ['success'],
    manual: job.needs === undefined ? ['success', 'skipped'] : ['success'],
    on_failure: ['failed'],
    always: ['success', 'failed', 'skipped'],
    never: [],
  };
  if (!fits[job.when].includes(before)) return 'skip';
  return job.when === 'manual' && !job.asked ? 'manual' : 'start';
}

/** The status of a whole pipeline, from the newest try of each job. */
export function pipelineStatus(jobs: readonly GraphJob[]): CiStatus {
  return combined(jobs, false) ?? 'created';
}

/** Says whether a job failed that is allowed to: the pipeline then passes with a warning. */
export function hasWarnings(jobs: readonly Pick<GraphJob, 'status' | 'allowFailure'>[]): boolean {
  return jobs.some((job) => seen(job) === 'warned');
}

/**
 * The names of skipped jobs that get another chance once a job starts after all: those of later stages, and those that need
 * it, directly or by others.
 */
export function revived(jobs: readonly GraphJob[], start: GraphJob): ReadonlySet<string> {
  const reached = new Set([start.name]);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const job of jobs) {
      if (job.needs?.some((name) => reached.has(name))) reached.add(job.name);
    }
  }
  const skipped = jobs.filter((job) => job.status === 'skipped');
  return new Set(
    skipped
      .filter((job) => reached.has(job.name) || job.stageIndex > start.stageIndex)
      .map((job) => job.name),
  );
}

function seen(job: Pick<GraphJob, 'status' | 'allowFailure'>): Seen {
  if (job.allowFailure && (job.status === 'failed' || job.status === 'canceled')) return 'warned';
  if (job.allowFailure && job.status === 'manual') return 'ignored';
  return job.status;
}

/** GitLab's composite status: the first line that fits decides, so their order is the rule. */
function combined(jobs: readonly GraphJob[], byNeeds: boolean): CiStatus | undefined {
  if (jobs.length === 0) return undefined;
  const present = new Set<Seen>(jobs.map(seen));
  const any = (...wanted: Seen[]): boolean => wanted.some((status) => present.has(status));
  const only = (...wanted: Seen[]): boolean => [...present].every((status) => wanted.includes(status));

  if (byNeeds && any('skipped', 'ignored')) return 'skipped';
  if (byNeeds && !only('success', 'failed', 'canceled', 'skipped', 'warned')) return 'pending';
  if (only('skipped', 'ignored')) return 'skipped';
  if (only('success', 'skipped', 'warned', 'ignored')) return 'success';
  if (only('created', 'warned', 'ignored')) return 'created';
  if (only('canceled', 'success', 'skipped', 'warned', 'ignored')) return 'canceled';
  if (any('canceling')) return 'canceling';
  if (only('pending', 'created', 'skipped', 'warned', 'ignored')) return 'pending';
  if (any('running', 'pending')) return 'running';
  if (any('manual')) return 'manual';
  if (any('created')) return 'running';
  return 'failed';
}
