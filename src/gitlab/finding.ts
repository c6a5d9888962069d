import { GatewayError } from '../core/errors.ts';
import type { PipelineRef } from '../core/pipelines.ts';
import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { fieldsOf, listOf, type PipelineState, pipelinesFrom, refOf } from './shapes.ts';

/** Which pipeline is looked for. `since`: Unix milliseconds, not after the first attempt to start it. */
export interface PipelineQuestion {
  readonly project: string;
  readonly runId: string;
  readonly ref: string;
  readonly since: number;
}

/** GitLab's clock may be behind ours by this much, in milliseconds. */
const clockSlack = 120_000;
/** 10 pages of 100; GitLab makes at most 25 pipelines per minute and user by default. */
const pages = { perPage: 100, maxPages: 10 };

/**
 * The pipelines that carry a run's id, oldest first: by the name `chatops <run id>`, else by the variable CHATOPS_RUN_ID.
 * Rejects with GatewayError when GitLab cannot tell; an empty list means GitLab was asked and has none.
 */
export const findPipelines =
  (gitlab: Pick<GitLab, 'Pipelines' | 'Users'>) =>
  async (question: PipelineQuestion): Promise<readonly PipelineRef[]> => {
    const name = `chatops ${question.runId}`;
    const byName = await list(gitlab, question.project, { name });
    // A GitLab before 16.9 ignores the filter and lists everything, so the answer's own name decides.
    const named = byName.filter((pipeline) => pipeline.name === name);
    const found = named.length > 0 ? named : await byVariable(gitlab, question);
    return found.map(refOf).toSorted((a, b) => a.id - b.id);
  };

const list = async (
  gitlab: Pick<GitLab, 'Pipelines'>,
  project: string,
  query: Readonly<Record<string, unknown>>,
): Promise<readonly PipelineState[]> =>
  pipelinesFrom(await gitlab.Pipelines.all(project, { ...query, ...pages }), project);

/** Looks through the pipelines that the gateway's own user started since then and whose name tells nothing. */
const byVariable = async (
  gitlab: Pick<GitLab, 'Pipelines' | 'Users'>,
  { project, runId, ref, since }: PipelineQuestion,
): Promise<readonly PipelineState[]> => {
  const me = fieldsOf(await gitlab.Users.showCurrentUser(), 'a user');
  const from = since - clockSlack;
  const query = { source: 'api', username: me.username, ref, updatedAfter: new Date(from).toISOString() };
  const recent = await list(gitlab, project, query);
  const nameless = recent.filter((one) => !one.name?.startsWith('chatops ') && one.createdAt >= from);
  const found: PipelineState[] = [];
  for (const pipeline of nameless) {
    const owner = await runOf(gitlab, pipeline);
    // Saying "not there" here could start the pipeline a second time.
    if (owner === undefined) throw cannotTell(pipeline, runId);
    if (owner === runId) found.push(pipeline);
  }
  return found;
};

/** The run id in the pipeline's variables; undefined when it carries none, empty when the pipeline is gone. */
const runOf = async (
  gitlab: Pick<GitLab, 'Pipelines'>,
  pipeline: PipelineState,
): Promise<string | undefined> => {
  try {
    const variables = listOf(
      await gitlab.Pipelines.allVariables(pipeline.project, pipeline.id),
      'a list of variables',
    ).map((one) => fieldsOf(one, 'a variable'));
    const value = variables.find(({ key }) => key === 'CHATOPS_RUN_ID')?.value;
    return typeof value === 'string' ? value : undefined;
  } catch (thrown) {
    if (isAbsent(thrown)) return '';
    throw thrown;
  }
};

const cannotTell = (pipeline: PipelineState, runId: string): GatewayError =>
  new GatewayError(
    'gitlab.unexpected',
    `Looking for the pipeline of run ${runId}: ${pipeline.webUrl} may be it, but neither its name nor its variables say whose it is. ` +
      `Set workflow: name to "chatops <run id>" in the CI file of ${pipeline.project}.`,
  );
