import type { CommandStory, RunStory } from './story.ts';
import { type Violation, violation } from './violation.ts';

/** The words by which a run's message tells its end. */
const endWords: Readonly<Record<string, RegExp>> = {
  succeeded: /succeeded/,
  failed: /failed/,
  canceled: /was canceled/,
  expired: /expired|no longer watched/,
  uncertain: /needs a look/,
};

const tellsTheEnd = ({ ends, messages }: RunStory): boolean =>
  ends.every((end) => messages.some(({ text }) => endWords[end]?.test(text)));

/** A direct command's result may have been the answer to the request itself, whether that arrived or not. */
const wasAnswered = ({ kind, attempts }: CommandStory): boolean =>
  kind === 'direct' &&
  attempts.some(({ said }) => said === 'done' || said === 'unknown' || said === 'replayed');

/** The message of every run that is over says how it ended, or the run says why nobody could be told. */
export const checkTold = (
  commands: readonly CommandStory[],
  runs: ReadonlyMap<string, RunStory>,
): readonly Violation[] => {
  const answered = new Set(
    commands.filter(wasAnswered).flatMap((command) => command.runs.map(({ id }) => id)),
  );
  return [...runs.values()]
    .filter(({ stored }) => (stored?.givenUp ?? null) === null)
    .filter((run) => !answered.has(run.id) && !tellsTheEnd(run))
    .map(({ id, ends, messages }) => {
      const said = messages.map(({ text }) => text.slice(0, 120)).join(' | ') || 'nothing';
      return violation('untold', id, `it is ${ends.join(' and ')}, chat shows ${said}`);
    });
};

/** Runs of which chat shows more than one message: allowed once after a crash, so it is counted and no violation. */
export const repeatedMessages = (runs: ReadonlyMap<string, RunStory>): number =>
  [...runs.values()].filter(({ messages }) => messages.length > 1).length;
