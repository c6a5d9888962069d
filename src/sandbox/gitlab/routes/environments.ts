import type { Job, Pipeline } from '../../ci/types.ts';
import { projectFor } from '../access.ts';
import { text } from '../fields.ts';
import { type Answer, type Call, page, type Route } from '../route.ts';
import { userBasic } from '../views/people.ts';
import { jobView } from '../views/pipelines.ts';
import { iso } from '../views/times.ts';
import { level, type Project } from '../world.ts';

/** Environments and deployments, derived from the jobs that name an environment. */
export const environmentRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/environments', answer: environments },
  { method: 'GET', url: '/projects/:id/deployments', answer: deployments },
];

interface Deployment {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly environment: string;
}

function deploymentsOf(call: Call, project: Project): readonly Deployment[] {
  return call.world.ci
    .pipelines(project.ci.id)
    .flatMap((pipeline) =>
      pipeline.jobs.map((job) => ({ pipeline, job, environment: job.environment ?? '' })),
    )
    .filter(({ environment }) => environment !== '')
    .toSorted((a, b) => a.job.id - b.job.id);
}

function environments(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const name = text(call.fields, 'name');
  const names = [...new Set(deploymentsOf(call, project).map((one) => one.environment))];
  const numbered = names.map((known, at) => ({ id: project.ci.id * 1000 + at + 1, name: known }));
  const kept = numbered.filter((one) => name === undefined || one.name === name);
  return page(call, kept, (one) => ({
    ...one,
    slug: slug(one.name),
    external_url: null,
    state: 'available',
  }));
}

function deployments(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const environment = text(call.fields, 'environment');
  const status = text(call.fields, 'status');
  const kept = deploymentsOf(call, project)
    .filter((one) => environment === undefined || one.environment === environment)
    .filter((one) => status === undefined || deploymentStatus(one.job) === status);
  return page(call, kept, ({ pipeline, job, environment: where }) => ({
    id: job.id,
    iid: job.id,
    ref: pipeline.ref,
    sha: pipeline.sha,
    status: deploymentStatus(job),
    created_at: iso(job.createdAt),
    updated_at: iso(job.finishedAt ?? job.startedAt ?? job.createdAt),
    user: userBasic(call.world, pipeline.user),
    environment: { name: where, slug: slug(where) },
    deployable: jobView(call.world, project, pipeline, job),
  }));
}

/** GitLab's deployments know fewer statuses than jobs. */
function deploymentStatus(job: Job): string {
  if (job.status === 'manual') return 'blocked';
  if (job.status === 'pending') return 'created';
  return job.status === 'canceling' ? 'running' : job.status;
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
