import type { Command } from '../core/command.ts';
import { endRun, type Outcome, type Run } from '../core/run.ts';
import type { Work } from '../core/work.ts';

/** How an effect ended. `uncertain`: it may or may not have happened, and doing it again would not be harmless. */
export interface Effected {
  readonly state: 'succeeded' | 'failed' | 'canceled' | 'expired' | 'uncertain';
  readonly outcome: Outcome;
}

/** A quick call that the gateway makes itself. */
export interface Effect {
  /** Doing it twice leaves the world as doing it once. */
  readonly repeatable: boolean;
  /** Carries it out. Rejects when it cannot be told how it ended. */
  do(run: Run): Promise<Effected>;
}

/** What it takes to carry out direct commands. */
export interface DirectParts {
  readonly now: () => number;
  readonly command: (name: string) => Command | undefined;
  /** Revision of the policy in force. */
  readonly revision: () => string;
  readonly effectOf: (command: Command) => Effect | undefined;
}

/** An effect's own time limits end it well within this of its intent being saved. */
const sendWithinMs = 10_000;

const end = (run: Run, { state, outcome }: Effected, now: number): Run => endRun(run, state, outcome, now);

const failed = (because: string): Effected => ({ state: 'failed', outcome: { because } });

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'it could not be done';

const carryOut = async (effect: Effect, run: Run): Promise<Effected> => {
  try {
    return await effect.do(run);
  } catch (error) {
    const because = `${reasonOf(error)}.`;
    return effect.repeatable
      ? failed(because)
      : { state: 'uncertain', outcome: { because: `${because} It may have been done all the same.` } };
  }
};

const interrupted: Effected = {
  state: 'uncertain',
  outcome: { because: 'The gateway was interrupted while it was being done. Look whether it was.' },
};

/** Says why nothing is to be done any more; undefined when the effect may be tried. */
const hindrance = (run: Run, effect: Effect | undefined, parts: DirectParts): Effected | undefined => {
  if (effect === undefined)
    return failed(`${run.command} is no longer a direct command here. Nothing was done.`);
  if (run.canceledBy !== null && run.intent === null) {
    return { state: 'canceled', outcome: { because: 'Nothing was done.' } };
  }
  // Long after it was typed even a harmless effect would undo what others did since.
  if (run.intent !== null && (!effect.repeatable || parts.now() > run.startBy)) {
    return interrupted;
  }
  if (run.revision !== parts.revision()) {
    // What was decided on may not be what the command says now.
    const because = 'The policies changed before it was done, so it was not done.';
    return run.intent === null ? { state: 'expired', outcome: { because } } : interrupted;
  }
  if (parts.now() > run.startBy && run.intent === null) {
    return { state: 'expired', outcome: { because: 'It could not be done in time. Nothing was done.' } };
  }
  return undefined;
};

/** Mode `direct`: the intent is saved, then the one effect is tried. After a crash in between, only a harmless effect is done again. */
export const createDirect =
  (parts: DirectParts): Work =>
  async (run, save) => {
    const command = parts.command(run.command);
    const effect = command === undefined ? undefined : parts.effectOf(command);
    const now = parts.now();
    const hindered = hindrance(run, effect, parts);
    if (hindered !== undefined || effect === undefined)
      return end(run, hindered ?? failed('Nothing was done.'), now);
    const intent = { attempt: (run.intent?.attempt ?? 0) + 1, sendUntil: now + sendWithinMs };
    const saved = await save({ ...run, state: 'running', intent });
    if (saved === 'conflict') return 'conflict';
    return end(saved, await carryOut(effect, saved), parts.now());
  };
