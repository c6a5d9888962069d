import type { PipelineOrder, PipelineRef, StartOutcome } from '../core/pipelines.ts';
import { sayDuration } from '../core/replies/spans.ts';
import { endRun, type Intent, type Run } from '../core/run.ts';
import { decideStart, type StartStep, type StartTimes } from '../core/starting.ts';
import type { Save } from '../core/work.ts';
import type { Ordered } from './order.ts';

/** What it takes to start a run's pipeline. */
export interface StartingParts {
  readonly now: () => number;
  readonly times: StartTimes;
  /** Reads what the order needs from GitLab; rejects when GitLab cannot be asked. */
  readonly order: (run: Run) => Promise<Ordered>;
  /** The one POST. Never repeats it. */
  readonly start: (order: PipelineOrder) => Promise<StartOutcome>;
  /** Pipelines that carry the run's name; rejects when GitLab cannot be asked. */
  readonly find: (run: Run) => Promise<readonly PipelineRef[]>;
  readonly cancel: (pipeline: Pick<PipelineRef, 'project' | 'id'>) => Promise<unknown>;
  /** A run had more than one pipeline: never a normal path. */
  readonly onSurplus: (run: Run, surplus: readonly PipelineRef[]) => void;
}

const startLook = 300;

const running = (run: Run, pipeline: PipelineRef, now: number): Run => ({
  ...run,
  state: 'running',
  pipeline: { ...pipeline, phase: 'pending', stages: [] },
  outcome: null,
  changedAt: now,
  dueAt: now + startLook,
});

const ended = (run: Run, state: Run['state'], because: string, now: number): Run =>
  endRun(run, state, { because }, now);

const starting = (run: Run, intent: Intent | null, dueAt: number, because?: string): Run => ({
  ...run,
  state: 'starting',
  intent,
  outcome: because === undefined ? run.outcome : { because },
  dueAt,
});

/** What the POST's outcome makes of the run. */
const after = (run: Run, intent: Intent, outcome: StartOutcome, { now, times }: StartingParts): Run => {
  const at = now();
  switch (outcome.outcome) {
    case 'created':
      return running(run, outcome.pipeline, at);
    case 'refused': {
      const refused = `GitLab refused: ${outcome.because.replace(/[.\s]+$/, '')}. Nothing was started.`;
      if (outcome.tryAgainAfterMs === undefined)
        return ended(run, 'failed', `${refused} ${outcome.advice}`, at);
      const notBefore = at + outcome.tryAgainAfterMs;
      const because = `${refused} Trying again in ${sayDuration(outcome.tryAgainAfterMs)}.`;
      const over = { ...intent, ended: 'refused', because: refused, notBefore } as const;
      return starting(run, over, Math.min(notBefore, run.startBy + 1), because);
    }
    case 'not-sent': {
      const notBefore = at + times.notSentPause;
      const problem = `GitLab cannot be reached (${outcome.because})`;
      const over = { ...intent, ended: 'not-sent', because: `${problem}.`, notBefore } as const;
      return starting(run, over, notBefore, `${problem}; trying again.`);
    }
    case 'unknown': {
      const because = `GitLab's answer was lost (${outcome.because}); checking whether it was started.`;
      return starting(run, intent, at + Math.min(1000, times.betweenLooks), because);
    }
  }
};

/** GitLab could not be asked before anything was sent: nothing exists, so trying again later is safe. */
const unasked = (run: Run, { now, times }: StartingParts): Run => {
  const because = 'GitLab cannot be reached; trying again.';
  const at = now();
  if (at + times.notSentPause > run.startBy) {
    return ended(run, 'expired', 'GitLab could not be reached in time. Nothing was started.', at);
  }
  return starting(run, run.intent, at + times.notSentPause, because);
};

const send = async (
  run: Run,
  intent: Intent,
  parts: StartingParts,
  save: Save,
): Promise<Run | 'conflict'> => {
  const ordered = await parts.order(run).catch(() => undefined);
  if (ordered === undefined) return unasked(run, parts);
  if (!ordered.ok) return ended(run, 'failed', ordered.because, parts.now());
  const fresh = { ...intent, sendUntil: parts.now() + parts.times.sendWithin };
  const saved = await save({ ...run, state: 'starting', intent: fresh });
  if (saved === 'conflict') return 'conflict';
  if (parts.now() >= fresh.sendUntil) return starting(saved, { ...fresh, ended: 'not-sent' }, parts.now());
  return after(saved, fresh, await parts.start(ordered.order), parts);
};

const adopt = async (
  run: Run,
  step: Extract<StartStep, { do: 'adopt' }>,
  parts: StartingParts,
): Promise<Run> => {
  if (step.surplus.length > 0) parts.onSurplus(run, step.surplus);
  await Promise.allSettled(step.surplus.map((pipeline) => parts.cancel(pipeline)));
  return running(run, step.pipeline, parts.now());
};

const factsOf = (run: Run, now: number) => ({
  intent: run.intent,
  now,
  startBy: run.startBy,
  canceled: run.canceledBy !== null,
});

/** Asks GitLab's list; `unasked` when it cannot answer, and then nothing may be sent. */
const ask = async (run: Run, parts: StartingParts): Promise<StartStep | 'unasked'> => {
  const listed = await parts.find(run).catch(() => undefined);
  if (listed === undefined) return 'unasked';
  return decideStart({ ...factsOf(run, parts.now()), listed }, parts.times);
};

const stillUnknown = (run: Run, { now, times }: StartingParts): Run =>
  now() > run.waitUntil
    ? ended(run, 'uncertain', 'GitLab could not be asked whether it was started. Look for it there.', now())
    : starting(
        run,
        run.intent,
        now() + times.betweenLooks,
        'GitLab cannot be asked whether it was started; asking again.',
      );

/** The give-up's sentence, with what was last in the way. */
const giveUp = (run: Run, step: Extract<StartStep, { do: 'give up' }>, now: number): Run => {
  const sentence = `${step.because.charAt(0).toUpperCase()}${step.because.slice(1)}.`;
  const last = step.state === 'expired' ? run.intent?.because : undefined;
  return ended(run, step.state, last === undefined ? sentence : `${sentence} ${last}`, now);
};

/** Carries a run without a pipeline one step towards having exactly one. What to do is `decideStart`'s; here it is only done. */
export const startPipeline = async (
  parts: StartingParts,
  run: Run,
  save: Save,
): Promise<Run | 'conflict'> => {
  const first = decideStart({ ...factsOf(run, parts.now()), listed: 'not asked' }, parts.times);
  const step = first.do === 'ask' ? await ask(run, parts) : first;
  if (step === 'unasked') return stillUnknown(run, parts);
  switch (step.do) {
    case 'send':
      return send(run, step.intent, parts, save);
    case 'adopt':
      return adopt(run, step, parts);
    case 'wait':
      return starting(run, step.intent, step.until);
    case 'give up':
      return giveUp(run, step, parts.now());
    case 'ask':
      return stillUnknown(run, parts);
  }
};
