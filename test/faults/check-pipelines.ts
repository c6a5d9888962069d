import type { AuditRow, Ledgers, PipelineRow } from './ledgers.ts';
import type { RunStory } from './story.ts';
import { tagsIn } from './tag.ts';
import { type Violation, violation } from './violation.ts';

/** One run, at most one pipeline; a run that says "nothing was started", none; one that succeeded, one. */
const checkCount = ({ id, stored, pipelines }: RunStory): readonly Violation[] => {
  const ids = pipelines.map((pipeline) => pipeline.id);
  if (ids.length > 1) return [violation('duplicate', id, `it has the pipelines ${ids.join(', ')}`)];
  if (stored === undefined) return [];
  const { state, mode, pipeline } = stored;
  if (mode !== 'direct' && state === 'succeeded' && ids.length === 0)
    return [violation('false word', id, 'it succeeded without a pipeline')];
  const nothingStarted = pipeline === null && ['failed', 'expired', 'canceled'].includes(state);
  if (nothingStarted && ids.length > 0)
    return [violation('false word', id, `it is ${state} without a pipeline, but there is ${ids.join(', ')}`)];
  if (pipeline !== null && ids.length > 0 && !ids.includes(pipeline))
    return [violation('false word', id, `it follows pipeline ${pipeline}, but GitLab has ${ids.join(', ')}`)];
  return [];
};

const isBefore = (pipeline: PipelineRow, row: AuditRow): boolean => row.at <= pipeline.createdAt;

/** Every pipeline was allowed and announced in the audit before it came to be. */
const checkRecorded = (pipeline: PipelineRow, run: RunStory | undefined): readonly Violation[] => {
  const of = `pipeline ${pipeline.id}`;
  if (pipeline.run === null || run === undefined)
    return [violation('unauthorised', of, `it belongs to no run of ours (${pipeline.run})`)];
  const before = run.audit.filter((row) => isBefore(pipeline, row));
  const allowed = before.some(
    ({ kind, purpose, allowed }) => kind === 'decision' && purpose === 'run' && allowed,
  );
  if (!allowed) return [violation('unauthorised', of, `no allow for run ${run.id} is on record before it`)];
  if (before.some(({ kind }) => kind === 'intent')) return [];
  return [violation('unrecorded', of, `no intent of run ${run.id} is on record before it`)];
};

/** What reached the pipeline is what was decided on. */
const checkInput = (pipeline: PipelineRow, run: RunStory | undefined): readonly Violation[] => {
  if (pipeline.input === null || run === undefined) return [];
  const decided = run.tags;
  const reached = tagsIn(pipeline.input);
  if (reached.length === 1 && decided.includes(reached[0] ?? '')) return [];
  const words = `decided was ${decided.join(' ') || 'nothing'}, it got ${reached.join(' ') || 'nothing'}`;
  return [violation('other input', `pipeline ${pipeline.id}`, words)];
};

/** Every promise about pipelines that the ledgers show broken. */
export const checkPipelines = (
  ledgers: Ledgers,
  runs: ReadonlyMap<string, RunStory>,
): readonly Violation[] => [
  ...[...runs.values()].flatMap(checkCount),
  ...ledgers.pipelines.flatMap((pipeline) => {
    const run = pipeline.run === null ? undefined : runs.get(pipeline.run);
    return [...checkRecorded(pipeline, run), ...checkInput(pipeline, run)];
  }),
];
