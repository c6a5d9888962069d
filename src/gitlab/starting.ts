import type { PipelineOrder, StartOutcome } from '../core/pipelines.ts';
import { adviceFor } from './advice.ts';
import { GitLabError } from './answers.ts';
import type { GitLab } from './client.ts';
import { type PipelineState, pipelineFrom, refOf } from './shapes.ts';

/** How the one call ended: with the body of a 2xx answer, or with what was thrown. */
export type Attempt = { readonly body: unknown } | { readonly thrown: unknown };

/** GitLab counts pipelines per minute. */
const aMinute = 60_000;

/** Answers by which GitLab says that nothing was made, provided that GitLab itself says it. */
const refusals: readonly number[] = [400, 401, 403, 404, 405, 413, 415, 422, 429];

/** Makes exactly one POST for an order and tells how it ended. Never rejects. */
export const startPipeline =
  (gitlab: Pick<GitLab, 'Pipelines'>) =>
  async (order: PipelineOrder): Promise<StartOutcome> => {
    try {
      const body = await gitlab.Pipelines.create(order.project, order.ref, bodyFor(order));
      return classify(order, { body });
    } catch (thrown) {
      return classify(order, { thrown });
    }
  };

const bodyFor = ({ inputs, variables }: PipelineOrder) => ({
  ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
  ...(variables.length > 0
    ? { variables: variables.map(({ key, value }) => ({ key, value, variable_type: 'env_var' })) }
    : {}),
});

/** Decides what an answer means for the order. Whatever is not provably "made" or "not made" is `unknown`. */
export const classify = (order: PipelineOrder, attempt: Attempt): StartOutcome => {
  if ('body' in attempt) return created(order, attempt.body);
  if (!(attempt.thrown instanceof GitLabError)) return unknown('the answer could not be read');
  const { status, sent, fromGitLab, words, tryAgainAfterMs } = attempt.thrown;
  if (!sent) return { outcome: 'not-sent', because: words };
  if (status === undefined) return unknown(words);
  if (status >= 300 && status < 400)
    return refused(
      words,
      'Set GITLAB_URL to the address GitLab itself uses, and the project to where it is now.',
    );
  if (!fromGitLab || !refusals.includes(status)) return unknown(words);
  const waits = status === 429 || /too many pipelines/i.test(words);
  return refused(words, adviceFor(status, words, order), waits ? (tryAgainAfterMs ?? aMinute) : undefined);
};

const created = (order: PipelineOrder, body: unknown): StartOutcome => {
  const pipeline = readable(body, order.project);
  if (pipeline === undefined) return unknown('GitLab said yes, but not to which pipeline');
  if (!isIn(order.project, pipeline))
    return unknown(`GitLab answered with a pipeline of another project: ${pipeline.webUrl}`);
  return { outcome: 'created', pipeline: refOf(pipeline) };
};

const readable = (body: unknown, project: string): PipelineState | undefined => {
  try {
    return pipelineFrom(body, project);
  } catch {
    return undefined;
  }
};

/** GitLab compares paths without regard to case. */
const isIn = (project: string, pipeline: PipelineState): boolean =>
  String(pipeline.projectId) === project ||
  (URL.canParse(pipeline.webUrl) &&
    new URL(pipeline.webUrl).pathname
      .toLowerCase()
      .endsWith(`/${project.toLowerCase()}/-/pipelines/${pipeline.id}`));

const unknown = (because: string): StartOutcome => ({ outcome: 'unknown', because });

const refused = (because: string, advice: string, tryAgainAfterMs?: number): StartOutcome => ({
  outcome: 'refused',
  because,
  advice,
  ...(tryAgainAfterMs === undefined ? {} : { tryAgainAfterMs }),
});
