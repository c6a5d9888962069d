import { GatewayError } from '../core/errors.ts';
import { type JobView, type Phase, type PipelineRef, phaseOf } from '../core/pipelines.ts';

/** A pipeline as lists show it. */
export interface PipelineState extends PipelineRef {
  /** Unix milliseconds. */
  readonly updatedAt: number;
  /** By `workflow: name`; undefined where GitLab does not tell. */
  readonly name: string | undefined;
  readonly ref: string;
  readonly projectId: number | undefined;
}

/** A job with the pipeline that it started, if it is a bridge that got so far. */
export interface JobRecord extends JobView {
  readonly downstream: { readonly project: string; readonly id: number; readonly webUrl: string } | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unexpected = (what: string): GatewayError =>
  new GatewayError('gitlab.unexpected', `GitLab's answer is not ${what}`);

/** The fields of an object, or `gitlab.unexpected`. */
export const fieldsOf = (value: unknown, what: string): Fields => {
  if (!isFields(value)) throw unexpected(what);
  return value;
};

/** The items of a list, or `gitlab.unexpected`. */
export const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw unexpected(what);
  return value;
};

/** A text field that must be there. */
export const textOf = (fields: Fields, name: string, what: string): string => {
  const value = fields[name];
  if (typeof value !== 'string') throw unexpected(`${what} (${name} is missing)`);
  return value;
};

/** A numeric id that must be there. */
export const idOf = (fields: Fields, what: string): number => {
  const { id } = fields;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw unexpected(`${what} (id is missing)`);
  return id;
};

const textIn = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
};

const momentIn = (fields: Fields, name: string): number => Date.parse(textIn(fields, name) ?? '') || 0;

/** Reads a pipeline of a list or of `GET /pipelines/:id`. */
export const pipelineFrom = (value: unknown, project: string): PipelineState => {
  const what = 'a pipeline';
  const fields = fieldsOf(value, what);
  const createdAt = momentIn(fields, 'created_at');
  return {
    project,
    id: idOf(fields, what),
    webUrl: textOf(fields, 'web_url', what),
    status: textOf(fields, 'status', what),
    createdAt,
    updatedAt: momentIn(fields, 'updated_at') || createdAt,
    name: textIn(fields, 'name'),
    ref: textIn(fields, 'ref') ?? '',
    projectId: typeof fields.project_id === 'number' ? fields.project_id : undefined,
  };
};

/** Reads a list of pipelines. */
export const pipelinesFrom = (value: unknown, project: string): readonly PipelineState[] =>
  listOf(value, 'a list of pipelines').map((one) => pipelineFrom(one, project));

/** The pipeline without what only this folder needs. */
export const refOf = ({ project, id, webUrl, status, createdAt }: PipelineState): PipelineRef => ({
  project,
  id,
  webUrl,
  status,
  createdAt,
});

/** Reads a job, or a bridge, which shows the state and the page of the pipeline it started. */
export const jobFrom = (value: unknown, bridge: boolean): JobRecord => {
  const what = bridge ? 'a bridge' : 'a job';
  const fields = fieldsOf(value, what);
  const allowFailure = fields.allow_failure === true;
  const downstream = downstreamOf(fields);
  const own = textOf(fields, 'status', what);
  return {
    id: idOf(fields, what),
    name: textOf(fields, 'name', what),
    stage: textOf(fields, 'stage', what),
    phase: jobPhase(downstream?.status ?? own, allowFailure),
    webUrl: downstream?.webUrl ?? textIn(fields, 'web_url') ?? '',
    allowFailure,
    failureReason: textIn(fields, 'failure_reason') ?? null,
    durationSeconds: typeof fields.duration === 'number' ? fields.duration : null,
    bridge,
    downstream,
  };
};

const jobPhase = (status: string, allowFailure: boolean): Phase => {
  const phase = phaseOf(status);
  return phase === 'failed' && allowFailure ? 'warned' : phase;
};

const downstreamOf = (fields: Fields) => {
  const value = fields.downstream_pipeline;
  if (!isFields(value) || typeof value.project_id !== 'number') return undefined;
  const pipeline = pipelineFrom(value, String(value.project_id));
  return { project: pipeline.project, id: pipeline.id, webUrl: pipeline.webUrl, status: pipeline.status };
};
