import fc from 'fast-check';
import t from 'tap';
import { type Plan, plansOf } from './plan.ts';
import { type Rules, usualRules } from './rules.ts';
import { simulate } from './simulate.ts';

// What is known not to hold yet when clocks differ, or when one delivery comes twice, is left to `long.ts`.
const plans = plansOf({ skewMs: 0, comesAgain: false });

const brokenBy = async (plan: Plan, rules: Rules = usualRules): Promise<readonly string[]> =>
  (await simulate(plan, rules)).violations.map(({ broken, words }) => `${broken}: ${words}`);

const keepsEveryPromise = async (plan: Plan): Promise<void> => {
  const broken = await brokenBy(plan);
  if (broken.length > 0) throw new Error(broken.join('\n'));
};

/** How many histories it takes until GitLab holds two pipelines of one run; undefined when none of so many does. */
const blindFor = async (
  histories: fc.Arbitrary<Plan>,
  rules: Rules,
  atMost: number,
): Promise<number | undefined> => {
  const seen = fc.asyncProperty(histories, async (plan) => {
    const broken = await brokenBy(plan, rules);
    return !broken.some((words) => words.startsWith('two pipelines'));
  });
  const shown = await fc.check(seen, { numRuns: atMost, endOnFailure: true });
  return shown.failed ? shown.numRuns : undefined;
};

/** An instance is paused between saving its first intent and its last look at the clock, until others have sent again. */
const pausedWithIntent = plans.map((plan): Plan => {
  const [typed] = plan.deliveries;
  const pause = { do: 'pause', who: 'here', ms: 200_000, timersFirst: false } as const;
  return {
    ...plan,
    deliveries: typed === undefined ? [] : [{ ...typed, patient: true, cancelAfterMs: null }],
    faults: [{ when: { point: 'redis.save', nth: 1, phase: 'done' }, action: pause }],
  };
});

/** Redis goes back to before the intent while GitLab makes the pipeline. */
const forgottenIntent = fc.tuple(plans, fc.integer({ min: 1, max: 4 })).map(
  ([plan, lost]): Plan => ({
    ...plan,
    faults: [
      {
        when: { point: 'gitlab.start', nth: 0, phase: 'done' },
        action: { do: 'redis restarts', lost, downMs: 100 },
      },
    ],
  }),
);

const { times } = usualRules;
const noServerLife: Rules = { ...usualRules, times: { ...times, start: { ...times.start, serverLife: 0 } } };
const believing: Rules = { ...usualRules, doubt: (run) => run };
const standingClock: Rules = {
  ...usualRules,
  clockGoesOn: false,
  receivedWithin: Number.POSITIVE_INFINITY,
};

t.test('the simulation sees two pipelines as soon as one rule is switched off', async (t) => {
  const cases: readonly (readonly [string, fc.Arbitrary<Plan>, Rules, number])[] = [
    ['GitLab is taken to drop at once what the client gave up', plans, noServerLife, 500],
    ['a store that lost its last writes is believed', forgottenIntent, believing, 300],
    ['a clock that stands still while its process is paused', pausedWithIntent, standingClock, 100],
  ];
  for (const [name, histories, rules, atMost] of cases) {
    const after = await blindFor(histories, rules, atMost);
    t.ok(after !== undefined, `${name}: seen after ${after} histories`);
  }
});

t.test('the very same pause and loss with every rule on', async () => {
  for (const histories of [pausedWithIntent, forgottenIntent]) {
    await fc.assert(fc.asyncProperty(histories, keepsEveryPromise), { numRuns: 50 });
  }
});

t.test('the same plan takes the same course', async (t) => {
  const [plan] = fc.sample(plans, 1);
  if (plan === undefined) throw new Error('no plan was drawn');
  const course = async (): Promise<readonly string[]> => {
    const words: string[] = [];
    await simulate(plan, usualRules, (line) => void words.push(line));
    return words;
  };
  t.same(await course(), await course());
});

/** An instance that just came back restores for one life of Redis while the next one, empty, begins. */
const emptiedWhileRestoring: Plan = {
  seed: 0,
  skews: [0, 0],
  deliveries: [{ at: 0, to: 0, service: 'web', patient: true, meant: false, again: [], cancelAfterMs: null }],
  faults: [
    { when: { at: 2125 }, action: { do: 'crash', who: 0, downMs: 0 } },
    {
      when: { point: 'audit.store', nth: 2, phase: 'asked' },
      action: { do: 'redis restarts', lost: 'everything', downMs: 0 },
    },
  ],
  shares: { redisAnswerLost: 0, startOddly: 0, wakeLost: 0, chatFails: 0, gitlabReadFails: 0 },
  replaysRefused: false,
};

t.test('a history that broke a promise once: Redis emptied again while it is restored', async (t) => {
  t.same(await brokenBy(emptiedWhileRestoring), []);
});

t.test('whatever dies, pauses, forgets or answers late, every promise is kept', async () => {
  await fc.assert(fc.asyncProperty(plans, keepsEveryPromise), { numRuns: 500 });
});
