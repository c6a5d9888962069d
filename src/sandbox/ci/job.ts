import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collect, readDotenv, unpack } from './artifacts.ts';
import { type BashEnd, type BashRun, killStrays, runBash } from './bash.ts';
import { jobEnv } from './job-env.ts';
import { createJobLog, type JobLog } from './log.ts';
import type { JobRecord } from './records.ts';
import { bashScript } from './script.ts';
import type { CiLimits } from './types.ts';
import { removeWorkcopy, type Workcopy, workcopyAt, writeWorkcopy } from './workcopy.ts';

/** A job and what it takes to run it. */
export interface JobOrder {
  readonly job: JobRecord;
  /** Earlier jobs whose artifacts and dotenv variables it gets. */
  readonly earlier: readonly JobRecord[];
  readonly workDir: string;
  readonly serverUrl: string;
  readonly path: string;
  readonly limits: CiLimits;
  readonly now: () => number;
  readonly write: (text: string) => void;
}

/** How a job ended; `reason` is GitLab's `failure_reason`. */
export type JobEnd =
  | { readonly status: 'success' }
  | { readonly status: 'canceled' }
  | { readonly status: 'failed'; readonly reason: string; readonly exitCode?: number };

/** A job that runs. Stopping with `atOnce` leaves its `after_script` out. */
export interface JobRun {
  readonly done: Promise<JobEnd>;
  stop(atOnce: boolean): void;
}

/** Runs one job; never rejects. */
export type RunJob = (order: JobOrder) => JobRun;

/** `after_script` may take this long (https://docs.gitlab.com/ci/yaml/#after_script). */
const AFTER_SCRIPT_MS = 5 * 60_000;

interface Running {
  readonly order: JobOrder;
  readonly copy: Workcopy;
  readonly log: JobLog;
  stopped: 'no' | 'asked' | 'at once';
  bash: BashRun | null;
}

/** Runs a job's scripts in a fresh working copy; the copy goes afterwards, the artifacts stay. Never rejects. */
export const runJob: RunJob = (order) => {
  const running: Running = {
    order,
    copy: workcopyAt(join(order.workDir, `job-${order.job.id}`)),
    log: createJobLog(order.write, order.now, order.limits.logBytes),
    stopped: 'no',
    bash: null,
  };
  return {
    done: whole(running),
    stop(atOnce) {
      running.stopped = atOnce ? 'at once' : 'asked';
      running.bash?.stop();
    },
  };
};

async function whole(running: Running): Promise<JobEnd> {
  const { copy, log } = running;
  let end: JobEnd;
  try {
    end = await inWorkcopy(running);
  } catch (error) {
    log.warning(`preparing the job: ${error instanceof Error ? error.message : String(error)}`);
    end = { status: 'failed', reason: 'runner_system_failure' };
  }
  log.section('cleanup_file_variables', 'Cleaning up project directory and file based variables');
  await killStrays(copy.home);
  await removeWorkcopy(copy).catch((error: unknown) =>
    log.warning(`removing the working copy: ${String(error)}`),
  );
  close(log, end, timeoutOf(running.order));
  return end;
}

function close(log: JobLog, end: JobEnd, timeoutMs: number): void {
  if (end.status === 'success') log.succeeded();
  else log.failed(whyNot(end, timeoutMs));
}

function whyNot(end: Exclude<JobEnd, { status: 'success' }>, timeoutMs: number): string {
  if (end.status === 'canceled') return 'canceled';
  if (end.exitCode !== undefined) return `exit code ${end.exitCode}`;
  if (end.reason !== 'job_execution_timeout') return end.reason.replaceAll('_', ' ');
  return `execution took longer than ${timeoutMs / 1000} seconds`;
}

async function inWorkcopy(running: Running): Promise<JobEnd> {
  const { order, copy, log } = running;
  await prepare(running);
  const made = jobEnv({ ...order, copy });
  if (!made.ok) {
    log.warning(`circular variable reference detected: ${made.circle.join(', ')}`);
    return { status: 'failed', reason: 'runner_system_failure' };
  }
  for (const [name, content] of made.files)
    await writeFile(join(copy.variables, name), content, { mode: 0o600 });
  const { config } = order.job.plan;
  log.section('step_script', 'Executing "step_script" stage of the job script');
  for (const note of config.notes) log.warning(note);
  const ended = await bash(
    running,
    'script',
    [...config.beforeScript, ...config.script],
    made.env,
    timeoutOf(order),
  );
  const end = jobEnd(running, ended);
  if (config.afterScript.length > 0 && running.stopped !== 'at once') {
    log.section('after_script', 'Running after_script');
    log.line('Running after script...');
    await afterwards(running, { ...made.env, CI_JOB_STATUS: end.status });
  }
  return end.status === 'canceled' ? end : upload(running, end);
}

