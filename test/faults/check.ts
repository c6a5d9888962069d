import { checkPipelines } from './check-pipelines.ts';
import { checkTold } from './check-told.ts';
import type { Ledgers, Said } from './ledgers.ts';
import { type CommandStory, type RunStory, tellStories } from './story.ts';
import { type Violation, violation } from './violation.ts';

const wasSaid = ({ attempts }: CommandStory, ...said: readonly Said[]): boolean =>
  attempts.some((attempt) => said.includes(attempt.said));

/** Every answer is one of these: nothing else may have happened. */
const onlySaid = ({ attempts }: CommandStory, ...said: readonly Said[]): boolean =>
  attempts.every((attempt) => said.includes(attempt.said));

const isKnown = (run: RunStory): boolean => run.stored !== undefined || run.ends.length > 0;

const isSomething = (run: RunStory): boolean => isKnown(run) || run.pipelines.length > 0;

/** Nobody who was told that it is accepted is left without a run. */
const checkAccepted = (command: CommandStory): readonly Violation[] => {
  if (!wasSaid(command, 'accepted', 'done')) return [];
  if (command.runs.some(isKnown)) return [];
  return [
    violation('lost', command.tag, 'it was accepted, and neither store nor audit tell what became of it'),
  ];
};

/** What may not be, did not come to be. */
const checkForbidden = (command: CommandStory): readonly Violation[] => {
  const { kind, tag } = command;
  if (kind !== 'denied' && kind !== 'forged') return [];
  const something = command.runs.filter(isSomething);
  const told = wasSaid(command, 'accepted', 'done') ? ['it was answered as accepted'] : [];
  const words = [...something.map(({ id }) => `run ${id} came of it`), ...told];
  return words.map((each) => violation('unauthorised', tag, `${kind}: ${each}`));
};

/** "Nothing was done" is said only when nothing was done. */
const checkNotAccepted = (command: CommandStory): readonly Violation[] => {
  if (!wasSaid(command, 'not accepted') || !onlySaid(command, 'not accepted', 'not sent', 'replayed'))
    return [];
  return command.runs
    .filter(isSomething)
    .map(({ id }) =>
      violation('false word', command.tag, `told that nothing was done, but there is run ${id}`),
    );
};

const checkOneRun = ({ tag, runs }: CommandStory): readonly Violation[] => {
  const ids = runs.filter(isSomething).map(({ id }) => id);
  return ids.length < 2 ? [] : [violation('duplicate', tag, `one command became the runs ${ids.join(', ')}`)];
};

const checkReadable = ({ tag, attempts }: CommandStory): readonly Violation[] =>
  attempts
    .filter(({ said }) => said === 'not understood')
    .map(({ words }) =>
      violation('unreadable', tag, `an answer says neither yes nor no: ${words.slice(0, 200)}`),
    );

const checkRun = (run: RunStory): readonly Violation[] => {
  const { id, stored, tags, ends, pipelines } = run;
  const broken: Violation[] = [];
  if (stored !== undefined && !ends.includes(stored.state))
    broken.push(violation('unfinished', id, `it is still ${stored.state}`));
  if (pipelines.length > 0 && !isKnown(run))
    broken.push(violation('lost', id, 'it has a pipeline, and neither store nor audit tell how it ended'));
  if (ends.length > 1) broken.push(violation('two ends', id, `it ended as ${ends.join(' and as ')}`));
  if (tags.length > 1) broken.push(violation('other input', id, `it is tied to ${tags.join(' and ')}`));
  return broken;
};

/** Every promise that these ledgers show broken. */
export const check = (ledgers: Ledgers): readonly Violation[] => {
  const { commands, runs } = tellStories(ledgers);
  const perCommand = [checkAccepted, checkForbidden, checkNotAccepted, checkOneRun, checkReadable];
  return [
    ...commands.flatMap((command) => perCommand.flatMap((each) => each(command))),
    ...[...runs.values()].flatMap(checkRun),
    ...checkPipelines(ledgers, runs),
    ...checkTold(commands, runs),
    ...ledgers.brokenChains.map((words) => violation('chain', 'audit', words)),
  ];
};
