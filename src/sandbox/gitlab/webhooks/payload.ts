import type { Job, Pipeline } from '../../ci/types.ts';
import { isTag, pipelineName, pipelineUrl, queued } from '../views/pipelines.ts';
import { pipelineReading } from '../views/status.ts';
import { seconds } from '../views/times.ts';
import { type Project, projectOf, type World } from '../world.ts';
import { hookCommit, hookProject, hookTime, hookUser, noSha } from './shared.ts';

/** Body of a `Pipeline Hook` (https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events). */
export function pipelinePayload(world: World, project: Project, pipeline: Pipeline) {
  return {
    object_kind: 'pipeline',
    object_attributes: {
      id: pipeline.id,
      iid: pipeline.iid,
      name: pipelineName(world, pipeline),
      ref: pipeline.ref,
      tag: isTag(project, pipeline),
      sha: pipeline.sha,
      before_sha: noSha,
      source: pipeline.source,
      status: pipeline.status,
      detailed_status: pipelineReading(pipeline).label,
      stages: pipeline.stages,
      created_at: hookTime(pipeline.createdAt),
      finished_at: hookTime(pipeline.finishedAt),
      duration: seconds(pipeline.startedAt, pipeline.finishedAt),
      queued_duration: queued(pipeline),
      // Values of secret variables do not exist here: GitLab's hook shows the given ones as they are.
      variables: pipeline.variables.map(({ key, value }) => ({ key, value })),
      url: pipelineUrl(project, pipeline),
      protected_ref: pipeline.ref === project.ci.defaultBranch,
    },
    merge_request: null,
    ...common(world, project, pipeline),
    builds: pipeline.jobs.filter((job) => job.kind === 'job').map((job) => build(world, pipeline, job)),
  };
}

/** Body of a `Job Hook` (https://docs.gitlab.com/user/project/integrations/webhook_events/#job-events). */
export function jobPayload(world: World, project: Project, pipeline: Pipeline, job: Job) {
  const { project: shown, ...rest } = common(world, project, pipeline);
  return {
    object_kind: 'build',
    ref: pipeline.ref,
    tag: isTag(project, pipeline),
    before_sha: noSha,
    sha: pipeline.sha,
    retries_count: pipeline.jobs.filter((one) => one.name === job.name && one.id < job.id).length,
    build_id: job.id,
    build_name: job.name,
    build_stage: job.stage,
    build_status: job.status,
    build_created_at: hookTime(job.createdAt),
    build_started_at: hookTime(job.startedAt),
    build_finished_at: hookTime(job.finishedAt),
    build_duration: seconds(job.startedAt, job.finishedAt),
    build_queued_duration: queued(job),
    build_allow_failure: job.allowFailure,
    build_failure_reason: job.failureReason ?? 'unknown_failure',
    pipeline_id: pipeline.id,
    runner: null,
    project_id: project.ci.id,
    project_name: project.ci.path.split('/').join(' / '),
    environment: environment(job),
    project: shown,
    ...rest,
  };
}

function common(world: World, project: Project, pipeline: Pipeline) {
  const commit = project.repository.find(pipeline.sha);
  return {
    user: hookUser(pipeline.user),
    project: hookProject(world, project),
    commit: commit ? hookCommit(project, commit) : null,
    ...upstream(world, pipeline),
  };
}

function build(_world: World, pipeline: Pipeline, job: Job) {
  return {
    id: job.id,
    stage: job.stage,
    name: job.name,
    status: job.status,
    created_at: hookTime(job.createdAt),
    started_at: hookTime(job.startedAt),
    finished_at: hookTime(job.finishedAt),
    duration: seconds(job.startedAt, job.finishedAt),
    queued_duration: queued(job),
    failure_reason: job.failureReason,
    when: job.manual ? 'manual' : 'on_success',
    manual: job.manual,
    allow_failure: job.allowFailure,
    user: hookUser(pipeline.user),
    runner: null,
    artifacts_file: { filename: null, size: null },
    environment: environment(job),
  };
}

function upstream(world: World, pipeline: Pipeline) {
  const from = pipeline.upstream;
  const project = from ? projectOf(world, from.projectId) : undefined;
  if (!from || !project) return {};
  const { id, webUrl, path } = project.ci;
  return {
    source_pipeline: {
      project: { id, web_url: webUrl, path_with_namespace: path },
      pipeline_id: from.pipelineId,
      job_id: from.jobId,
    },
  };
}

function environment(job: Job) {
  if (job.environment === null) return null;
  const tier = /^prod/.test(job.environment) ? 'production' : 'staging';
  return { name: job.environment, action: 'start', deployment_tier: tier };
}
