import { expand, expandAll, type Variable } from './expand.ts';
import type { Trigger } from './model.ts';
import { type Plan, planPipeline } from './plan.ts';
import type { JobRecord } from './records.ts';
import type { CiParts, CiVariable, PipelineOrder } from './types.ts';
import {
  givenVariables,
  jobVariables,
  pipelineVariables,
  storedVariables,
  userVariables,
} from './variables.ts';

/** How far pipelines may start pipelines; GitLab allows child pipelines two deep and stops longer chains. */
const DEEPEST = { child: 2, any: 8 };

/** What a trigger job is to start, or why it cannot (`reason` is GitLab's `failure_reason`). */
export type Downstream =
  | { readonly ok: true; readonly order: PipelineOrder; readonly plan: Plan }
  | { readonly ok: false; readonly reason: string; readonly message: string };

/** Plans the pipeline that a trigger job starts. */
export function planDownstream(
  job: JobRecord,
  trigger: Trigger,
  parts: Pick<CiParts, 'project' | 'serverUrl'>,
): Downstream {
  const chain = upstreams(job);
  const children = chain.findIndex((source) => source !== 'parent_pipeline');
  const depth = children < 0 ? chain.length : children;
  if (chain.length >= DEEPEST.any || (trigger.include !== undefined && depth >= DEEPEST.child)) {
    return refusal('reached_max_descendant_pipelines_depth', 'the maximum depth of pipelines is reached');
  }
  const variable = lookup(job, parts.serverUrl());
  const order = orderOf(job, trigger, parts, variable);
  if (order === undefined) {
    return refusal(
      'downstream_bridge_project_not_found',
      `downstream project ${trigger.project} could not be found`,
    );
  }
  const planned = planPipeline(order, parts, trigger.include);
  if (!planned.ok) {
    const why = planned.errors.join(', ');
    return refusal('downstream_pipeline_creation_failed', `downstream pipeline can not be created, ${why}`);
  }
  return { ok: true, order, plan: planned.plan };
}

function refusal(reason: string, message: string): Downstream {
  return { ok: false, reason, message };
}

/** The sources of the pipelines that led here, the nearest first. */
function upstreams(job: JobRecord): readonly PipelineOrder['source'][] {
  const { order, parent } = job.pipeline;
  return parent === null ? [] : [order.source, ...upstreams(parent)];
}

function orderOf(
  job: JobRecord,
  trigger: Trigger,
  parts: Pick<CiParts, 'project'>,
  variable: (name: string) => string | undefined,
): PipelineOrder | undefined {
  const { order, id } = job.pipeline;
  const project =
    trigger.project === undefined ? order.project : parts.project(expand(trigger.project, variable));
  if (project === undefined) return undefined;
  const child = trigger.include !== undefined;
  const branch = trigger.branch === undefined ? project.defaultBranch : expand(trigger.branch, variable);
  return {
    project,
    ref: child ? order.ref : branch,
    source: child ? 'parent_pipeline' : 'pipeline',
    user: job.user,
    inputs: trigger.inputs,
    variables: passedOn(job, trigger, variable),
    upstream: { projectId: order.project.id, pipelineId: id, jobId: job.id },
  };
}

/** The configuration's variables go downstream unless `forward` says otherwise, those given with the pipeline only if it says so. */
function passedOn(
  job: JobRecord,
  trigger: Trigger,
  variable: (name: string) => string | undefined,
): readonly CiVariable[] {
  const yaml = trigger.forwardYaml ? job.plan.variables : [];
  const given = trigger.forwardPipeline ? job.pipeline.order.variables : [];
  const passed = new Map<string, CiVariable>();
  for (const { key, value, raw } of yaml) {
    passed.set(key, { key, value: raw ? value : expand(value, variable), variable_type: 'env_var' });
  }
  for (const item of [...given, ...job.playVariables]) passed.set(item.key, item);
  return [...passed.values()];
}

function lookup(job: JobRecord, serverUrl: string): (name: string) => string | undefined {
  const { order, plan } = job.pipeline;
  const variables: readonly Variable[] = [
    ...jobVariables(job.plan),
    ...storedVariables(order, { ...job.pipeline, name: plan.name }),
    ...pipelineVariables(order, plan.sha, serverUrl),
    ...job.plan.variables,
    ...userVariables(job.user),
    ...givenVariables(order.variables),
    ...givenVariables(job.playVariables),
  ];
  const expanded = expandAll(variables, (key) => key);
  return (name) => (expanded.ok ? expanded.values.get(name) : undefined);
}
