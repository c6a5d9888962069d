import type { Pipeline } from '../../ci/types.ts';
import { moment, oneOf, text } from '../fields.ts';
import type { Call } from '../route.ts';
import { pipelineName } from '../views/pipelines.ts';
import type { Project } from '../world.ts';

const unfinished = ['created', 'waiting_for_resource', 'preparing', 'pending', 'running'] as const;
const finished = ['success', 'failed', 'canceled', 'skipped'] as const;

/** Statuses that a list of jobs can be narrowed to. */
export const jobScopes = [
  ...unfinished,
  'waiting_for_callback',
  'canceling',
  ...finished,
  'manual',
  'scheduled',
] as const;

const sources = [
  ...['unknown', 'push', 'web', 'trigger', 'schedule', 'api', 'external', 'pipeline', 'chat', 'webide'],
  ...['merge_request_event', 'external_pull_request_event', 'parent_pipeline', 'container_registry_push'],
];

type Test = (pipeline: Pipeline) => boolean;

/** A project's pipelines narrowed and ordered as `GET /pipelines` is asked to (https://docs.gitlab.com/api/pipelines/#list-project-pipelines). */
export function matching(call: Call, project: Project): readonly Pipeline[] {
  const tests = [...wordFilters(call), ...timeFilters(call), scopeFilter(call, project)];
  const kept = call.world.ci
    .pipelines(project.ci.id)
    .filter((pipeline) => tests.every((test) => test(pipeline)));
  return kept.toSorted(order(call));
}

function wordFilters(call: Call): readonly Test[] {
  const { fields, world } = call;
  const status = oneOf(fields, 'status', jobScopes);
  const source = oneOf(fields, 'source', sources);
  const ref = text(fields, 'ref');
  const sha = text(fields, 'sha');
  const username = text(fields, 'username');
  const name = text(fields, 'name');
  return [
    (it) => status === undefined || it.status === status,
    (it) => source === undefined || it.source === source,
    (it) => ref === undefined || it.ref === ref,
    (it) => sha === undefined || it.sha === sha,
    (it) => username === undefined || it.user.username === username,
    (it) => name === undefined || pipelineName(world, it) === name,
  ];
}

function timeFilters({ fields }: Call): readonly Test[] {
  const updatedAfter = moment(fields, 'updated_after') ?? Number.NEGATIVE_INFINITY;
  const updatedBefore = moment(fields, 'updated_before') ?? Number.POSITIVE_INFINITY;
  const createdAfter = moment(fields, 'created_after') ?? Number.NEGATIVE_INFINITY;
  const createdBefore = moment(fields, 'created_before') ?? Number.POSITIVE_INFINITY;
  return [
    (it) => it.updatedAt > updatedAfter && it.updatedAt < updatedBefore,
    (it) => it.createdAt > createdAfter && it.createdAt < createdBefore,
  ];
}

function scopeFilter({ fields }: Call, project: Project): Test {
  const scope = oneOf(fields, 'scope', ['running', 'pending', 'finished', 'branches', 'tags'] as const);
  const has = (refs: readonly { readonly name: string }[]): Test => {
    return (it) => refs.some((ref) => ref.name === it.ref);
  };
  if (scope === undefined) return () => true;
  if (scope === 'branches') return has(project.repository.branches());
  if (scope === 'tags') return has(project.repository.tags());
  if (scope === 'finished') return (it) => finished.some((status) => status === it.status);
  return (it) => it.status === scope;
}

const keys = {
  id: (it: Pipeline) => it.id,
  status: (it: Pipeline) => it.status,
  ref: (it: Pipeline) => it.ref,
  updated_at: (it: Pipeline) => it.updatedAt,
  user_id: (it: Pipeline) => it.user.id,
} as const;

function order({ fields }: Call): (a: Pipeline, b: Pipeline) => number {
  const by = oneOf(fields, 'order_by', ['id', 'status', 'ref', 'updated_at', 'user_id'] as const) ?? 'id';
  const sign = (oneOf(fields, 'sort', ['asc', 'desc'] as const) ?? 'desc') === 'asc' ? 1 : -1;
  const key = keys[by];
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    return sign * (x === y ? a.id - b.id : x < y ? -1 : 1);
  };
}
