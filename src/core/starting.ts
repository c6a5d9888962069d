import type { PipelineRef } from './pipelines.ts';
import type { Intent } from './run.ts';

/** How long things may take while a pipeline is started. Milliseconds. */
export interface StartTimes {
  /** From saving the intent to the last moment its POST may be written. */
  readonly sendWithin: number;
  /** How long the client waits for the POST's answer. */
  readonly answerWithin: number;
  /** How long a request may live on in GitLab after the client gave up: 60 s in Puma, and the queue before it. */
  readonly serverLife: number;
  /** How far GitLab's lists may lag behind. */
  readonly listLag: number;
  /** Between two looks at GitLab's list. */
  readonly betweenLooks: number;
  /** Wait after a POST that provably was not sent. */
  readonly notSentPause: number;
  /** POSTs that may have reached GitLab, over the whole life of a run. */
  readonly attempts: number;
}

/** The times of a usual GitLab. */
export const usualStartTimes: StartTimes = {
  sendWithin: 30_000,
  answerWithin: 20_000,
  serverLife: 75_000,
  listLag: 10_000,
  betweenLooks: 5_000,
  notSentPause: 2_000,
  attempts: 3,
};

/** What is known when a start is looked at. `listed` is GitLab's answer to "which pipelines carry this run's name". */
export interface StartFacts {
  readonly intent: Intent | null;
  readonly listed: readonly PipelineRef[] | 'not asked';
  readonly now: number;
  readonly startBy: number;
  readonly canceled: boolean;
}

/** What to do next about a start. */
export type StartStep =
  /** Save this intent, then make its one POST. */
  | { readonly do: 'send'; readonly intent: Intent }
  /** Ask GitLab which pipelines carry the run's name. */
  | { readonly do: 'ask' }
  | { readonly do: 'adopt'; readonly pipeline: PipelineRef; readonly surplus: readonly PipelineRef[] }
  | { readonly do: 'wait'; readonly until: number; readonly intent: Intent | null }
  | {
      readonly do: 'give up';
      readonly state: 'expired' | 'uncertain' | 'canceled';
      readonly because: string;
    };

/** From this moment on, GitLab's list without the pipeline counts: a lost POST can no longer come true. */
export const absenceCountsFrom = (intent: Intent, times: StartTimes): number =>
  intent.sendUntil + times.answerWithin + times.serverLife + times.listLag;

const nextIntent = (attempt: number, now: number, times: StartTimes): Intent => ({
  attempt,
  sendUntil: now + times.sendWithin,
});

const tooLate = 'it could not be started in time; nothing was started';

/** Nothing exists in GitLab, provably: send, or stop trying. */
const sendOrStop = (facts: StartFacts, used: number, times: StartTimes): StartStep => {
  if (facts.canceled)
    return { do: 'give up', state: 'canceled', because: 'it was canceled before it was started' };
  if (facts.now > facts.startBy) return { do: 'give up', state: 'expired', because: tooLate };
  if (used >= times.attempts) {
    const because = `GitLab did not take it in ${times.attempts} tries; nothing was started`;
    return { do: 'give up', state: 'expired', because };
  }
  return { do: 'send', intent: nextIntent(used + 1, facts.now, times) };
};

const adopt = (listed: readonly PipelineRef[]): StartStep | undefined => {
  const [pipeline, ...surplus] = [...listed].sort((a, b) => a.id - b.id);
  return pipeline === undefined ? undefined : { do: 'adopt', pipeline, surplus };
};

/** The POST may have come true: only GitLab's list can tell, and only after the quarantine can it tell "no". */
const reconcile = (facts: StartFacts, intent: Intent, times: StartTimes): StartStep => {
  if (facts.listed === 'not asked') return { do: 'ask' };
  const adopted = adopt(facts.listed);
  if (adopted !== undefined) return adopted;
  const { now } = facts;
  const counts = absenceCountsFrom(intent, times);
  const again = now + times.betweenLooks;
  if (now < counts) return { do: 'wait', until: Math.min(again, counts), intent };
  if (intent.firstAbsentAt === undefined) {
    return { do: 'wait', until: again, intent: { ...intent, firstAbsentAt: now } };
  }
  const proven = intent.firstAbsentAt + times.betweenLooks;
  if (now < proven) return { do: 'wait', until: proven, intent };
  if (!facts.canceled && now <= facts.startBy && intent.attempt >= times.attempts) {
    const because = `GitLab's answer was lost ${intent.attempt} times and it lists no such pipeline`;
    return { do: 'give up', state: 'uncertain', because };
  }
  return sendOrStop(facts, intent.attempt, times);
};

/**
 * Decides the next step of starting a pipeline so that a run starts at most one: an intent is saved before its one POST; a POST
 * whose outcome is unknown is looked for in GitLab before another is made, and "not there" counts only after the quarantine,
 * twice. Holds as long as GitLab commits a request within `serverLife` or never, and its lists are complete after `listLag`.
 */
export const decideStart = (facts: StartFacts, times: StartTimes = usualStartTimes): StartStep => {
  const { intent, now } = facts;
  if (intent === null) return sendOrStop(facts, 0, times);
  if (intent.ended === undefined) return reconcile(facts, intent, times);
  if (!facts.canceled && intent.notBefore !== undefined && now < intent.notBefore && now <= facts.startBy) {
    return { do: 'wait', until: Math.min(intent.notBefore, facts.startBy + 1), intent };
  }
  const used = intent.ended === 'not-sent' ? intent.attempt - 1 : intent.attempt;
  return sendOrStop(facts, used, times);
};
