import { isOver, type JobView, type Phase, type PipelineView } from '../pipelines.ts';
import type { Button, Line, Part, Reply, Tone } from '../reply.ts';
import { isAskedToStop, isFinal, type Run } from '../run.ts';
import { code, line, lines, sayDuration, strong } from './spans.ts';
import { resolveLine } from './typing.ts';

const allJobs = (pipeline: PipelineView | null): readonly JobView[] =>
  pipeline?.stages.flatMap((stage) => stage.jobs) ?? [];

const jobsIn = (pipeline: PipelineView | null, phase: Phase): readonly JobView[] =>
  allJobs(pipeline).filter((job) => job.phase === phase);

/** Manual jobs that hold the pipeline back now. */
const awaited = (run: Run): readonly JobView[] =>
  run.pipeline?.phase === 'manual' ? jobsIn(run.pipeline, 'manual') : [];

const runningWords = (run: Run): string => {
  const waits = awaited(run);
  if (waits.length > 0) return `waits for a person to press ${waits.map((job) => job.name).join(', ')}`;
  const { pipeline } = run;
  if (pipeline === null) return 'is running';
  const now = jobsIn(pipeline, 'going').map((job) => job.name);
  const over = pipeline.stages.filter((stage) => stage.jobs.every((job) => isOver(job.phase))).length;
  const of = pipeline.stages.length > 1 ? ` (${over} of ${pipeline.stages.length} stages done)` : '';
  return now.length > 0 ? `is running ${now.slice(0, 3).join(', ')}${of}` : `is running${of}`;
};

/** Of a run whose pipeline was not seen to its end nobody knows how long it took. */
const took = ({ pipeline, changedAt, createdAt }: Run): string =>
  pipeline === null || !isOver(pipeline.phase) ? '' : ` in ${sayDuration(changedAt - createdAt)}`;

/** Canceled by nobody, and without a pipeline: a person found that nothing was started. */
const canceledWords = ({ canceledBy, pipeline, mode }: Run): string => {
  if (canceledBy !== null) return `was canceled by ${canceledBy.name}`;
  if (pipeline !== null) return 'was canceled';
  return mode === 'direct' ? 'was not done' : 'was not started';
};

const uncertainWords = ({ pipeline, mode }: Run): string => {
  if (pipeline !== null) return 'needs a look: it is not known how it ended';
  return `needs a look: it is not known whether it was ${mode === 'direct' ? 'done' : 'started'}`;
};

const isBeingCanceled = (run: Run): boolean => !isFinal(run.state) && isAskedToStop(run);

/** How the run stands, as a sentence about its line goes on. */
export const stateWords = (run: Run): string => {
  if (isBeingCanceled(run)) return `is being canceled by ${run.canceledBy?.name}`;
  switch (run.state) {
    case 'queued':
      return 'is accepted';
    case 'waiting':
      return 'is held back';
    case 'starting':
      return run.intent === null || run.intent.attempt === 1 ? 'is being started' : 'is being started again';
    case 'running':
      return runningWords(run);
    case 'succeeded':
      return run.pipeline?.phase === 'warned'
        ? `succeeded with warnings${took(run)}`
        : `succeeded${took(run)}`;
    case 'failed':
      return `failed${run.outcome?.failure === undefined ? '' : ` in job ${run.outcome.failure.job}`}${took(run)}`;
    case 'canceled':
      return canceledWords(run);
    case 'expired':
      return run.pipeline === null ? 'expired: it was not started' : 'is no longer watched: it took too long';
    case 'uncertain':
      return uncertainWords(run);
  }
};

const tones: Readonly<Record<Run['state'], Tone>> = {
  queued: 'busy',
  waiting: 'waiting',
  starting: 'busy',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'stopped',
  expired: 'stopped',
  uncertain: 'warned',
};

const toneOf = (run: Run): Tone => {
  if (run.state === 'succeeded' && run.pipeline?.phase === 'warned') return 'warned';
  return awaited(run).length > 0 && run.state === 'running' ? 'waiting' : tones[run.state];
};

