import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import {
  type JobRecord,
  jobFrom,
  listOf,
  type PipelineState,
  pipelineFrom,
  pipelinesFrom,
} from './shapes.ts';
import type { Reach } from './watch-rounds.ts';

const perPage = 100;
const maxPages = 50;

/** All tries of a pipeline's jobs and bridges, oldest first. */
export const jobsOf =
  (gitlab: Pick<GitLab, 'Jobs'>) =>
  async (project: string, pipelineId: number): Promise<readonly JobRecord[]> => {
    // With the retried ones: the oldest try tells the order of the stages, which GitLab does not.
    const query = { pipelineId, includeRetried: true, perPage: 100 };
    const [jobs, bridges] = await Promise.all([
      gitlab.Jobs.all(project, query),
      gitlab.Jobs.allPipelineBridges(project, pipelineId, { perPage: 100 }),
    ]);
    const records = [
      ...listOf(jobs, 'a list of jobs').map((one) => jobFrom(one, false)),
      ...listOf(bridges, 'a list of bridges').map((one) => jobFrom(one, true)),
    ];
    return records.toSorted((a, b) => a.id - b.id);
  };

/** The pipeline itself, or that GitLab has none of that id (any more). */
export const showPipeline =
  (gitlab: Pick<GitLab, 'Pipelines'>) =>
  async (project: string, id: number): Promise<PipelineState | 'gone'> => {
    try {
      return pipelineFrom(await gitlab.Pipelines.show(project, id), project);
    } catch (thrown) {
      if (isAbsent(thrown)) return 'gone';
      throw thrown;
    }
  };

/** The project's pipelines, newest first, as far as asked and at most 5,000. */
export const listPipelines =
  (gitlab: Pick<GitLab, 'Pipelines'>) =>
  async (project: string, reach: Reach): Promise<readonly PipelineState[]> => {
    if ('updatedAfter' in reach) {
      const updatedAfter = new Date(reach.updatedAfter).toISOString();
      return pipelinesFrom(await gitlab.Pipelines.all(project, { updatedAfter, perPage, maxPages }), project);
    }
    const found: PipelineState[] = [];
    for (let page = 1; page <= maxPages; page += 1) {
      const some = pipelinesFrom(await gitlab.Pipelines.all(project, { page, perPage }), project);
      found.push(...some);
      if (some.length < perPage || some.some(({ id }) => id <= reach.downTo)) break;
    }
    return found;
  };
