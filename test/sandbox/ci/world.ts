import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createCi } from '../../../src/sandbox/ci/ci.ts';
import type { RunJob } from '../../../src/sandbox/ci/job.ts';
import type {
  Ci,
  CiLimits,
  CiProject,
  CiUser,
  CiVariable,
  Job,
  Pipeline,
  PipelineOrder,
} from '../../../src/sandbox/ci/types.ts';

export const ANA: CiUser = { id: 7, username: 'ana', name: 'Ana Ruiz', email: 'ana@example.com' };

/** A project whose only branch `main` holds these files. */
export function projectOf(path: string, files: Readonly<Record<string, string>>, id = 1): CiProject {
  const sha = createHash('sha1').update(JSON.stringify(files)).digest('hex');
  return {
    id,
    path,
    name: path,
    webUrl: `http://gitlab.test/${path}`,
    defaultBranch: 'main',
    ciConfigPath: '.gitlab-ci.yml',
    at: (ref) => (ref === 'main' || ref === sha ? { sha, files: new Map(Object.entries(files)) } : undefined),
  };
}

export interface World {
  readonly ci: Ci;
  readonly workDir: string;
  order(over?: Partial<PipelineOrder>): PipelineOrder;
  /** Starts a pipeline that must be taken. */
  start(over?: Partial<PipelineOrder>): Pipeline;
  /** What a pipeline that must not be taken is refused with. */
  refusal(over?: Partial<PipelineOrder>): readonly string[];
  pipeline(id: number): Pipeline;
  /** The newest try of a job. */
  job(pipelineId: number, name: string): Job;
  /** Waits until the pipeline has the status. */
  reaches(id: number, ...statuses: readonly Pipeline['status'][]): Promise<Pipeline>;
}

/** A CI over some projects, the first of which orders are for; it is closed when the test ends. Bash runs the jobs unless told otherwise. */
export function worldOf(
  t: Test,
  projects: readonly CiProject[],
  limits: Partial<CiLimits> = {},
  run?: RunJob,
): World {
  const workDir = mkdtempSync(join(tmpdir(), 'sandbox-ci-'));
  const [home] = projects;
  if (home === undefined) throw new Error('a world needs a project');
  let clock = 1_800_000_000_000;
  const parts = {
    now: () => (clock += 1),
    workDir,
    serverUrl: () => 'http://gitlab.test',
    project: (path: string) => projects.find((project) => project.path === path),
    limits: { graceMs: 200, ...limits },
  };
  const ci = createCi(parts, run);
  t.teardown(async () => {
    await ci.close();
    rmSync(workDir, { recursive: true, force: true });
  });

  const order: World['order'] = (over) => ({
    project: home,
    ref: 'main',
    source: 'api',
    user: ANA,
    inputs: {},
    variables: [],
    ...over,
  });
  const pipeline: World['pipeline'] = (id) => {
    const found = ci.pipeline(id);
    if (found === undefined) throw new Error(`there is no pipeline ${id}`);
    return found;
  };
  const start: World['start'] = (over) => {
    const created = ci.create(order(over));
    if (!created.ok) throw new Error(`the pipeline was refused: ${created.errors.join(', ')}`);
    return created.pipeline;
  };
  const refusal: World['refusal'] = (over) => {
    const created = ci.create(order(over));
    if (created.ok) throw new Error('the pipeline was taken');
    return created.errors;
  };
  const job: World['job'] = (id, name) => {
    const found = pipeline(id).jobs.find((each) => each.name === name && !each.retried);
    if (found === undefined) throw new Error(`there is no job ${name}`);
    return found;
  };
  const reaches: World['reaches'] = async (id, ...statuses) => {
    await until(
      () => statuses.includes(pipeline(id).status),
      () => `pipeline to be ${statuses.join('/')}: ${shown(pipeline(id))}`,
    );
    return pipeline(id);
  };
  return { ci, workDir, order, start, refusal, pipeline, job, reaches };
}

function shown(pipeline: Pipeline): string {
  const jobs = pipeline.jobs.map((job) => `${job.name}=${job.status}\n${job.log}`);
  return [pipeline.status, ...jobs].join('\n');
}

/** Polls until a condition holds; gives up after 20 s, saying what was waited for. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (let left = 2000; !condition(); left -= 1) {
    if (left === 0) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Variables as the API takes them. */
export function given(values: Readonly<Record<string, string>>): readonly CiVariable[] {
  return Object.entries(values).map(([key, value]) => ({ key, value, variable_type: 'env_var' }));
}

/** Says whether a process runs; one that has ended and only waits to be collected by its parent does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) [ZX]/.test(readFileSync(stat, 'utf8'));
}