const stagesPart = (run: Run): readonly Part[] => {
  const stages = run.pipeline?.stages ?? [];
  if (stages.length === 0 || run.mode === 'direct') return [];
  const jobs = (all: readonly JobView[]) =>
    all.map(({ name, phase, webUrl, durationSeconds }) => ({
      name,
      phase,
      link: webUrl,
      seconds: durationSeconds,
    }));
  const shown = stages.map((stage) => ({
    name: stage.name,
    phase: stagePhase(stage.jobs),
    jobs: jobs(stage.jobs),
  }));
  return [{ part: 'stages', stages: shown }];
};

/** A stage is as far as its least finished job; a failure that is not allowed shows at once. */
const stagePhase = (jobs: readonly JobView[]): Phase => {
  const has = (phase: Phase): boolean => jobs.some((job) => job.phase === phase);
  if (jobs.some((job) => job.phase === 'failed' && !job.allowFailure)) return 'failed';
  const order: readonly Phase[] = [
    'going',
    'manual',
    'pending',
    'canceled',
    'warned',
    'failed',
    'succeeded',
    'skipped',
  ];
  const first = order.find(has) ?? 'skipped';
  return first === 'failed' ? 'warned' : first;
};

const outcomeParts = (run: Run): readonly Part[] => {
  const { outcome } = run;
  const parts: Part[] = [];
  if (outcome?.because !== undefined) parts.push(lines(line(outcome.because)));
  if (outcome?.text !== undefined && outcome.text !== '') parts.push({ part: 'code', text: outcome.text });
  if (outcome?.failure !== undefined && outcome.failure.lines !== '') {
    parts.push({ part: 'code', text: outcome.failure.lines });
  }
  if (run.state === 'uncertain')
    parts.push(lines(line('Once you know what became of it: ', code(resolveLine(run.id)))));
  return parts;
};

const linkParts = (run: Run): readonly Part[] => {
  const links: { label: string; url: string }[] = [];
  if (run.pipeline !== null) links.push({ label: `Pipeline ${run.pipeline.id}`, url: run.pipeline.webUrl });
  if (run.outcome?.failure !== undefined) {
    links.push({ label: `Log of ${run.outcome.failure.job}`, url: run.outcome.failure.webUrl });
  }
  const own = run.outcome?.link;
  if (own !== undefined && own !== run.pipeline?.webUrl) links.push({ label: 'Open', url: own });
  return links.length === 0 ? [] : [{ part: 'links', links }];
};

const cancelButton = (run: Run): Button => ({
  action: 'cancel',
  runId: run.id,
  label: 'Cancel',
  tone: 'danger',
  confirm: {
    title: 'Cancel this run?',
    text: `${run.line}: jobs that are running will be stopped where they are.`,
    yes: 'Cancel the run',
    no: 'Keep it going',
  },
});

const buttonParts = (run: Run): readonly Part[] =>
  isFinal(run.state) || run.mode === 'direct' || isBeingCanceled(run)
    ? []
    : [{ part: 'buttons', buttons: [cancelButton(run)] }];

const footer = (run: Run): Part => ({
  part: 'footer',
  line: line(
    { account: run.caller.account, name: run.caller.name },
    ' · ',
    { moment: run.createdAt },
    ' · run ',
    code(run.id),
    ' · policy ',
    run.revision,
  ),
});

const title = (run: Run): Line => line(code(run.line), ' ', strong(stateWords(run)));

/** The one message of a run as it stands: what, how far, what came out, what can be done now. The same run gives the same reply. */
export const runReply = (run: Run): Reply => ({
  tone: toneOf(run),
  title: title(run),
  parts: [...stagesPart(run), ...outcomeParts(run), ...linkParts(run), ...buttonParts(run), footer(run)],
  audience: run.audience,
  final: isFinal(run.state),
});

/** The answer to the caller once a run is stored. It stays true whatever becomes of the run, whose own message tells that. */
export const acceptedReply = (run: Run): Reply => {
  const where = run.audience === 'channel' ? 'Progress follows in this channel' : 'The result follows here';
  return {
    tone: 'busy',
    title: line(strong('Accepted: '), code(run.line)),
    parts: [{ part: 'footer', line: line(`${where} · run `, code(run.id)) }],
    audience: 'caller',
    final: false,
  };
};
