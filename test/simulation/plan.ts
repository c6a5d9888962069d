import fc from 'fast-check';

/** What goes wrong. `who` is the number of an instance, or the one at hand when something in particular happens. */
export type Action =
  | { readonly do: 'crash'; readonly who: number | 'here'; readonly downMs: number }
  | {
      readonly do: 'pause';
      readonly who: number | 'here';
      readonly ms: number;
      readonly timersFirst: boolean;
    }
  /** Redis ends and comes back without so many of its last writes. */
  | { readonly do: 'redis restarts'; readonly lost: number | 'everything'; readonly downMs: number }
  | { readonly do: 'redis is emptied' }
  | { readonly do: 'redis hangs'; readonly ms: number }
  | { readonly do: 'redis is away'; readonly ms: number }
  | { readonly do: 'gitlab is away'; readonly ms: number }
  | { readonly do: 'chat is away'; readonly ms: number }
  | { readonly do: 'disk is full'; readonly who: number | 'here'; readonly ms: number };

/** When: at a moment, or when something is about to be asked (`asked`) or was done and nobody knows yet (`done`). */
export type When =
  | { readonly at: number }
  | { readonly point: string; readonly nth: number; readonly phase: 'asked' | 'done' };

export interface Fault {
  readonly when: When;
  readonly action: Action;
}

/** A command that is typed once, and comes again as often. Milliseconds from the beginning, `again` from the first time. */
export interface Delivery {
  readonly at: number;
  readonly to: number;
  readonly service: string;
  /** May be started for so long that a lost start can be repeated. */
  readonly patient: boolean;
  readonly meant: boolean;
  readonly again: readonly { readonly afterMs: number; readonly to: number }[];
  readonly cancelAfterMs: number | null;
}

/** How often, of all times, it goes wrong by itself. */
export interface Shares {
  readonly redisAnswerLost: number;
  readonly startOddly: number;
  readonly wakeLost: number;
  readonly chatFails: number;
  readonly gitlabReadFails: number;
}

/** One whole history of what goes wrong; the same plan gives the same course. */
export interface Plan {
  readonly seed: number;
  /** How far the clock of each instance is ahead, in milliseconds. */
  readonly skews: readonly number[];
  readonly deliveries: readonly Delivery[];
  readonly faults: readonly Fault[];
  readonly shares: Shares;
  /** A request that comes again is refused as a replay, as long as Redis remembers the first one. */
  readonly replaysRefused: boolean;
}

/** Clocks differ by less than this. */
export const skewMost = 1500;

/** Nothing goes wrong any more after this. */
export const calmAfterMs = 400_000;

const points: readonly (readonly [string, number])[] = [
  ['audit.decision', 4],
  ['audit.intent', 4],
  ['redis.create', 4],
  ['redis.save', 40],
  ['redis.load', 40],
  ['redis.forbid', 3],
  ['redis.first', 4],
  ['redis.generation', 12],
  ['gitlab.order', 4],
  ['gitlab.start', 4],
  ['gitlab.find', 30],
  ['gitlab.look', 12],
  ['queue.wake', 12],
  ['chat.send', 12],
];

const spans = (most: number): fc.Arbitrary<number> =>
  fc.oneof(fc.nat(300), fc.nat(Math.min(most, 5000)), fc.nat(most));

const who = fc.oneof({ weight: 3, arbitrary: fc.constant('here' as const) }, fc.nat(2));

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('crash' as const), who, downMs: spans(60_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      who,
      ms: spans(200_000),
      timersFirst: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('redis restarts' as const),
      lost: fc.oneof(fc.nat(12), fc.constant('everything' as const)),
      downMs: spans(30_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redis is emptied' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redis hangs' as const), ms: spans(20_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redis is away' as const), ms: spans(30_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gitlab is away' as const), ms: spans(200_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('chat is away' as const), ms: spans(60_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disk is full' as const), who, ms: spans(60_000) }) },
);

const atPoint: fc.Arbitrary<When> = fc.constantFrom(...points).chain(([point, most]) =>
  fc.record({
    point: fc.constant(point),
    nth: fc.nat(most),
    phase: fc.constantFrom('asked' as const, 'done' as const),
  }),
);

const when: fc.Arbitrary<When> = fc.oneof(
  { weight: 3, arbitrary: atPoint },
  { weight: 1, arbitrary: fc.record({ at: spans(240_000) }) },
);

const again = fc.array(fc.record({ afterMs: spans(280_000), to: fc.nat(2) }), { maxLength: 2 });

const delivery = (comesAgain: boolean): fc.Arbitrary<Delivery> =>
  fc.record({
    at: fc.oneof(fc.nat(3000), fc.nat(60_000)),
    to: fc.nat(2),
    service: fc.constantFrom('web', 'api', 'db'),
    patient: fc.boolean(),
    meant: fc.boolean(),
    again: comesAgain ? again : fc.constant([]),
    cancelAfterMs: fc.option(spans(100_000), { freq: 6 }),
  });

const share = fc.constantFrom(0, 0, 0.02, 0.1);

/** How wild a history may be. */
export interface Wildness {
  /** Clocks may be ahead or behind by this much. Milliseconds. */
  readonly skewMs: number;
  /** The same delivery may come more than once. */
  readonly comesAgain: boolean;
}

/** Histories. */
export const plansOf = ({ skewMs, comesAgain }: Wildness): fc.Arbitrary<Plan> =>
  fc.record({
    seed: fc.nat(),
    skews: fc.array(fc.integer({ min: -skewMs, max: skewMs }), { minLength: 2, maxLength: 3 }),
    deliveries: fc.array(delivery(comesAgain), { minLength: 1, maxLength: 3 }),
    faults: fc.array(fc.record({ when, action }), { maxLength: 6 }),
    shares: fc.record({
      redisAnswerLost: share,
      startOddly: fc.constantFrom(0, 0.3, 0.7),
      wakeLost: share,
      chatFails: share,
      gitlabReadFails: share,
    }),
    replaysRefused: fc.boolean(),
  });
