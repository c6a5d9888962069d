import { isFinal, type Run } from '../../src/core/run.ts';
import type { Pipeline } from './gitlab.ts';
import { runIdOf } from './instance.ts';
import type { Answer } from './simulate.ts';
import type { World } from './world.ts';

/** All that is known at the end. */
export interface Ledger {
  readonly world: World;
  readonly answers: readonly Answer[];
  /** Nothing is due any more. */
  readonly isQuiet: boolean;
}

/** A promise that was broken. */
export interface Violation {
  readonly broken:
    | 'two pipelines'
    | 'accepted and lost'
    | 'not accepted and done'
    | 'not on record'
    | 'succeeded without'
    | 'not started and there'
    | 'never quiet';
  readonly words: string;
}

/** What the store wrote as JSON. */
const storedRuns = ({ server }: World): readonly Run[] =>
  server.runs().map((text) => JSON.parse(text) as Run);

const pipelinesOf = ({ gitlab }: World, runId: string): readonly Pipeline[] =>
  gitlab.pipelines().filter((pipeline) => pipeline.runId === runId);

const twice = ({ world }: Ledger): readonly Violation[] =>
  [...new Set(world.gitlab.pipelines().map(({ runId }) => runId))]
    .map((runId) => pipelinesOf(world, runId))
    .filter((found) => found.length > 1)
    .map((found) => ({
      broken: 'two pipelines',
      words: found.map(({ runId, id }) => `${runId} has ${id}`).join(', '),
    }));

const lost = ({ world, answers }: Ledger): readonly Violation[] => {
  const runs = storedRuns(world);
  return answers
    .filter(({ said }) => said === 'accepted')
    .filter(({ delivery }) => {
      const stored = runs.find(({ id }) => id === runIdOf(delivery));
      const told = world.chat.messages().some((message) => message.delivery === delivery && message.final);
      return !told && (stored === undefined || !isFinal(stored.state));
    })
    .map(({ delivery }) => ({ broken: 'accepted and lost', words: delivery }));
};

/** Answers after which nothing may be done, unless the same delivery came again and got another one. */
const saysNothingWasDone = ({ said }: Answer): boolean =>
  said !== 'accepted' && said !== 'accept.unknown' && said !== 'nothing' && said !== 'replayed';

const done = ({ world, answers }: Ledger): readonly Violation[] =>
  [...new Set(answers.map(({ delivery }) => delivery))]
    .filter((delivery) => answers.filter((one) => one.delivery === delivery).every(saysNothingWasDone))
    .filter((delivery) => pipelinesOf(world, runIdOf(delivery)).length > 0)
    .map((delivery) => ({ broken: 'not accepted and done', words: delivery }));

const isOnRecord = (world: World, { runId, createdAt }: Pipeline): boolean => {
  const before = world.disks
    .flatMap(({ lines }) => lines)
    .filter(({ durableAt }) => durableAt <= createdAt)
    .map(({ line }) => line);
  const allowed = before.some((line) => line.kind === 'decision' && line.run === runId && line.allowed);
  return allowed && before.some((line) => line.kind === 'intent' && line.run === runId);
};

const unrecorded = ({ world }: Ledger): readonly Violation[] =>
  world.gitlab
    .pipelines()
    .filter((pipeline) => !isOnRecord(world, pipeline))
    .map(({ runId }) => ({ broken: 'not on record', words: runId }));

/** Whether chat says of it that nothing was started. */
const saysNotStarted = ({ state, pipeline, outcome }: Run): boolean =>
  (state === 'expired' && pipeline === null) ||
  /nothing was started|before it was started/i.test(outcome?.because ?? '');

const falseEnds = ({ world }: Ledger): readonly Violation[] =>
  storedRuns(world).flatMap((run): Violation[] => {
    const { id, state } = run;
    const count = pipelinesOf(world, id).length;
    if (state === 'succeeded' && count !== 1)
      return [{ broken: 'succeeded without', words: `${id} has ${count}` }];
    const isFalse = isFinal(state) && saysNotStarted(run) && count > 0;
    return isFalse
      ? [{ broken: 'not started and there', words: `${id} is ${state}: ${run.outcome?.because}` }]
      : [];
  });

const restless = ({ isQuiet, world }: Ledger): readonly Violation[] => {
  if (isQuiet) return [];
  const left = storedRuns(world).filter(({ dueAt }) => dueAt !== null);
  return [{ broken: 'never quiet', words: left.map(({ id, state }) => `${id} ${state}`).join(', ') }];
};

/** Every promise that was broken. */
export const violations = (ledger: Ledger): readonly Violation[] => [
  ...twice(ledger),
  ...lost(ledger),
  ...done(ledger),
  ...unrecorded(ledger),
  ...falseEnds(ledger),
  ...restless(ledger),
];
