import type { Job, Pipeline } from '../../ci/types.ts';
import { type Project, projectOf, type World } from '../world.ts';
import { userBasic, userPublic } from './people.ts';
import { commitView } from './projects.ts';
import { detailedStatus } from './status.ts';
import { iso, seconds } from './times.ts';

const noSha = '0'.repeat(40);

/** The name a pipeline goes by: given later, else by `workflow: name`. */
export function pipelineName(world: World, pipeline: Pipeline): string | null {
  return world.pipelineNames.get(pipeline.id) ?? pipeline.name;
}

/** Address of the pipeline's page. */
export function pipelineUrl(project: Project, pipeline: Pipeline): string {
  return `${project.ci.webUrl}/-/pipelines/${pipeline.id}`;
}

/** A pipeline as lists and jobs show it. */
export function pipelineBasic(world: World, project: Project, pipeline: Pipeline) {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: pipeline.projectId,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status: pipeline.status,
    source: pipeline.source,
    created_at: iso(pipeline.createdAt),
    updated_at: iso(pipeline.updatedAt),
    web_url: pipelineUrl(project, pipeline),
    name: pipelineName(world, pipeline),
  };
}

/** A pipeline as `GET /pipelines/:id` shows it. */
export function pipelineDetail(world: World, project: Project, pipeline: Pipeline) {
  const duration = seconds(pipeline.startedAt, pipeline.finishedAt);
  return {
    ...pipelineBasic(world, project, pipeline),
    before_sha: noSha,
    tag: isTag(project, pipeline),
    yaml_errors: null,
    user: userBasic(world, pipeline.user),
    started_at: iso(pipeline.startedAt),
    finished_at: iso(pipeline.finishedAt),
    committed_at: null,
    duration: duration === null ? null : Math.round(duration),
    queued_duration: queued(pipeline),
    coverage: null,
    detailed_status: detailedStatus(pipeline, `/${project.ci.path}/-/pipelines/${pipeline.id}`),
    archived: false,
  };
}

/** A job as GitLab shows it. */
export function jobView(world: World, project: Project, pipeline: Pipeline, job: Job) {
  const commit = project.repository.find(pipeline.sha);
  const user = world.users.find((one) => one.id === pipeline.user.id);
  return {
    id: job.id,
    status: job.status,
    stage: job.stage,
    name: job.name,
    ref: pipeline.ref,
    tag: isTag(project, pipeline),
    coverage: null,
    allow_failure: job.allowFailure,
    created_at: iso(job.createdAt),
    started_at: iso(job.startedAt),
    finished_at: iso(job.finishedAt),
    erased_at: null,
    duration: seconds(job.startedAt, job.finishedAt),
    queued_duration: queued(job),
    user: user ? userPublic(world, user) : userBasic(world, pipeline.user),
    commit: commit ? commitView(project, commit) : null,
    pipeline: pipelineBasic(world, project, pipeline),
    // GitLab leaves the field out unless the job failed.
    ...(job.failureReason === null ? {} : { failure_reason: job.failureReason }),
    web_url: `${project.ci.webUrl}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: false },
    artifacts: [],
    runner: null,
    artifacts_expire_at: null,
    archived: false,
    tag_list: [],
  };
}

/** A bridge as GitLab shows it: a job with the pipeline that it started. */
export function bridgeView(world: World, project: Project, pipeline: Pipeline, job: Job) {
  const { artifacts, runner, artifacts_expire_at, tag_list, ...shown } = jobView(
    world,
    project,
    pipeline,
    job,
  );
  const downstream =
    job.downstreamPipelineId === null ? undefined : world.ci.pipeline(job.downstreamPipelineId);
  const where = downstream && projectOf(world, downstream.projectId);
  return {
    ...shown,
    downstream_pipeline: downstream && where ? pipelineBasic(world, where, downstream) : null,
  };
}

/** Whether the pipeline's ref is a tag. */
export function isTag(project: Project, pipeline: Pipeline): boolean {
  const isNamed = (one: { readonly name: string }): boolean => one.name === pipeline.ref;
  return project.repository.tags().some(isNamed) && !project.repository.branches().some(isNamed);
}

/** Seconds that a pipeline or job waited for its start; null before it. */
export function queued(thing: Pipeline | Job): number | null {
  return seconds(thing.createdAt, thing.startedAt);
}
