import type { CiVariable } from '../../ci/types.ts';
import { projectFor } from '../access.ts';
import { record, requiredText, rows } from '../fields.ts';
import { type Fields, isRecord } from '../form.ts';
import { badParameter, badRequest, forbidden, notFound, type Refusal } from '../refusal.ts';
import { type Answer, type Call, created, type Route } from '../route.ts';
import { startPipeline } from '../starting.ts';
import { pipelineDetail } from '../views/pipelines.ts';
import { projectOf, userOf } from '../world.ts';

/** The ways to start a pipeline: with an API token, or with a trigger token. */
export const startingRoutes: readonly Route[] = [
  { method: 'POST', url: '/projects/:id/pipeline', answer: createPipeline },
  { method: 'POST', url: '/projects/:id/trigger/pipeline', token: 'none', answer: trigger },
  { method: 'POST', url: '/projects/:id/ref/:ref/trigger/pipeline', token: 'none', answer: trigger },
];

function createPipeline(call: Call): Answer {
  const project = projectFor(call);
  const pipeline = startPipeline(call.world, {
    project,
    ref: requiredText(call.fields, 'ref'),
    source: 'api',
    user: call.actor.user,
    inputs: record(call.fields, 'inputs') ?? {},
    variables: listedVariables(call.fields, 'variables'),
  });
  return created(pipelineDetail(call.world, project, pipeline));
}

/** Variables as a list of `{key, value, variable_type}`. */
export function listedVariables(fields: Fields, name: string): readonly CiVariable[] {
  return (rows(fields, name) ?? []).map((row, at) => {
    const wrong = (part: string, why: string): Refusal => badParameter(`${name}[${at}][${part}] ${why}`);
    const [key, value] = ['key', 'value'].map((part) => {
      if (row[part] === undefined) throw wrong(part, 'is missing');
      if (typeof row[part] === 'object') throw wrong(part, 'is invalid');
      return String(row[part]);
    });
    const type = variableTypes.find((one) => one === (row.variable_type ?? 'env_var'));
    if (type === undefined) throw wrong('variable_type', 'does not have a valid value');
    return { key: key ?? '', value: value ?? '', variable_type: type };
  });
}

const variableTypes = ['env_var', 'file'] as const;

function trigger(call: Call): Answer {
  const ref = requiredText({ ...call.fields, ...call.path }, 'ref');
  const token = requiredText(call.fields, 'token');
  // GitLab stops a pipeline's own webhook from starting the next one for ever.
  if (call.headers['x-gitlab-event'] === 'Pipeline Hook') throw forbidden();
  const variables = mappedVariables(call.fields);
  const project = projectOf(call.world, call.path.id ?? '');
  const found = project?.triggers.find((one) => one.token === token);
  if (!project || !found) throw notFound();
  const pipeline = startPipeline(call.world, {
    project,
    ref,
    source: 'trigger',
    user: userOf(call.world, found.ownerId),
    inputs: record(call.fields, 'inputs') ?? {},
    variables,
    payload: payloadOf(call.fields),
  });
  return created(pipelineDetail(call.world, project, pipeline));
}

function mappedVariables(fields: Fields): readonly CiVariable[] {
  const given = record(fields, 'variables') ?? {};
  return Object.entries(given).map(([key, value]) => {
    if (typeof value !== 'string') throw badRequest('variables needs to be a map of key-valued strings');
    return { key, value, variable_type: 'env_var' };
  });
}

function payloadOf(fields: Fields): CiVariable {
  const { token: _token, ...rest } = isRecord(fields) ? fields : {};
  return { key: 'TRIGGER_PAYLOAD', value: JSON.stringify(rest), variable_type: 'file' };
}