function timeoutOf(order: JobOrder): number {
  return order.job.plan.config.timeoutMs ?? order.limits.jobTimeoutMs;
}

async function prepare({ order, copy, log }: Running): Promise<void> {
  const { job } = order;
  log.line('\u001b[0KRunning with gitlab-runner 18.0.0 (sandbox)\u001b[0;m');
  log.section('prepare_executor', 'Preparing the "shell" executor');
  log.line('Using Shell (bash) executor...');
  log.section('prepare_script', 'Preparing environment');
  log.line('Running on the sandbox...');
  log.section('get_sources', 'Getting source from Git repository');
  const { sha, files } = job.pipeline.plan;
  log.line(`Checking out ${sha.slice(0, 8)} as detached HEAD (ref is ${job.pipeline.order.ref})...`);
  await writeWorkcopy(copy, files);
  const kept = order.earlier.filter((other) => other.artifacts !== null);
  if (kept.length > 0) log.section('download_artifacts', 'Downloading artifacts');
  for (const other of kept) {
    log.line(`Downloading artifacts for ${other.plan.config.name} (${other.id})...`);
    if (other.artifacts !== null) await unpack(other.artifacts, copy.project);
  }
}

async function bash(
  running: Running,
  name: string,
  commands: readonly string[],
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<BashEnd> {
  const { order, copy, log } = running;
  const scriptFile = join(copy.root, `${name}.sh`);
  await writeFile(scriptFile, bashScript(commands), { mode: 0o600 });
  if (name === 'script' && running.stopped !== 'no') return { kind: 'stopped' };
  const { graceMs } = order.limits;
  running.bash = runBash({ scriptFile, cwd: copy.project, env, timeoutMs, graceMs, output: log.raw });
  if (running.stopped === 'at once') running.bash.stop();
  return running.bash.done;
}

async function afterwards(running: Running, env: Readonly<Record<string, string>>): Promise<void> {
  const end = await bash(
    running,
    'after_script',
    running.order.job.plan.config.afterScript,
    env,
    AFTER_SCRIPT_MS,
  );
  if (end.kind === 'exit' && end.code === 0) return;
  running.log.warning('after_script failed, but job will continue unaffected');
}

function jobEnd(running: Running, end: BashEnd): JobEnd {
  if (end.kind === 'stopped' || running.stopped !== 'no') {
    running.log.warning('script canceled externally (UI, API)');
    return { status: 'canceled' };
  }
  if (end.kind === 'timeout') return { status: 'failed', reason: 'job_execution_timeout' };
  if (end.kind === 'broken') {
    running.log.warning(`starting bash: ${end.message}`);
    return { status: 'failed', reason: 'runner_system_failure' };
  }
  return end.code === 0
    ? { status: 'success' }
    : { status: 'failed', reason: 'script_failure', exitCode: end.code };
}

/** Keeps what the job is to leave; a broken dotenv file fails a job that had succeeded, as GitLab does. */
async function upload({ order, copy, log }: Running, end: JobEnd): Promise<JobEnd> {
  const { artifacts } = order.job.plan.config;
  const fits =
    artifacts.when === 'always' || (artifacts.when === 'on_success') === (end.status === 'success');
  if (!fits || artifacts.paths.length + artifacts.dotenv.length === 0) return end;
  const outcome = end.status === 'success' ? 'success' : 'failure';
  const shown = end.status === 'success' ? 'successful' : 'failed';
  log.section(`upload_artifacts_on_${outcome}`, `Uploading artifacts for ${shown} job`);
  if (artifacts.paths.length > 0) {
    const folder = join(order.workDir, `artifacts-${order.job.id}`);
    await rm(folder, { recursive: true, force: true });
    const paths = await collect(copy.project, artifacts.paths, folder);
    log.line(`${artifacts.paths.join(', ')}: found ${paths.length} matching artifact files`);
    if (paths.length === 0) log.warning('No files to upload');
    else order.job.artifacts = folder;
  }
  const report = await readDotenv(copy.project, artifacts.dotenv);
  if ('wrong' in report) {
    log.warning(report.wrong);
    return end.status === 'success' ? { status: 'failed', reason: 'script_failure' } : end;
  }
  order.job.dotenv = report.values;
  return end;
}
