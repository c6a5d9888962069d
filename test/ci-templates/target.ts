import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createCi } from '../../src/sandbox/ci/ci.ts';
import type { Ci, Created, Job, Pipeline } from '../../src/sandbox/ci/types.ts';
import { ANA, given, projectOf, until } from '../sandbox/ci/world.ts';
import { templateFiles } from './example.ts';
import { installPrograms, type Programs } from './programs.ts';

/** What is given to a pipeline of the target when it is started. */
export interface Given {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A target project beside `ops/chatops`, the CI that runs it, and the programs its jobs find. */
export interface Target {
  readonly ci: Ci;
  readonly programs: Programs;
  create(what: Given): Created;
  /** Starts a pipeline that must be taken and waits until it has the status. */
  run(what: Given, status: Pipeline['status']): Promise<Pipeline>;
  reaches(id: number, status: Pipeline['status']): Promise<Pipeline>;
  play(pipeline: Pipeline, job: string, variables?: Readonly<Record<string, string>>): void;
}

/** Makes a target with this `.gitlab-ci.yml`; all of it goes when the test ends. */
export function targetOf(t: Test, ciFile: string): Target {
  const root = mkdtempSync(join(tmpdir(), 'ci-templates-'));
  const programs = installPrograms(join(root, 'programs'));
  const target = projectOf('shop/target', { '.gitlab-ci.yml': ciFile }, 1);
  const chatops = projectOf('ops/chatops', templateFiles(), 2);
  let clock = 1_800_000_000_000;
  const ci = createCi({
    now: () => (clock += 1),
    workDir: join(root, 'jobs'),
    serverUrl: () => 'http://gitlab.test',
    project: (path) => [target, chatops].find((project) => project.path === path),
    path: `${programs.folder}:/usr/local/bin:/usr/bin:/bin`,
    limits: { graceMs: 200 },
  });
  t.teardown(async () => {
    await ci.close();
    rmSync(root, { recursive: true, force: true });
  });

  const create: Target['create'] = ({ inputs = {}, variables = {} }) =>
    ci.create({
      project: target,
      ref: 'main',
      source: 'api',
      user: ANA,
      inputs,
      variables: given(variables),
    });
  const reaches: Target['reaches'] = async (id, status) => {
    const now = (): Pipeline => found(ci.pipeline(id), `pipeline ${id}`);
    const over: readonly Pipeline['status'][] = ['success', 'failed', 'canceled', 'skipped', status];
    await until(
      () => over.includes(now().status),
      () => `the pipeline to be ${status}: ${shown(now())}`,
    );
    if (now().status !== status) throw new Error(`the pipeline should be ${status}: ${shown(now())}`);
    return now();
  };
  return {
    ci,
    programs,
    create,
    reaches,
    async run(what, status) {
      const created = create(what);
      if (!created.ok) throw new Error(`the pipeline was refused: ${created.errors.join(', ')}`);
      return reaches(created.pipeline.id, status);
    },
    play(pipeline, name, variables = {}) {
      const played = ci.play(jobOf(pipeline, name).id, given(variables));
      if (!played.ok) throw new Error(`the job ${name} was not played: ${played.error}`);
    },
  };
}

/** The newest try of a pipeline's job; throws when there is none. */
export function jobOf(pipeline: Pipeline, name: string): Job {
  return found(
    pipeline.jobs.find((job) => job.name === name && !job.retried),
    `job ${name}`,
  );
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

function shown(pipeline: Pipeline): string {
  return [pipeline.status, ...pipeline.jobs.map((job) => `${job.name}=${job.status}\n${job.log}`)].join('\n');
}
