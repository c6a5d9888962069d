import fc from 'fast-check';
import t from 'tap';
import type { PipelineRef } from '../../src/core/pipelines.ts';
import type { Intent } from '../../src/core/run.ts';
import {
  absenceCountsFrom,
  decideStart,
  type StartFacts,
  type StartStep,
  usualStartTimes,
} from '../../src/core/starting.ts';

const times = usualStartTimes;
const pipeline = (id: number): PipelineRef => ({
  project: 'ops/ansible',
  id,
  webUrl: `https://gitlab.example/ops/ansible/-/pipelines/${id}`,
  status: 'created',
  createdAt: 0,
});
const intent: Intent = { attempt: 1, sendUntil: 30_000 };
const quarantined = absenceCountsFrom(intent, times);
const facts = (given: Partial<StartFacts>): StartFacts => ({
  intent: null,
  listed: 'not asked',
  now: 0,
  startBy: 120_000,
  canceled: false,
  ...given,
});

t.test('the next step of a start', async (t) => {
  const cases: readonly (readonly [string, Partial<StartFacts>, object])[] = [
    ['nothing was tried: send', {}, { do: 'send', intent: { attempt: 1, sendUntil: 30_000 } }],
    ['nothing was tried and it is too late: expire', { now: 120_001 }, { do: 'give up', state: 'expired' }],
    ['nothing was tried and it was canceled', { canceled: true }, { do: 'give up', state: 'canceled' }],
    ['an intent without an outcome: ask, never send', { intent, now: 1 }, { do: 'ask' }],
    ['an intent without an outcome, long after: still ask first', { intent, now: 9e9 }, { do: 'ask' }],
    [
      'the pipeline is listed: adopt',
      { intent, listed: [pipeline(7)], now: 1 },
      { do: 'adopt', surplus: [] },
    ],
    [
      'two are listed: the older is ours',
      { intent, listed: [pipeline(9), pipeline(7)], now: 1 },
      { do: 'adopt', pipeline: { id: 7 }, surplus: [{ id: 9 }] },
    ],
    [
      'listed although canceled: adopt, to be canceled there',
      { intent, listed: [pipeline(7)], canceled: true },
      { do: 'adopt' },
    ],
    [
      'not listed yet, within the quarantine: wait',
      { intent, listed: [], now: 1000 },
      { do: 'wait', until: 6000 },
    ],
    [
      'not listed for the first time after it: look once more',
      { intent, listed: [], now: quarantined },
      { do: 'wait', until: quarantined + 5000 },
    ],
    [
      'not listed twice after it, in time: send again',
      {
        intent: { ...intent, firstAbsentAt: quarantined },
        listed: [],
        now: quarantined + 5000,
        startBy: 9e9,
      },
      { do: 'send', intent: { attempt: 2 } },
    ],
    [
      'not listed twice after it, too late: expire',
      { intent: { ...intent, firstAbsentAt: quarantined }, listed: [], now: quarantined + 5000 },
      { do: 'give up', state: 'expired' },
    ],
    [
      'lost three times: a person must look',
      {
        intent: { ...intent, attempt: 3, firstAbsentAt: quarantined },
        listed: [],
        now: quarantined + 5000,
        startBy: 9e9,
      },
      { do: 'give up', state: 'uncertain' },
    ],
    [
      'provably not sent: send again, not counted',
      { intent: { ...intent, ended: 'not-sent' } },
      { do: 'send', intent: { attempt: 1 } },
    ],
    [
      'refused for now: wait as told',
      { intent: { ...intent, ended: 'refused', notBefore: 60_000 } },
      { do: 'wait', until: 60_000 },
    ],
    [
      'refused until after the deadline: wait for the deadline only',
      { intent: { ...intent, ended: 'refused', notBefore: 900_000 } },
      { do: 'wait', until: 120_001 },
    ],
  ];
  for (const [name, given, expected] of cases) {
    t.match(decideStart(facts(given), times), expected, name);
  }
});

t.test('a POST is never decided on while an earlier one may still come true', async () => {
  const listed = fc.constantFrom<StartFacts['listed']>('not asked', []);
  fc.assert(
    fc.property(
      fc.nat(400_000),
      fc.nat(400_000),
      fc.option(fc.nat(400_000)),
      listed,
      fc.boolean(),
      (sendUntil, now, absent, seen, canceled) => {
        const earlier: Intent = {
          attempt: 1,
          sendUntil,
          ...(absent === null ? {} : { firstAbsentAt: absent }),
        };
        const step = decideStart(
          facts({ intent: earlier, listed: seen, now, canceled, startBy: 9e9 }),
          times,
        );
        const safe = seen !== 'not asked' && now >= absenceCountsFrom(earlier, times);
        return step.do !== 'send' || safe;
      },
    ),
  );
});

/** A GitLab that loses answers and commits late, driven by the decisions alone. */
const world = (
  faults: readonly ('ok' | 'lost answer' | 'never arrived' | 'late')[],
  crashes: readonly boolean[],
) => {
  const created: { id: number; visibleAt: number }[] = [];
  let current: Intent | null = null;
  let now = 0;
  let posts = 0;
  for (let look = 0; look < 400; look++) {
    const seen = created.filter(({ visibleAt }) => visibleAt <= now).map(({ id }) => pipeline(id));
    const plain = decideStart(facts({ intent: current, now, startBy: 2_000_000 }), times);
    const step: StartStep =
      plain.do === 'ask'
        ? decideStart(facts({ intent: current, listed: seen, now, startBy: 2_000_000 }), times)
        : plain;
    if (step.do === 'adopt' || step.do === 'give up') return { created, ended: step };
    if (step.do === 'wait') {
      current = step.intent;
      now = Math.max(now + 1, step.until);
    }
    if (step.do !== 'send') continue;
    current = step.intent;
    const fault = faults[posts] ?? 'ok';
    // A process may stop between saving the intent and the POST: then nothing is ever sent for it.
    const sent = crashes[posts] !== true;
    posts++;
    const delay = fault === 'late' ? times.serverLife : 0;
    if (sent && fault !== 'never arrived')
      created.push({ id: posts, visibleAt: now + delay + times.listLag });
    now += times.answerWithin;
  }
  return { created, ended: undefined };
};

t.test(
  'whatever answers are lost and wherever it crashes, a run has at most one pipeline and an end',
  async () => {
    const fault = fc.constantFrom('ok', 'lost answer', 'never arrived', 'late') as fc.Arbitrary<
      'ok' | 'lost answer' | 'never arrived' | 'late'
    >;
    fc.assert(
      fc.property(
        fc.array(fault, { maxLength: 4 }),
        fc.array(fc.boolean(), { maxLength: 4 }),
        (faults, crashes) => {
          const { created, ended } = world(faults, crashes);
          return created.length <= 1 && ended !== undefined && (created.length === 0 || ended.do === 'adopt');
        },
      ),
      { numRuns: 2000 },
    );
  },
);
