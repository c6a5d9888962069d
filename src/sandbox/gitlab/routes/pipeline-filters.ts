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
  const unlisted = call.world.unlisted();
  // Last, so that it is asked only about what the list would have shown.
  const listed: Test = (pipeline) => !unlisted(pipeline.createdAt);
  const tests = [...wordFilters(call), ...timeFilters(call), ...scopeFilter(call, project), listed];
  const kept = call.world.ci
    .pipelines(project.ci.id)
    .filter((pipeline) => tests.every((test) => test(pipeline)));
  return order(call, kept);
}

/** No test where nothing is asked: a project may have many pipelines. */
const when = <T>(asked: T | undefined, test: (asked: T, it: Pipeline) => boolean): readonly Test[] =>
  asked === undefined ? [] : [(it) => test(asked, it)];

function wordFilters(call: Call): readonly Test[] {
  const { fields, world } = call;
  return [
    ...when(oneOf(fields, 'status', jobScopes), (status, it) => it.status === status),
    ...when(oneOf(fields, 'source', sources), (source, it) => it.source === source),
    ...when(text(fields, 'ref'), (ref, it) => it.ref === ref),
    ...when(text(fields, 'sha'), (sha, it) => it.sha === sha),
    ...when(text(fields, 'username'), (username, it) => it.user.username === username),
    ...when(text(fields, 'name'), (name, it) => pipelineName(world, it) === name),
  ];
}

function timeFilters({ fields }: Call): readonly Test[] {
  return [
    ...when(moment(fields, 'updated_after'), (at, it) => it.updatedAt > at),
    ...when(moment(fields, 'updated_before'), (at, it) => it.updatedAt < at),
    ...when(moment(fields, 'created_after'), (at, it) => it.createdAt > at),
    ...when(moment(fields, 'created_before'), (at, it) => it.createdAt < at),
  ];
}

function scopeFilter({ fields }: Call, project: Project): readonly Test[] {
  const scope = oneOf(fields, 'scope', ['running', 'pending', 'finished', 'branches', 'tags'] as const);
  const has = (refs: readonly { readonly name: string }[]): readonly Test[] => {
    return [(it) => refs.some((ref) => ref.name === it.ref)];
  };
  if (scope === undefined) return [];
  if (scope === 'branches') return has(project.repository.branches());
  if (scope === 'tags') return has(project.repository.tags());
  if (scope === 'finished') return [(it) => finished.some((status) => status === it.status)];
  return [(it) => it.status === scope];
}

const keys = {
  status: (it: Pipeline) => it.status,
  ref: (it: Pipeline) => it.ref,
  updated_at: (it: Pipeline) => it.updatedAt,
  user_id: (it: Pipeline) => it.user.id,
} as const;

/** `kept` comes newest first, which is what is asked for unless something else is. */
function order({ fields }: Call, kept: readonly Pipeline[]): readonly Pipeline[] {
  const by = oneOf(fields, 'order_by', ['id', 'status', 'ref', 'updated_at', 'user_id'] as const) ?? 'id';
  const sign = (oneOf(fields, 'sort', ['asc', 'desc'] as const) ?? 'desc') === 'asc' ? 1 : -1;
  if (by === 'id') return sign === -1 ? kept : kept.toReversed();
  const key = keys[by];
  return kept.toSorted((a, b) => {
    const x = key(a);
    const y = key(b);
    return sign * (x === y ? a.id - b.id : x < y ? -1 : 1);
  });
}
