import fc from 'fast-check';
import t from 'tap';
import type { RunState, RunStore } from '../../src/core/run.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { connectRedis } from '../../src/store/redis-client.ts';
import { aRun, aRunWithPipeline } from '../contracts/a-run.ts';
import { startRedis } from '../support/redis.ts';

/** One call, and what it answers on a given store. */
interface Call {
  readonly words: string;
  readonly on: (store: RunStore) => Promise<unknown>;
}

const call = (name: string, args: readonly unknown[], on: Call['on']): Call => ({
  words: `${name} ${JSON.stringify(args)}`,
  on,
});

const states: readonly RunState[] = [
  ...(['queued', 'waiting', 'starting', 'running', 'succeeded'] as const),
  ...(['failed', 'canceled', 'expired', 'uncertain'] as const),
];
const start = Date.now();
const few = (prefix: string) => fc.constantFrom('1', '2', '3').map((n) => `${prefix}${n}`);
const small = fc.integer({ min: 0, max: 4 });

const run = fc
  .record({
    id: few('r'),
    version: small,
    state: fc.constantFrom(...states),
    account: few('slack:T1/U'),
    channel: few('slack:T1/C'),
    created: small,
    dueAt: fc.option(small, { nil: null }),
    // Far from the edge of the 30 days, whatever time the test takes.
    age: fc.constantFrom(0, 20, 40),
    told: fc
      .integer({ min: 0, max: 1 })
      .map((failures) => ({ digest: '', failures, finalFailures: failures })),
    pipeline: fc.option(fc.tuple(fc.constantFrom('ops/ansible', '7', '7:7'), small), { nil: null }),
    text: fc.string({ unit: 'grapheme' }),
  })
  .map(({ account, channel, created, age, pipeline, text, ...rest }) => {
    const change = {
      ...rest,
      caller: { account, name: text, person: 'gitlab:ana' },
      channel: { id: channel, name: text },
      createdAt: start + created,
      changedAt: start - age * 24 * 60 * 60 * 1000,
      startBy: 1,
      waitUntil: 2,
    };
    return pipeline === null ? aRun(change) : aRunWithPipeline(...pipeline, change);
  });

const alike = fc.record({
  key: few('k'),
  seen: fc.oneof(few('r'), fc.constantFrom('none' as const, 'any' as const)),
});

const filter = fc.record(
  {
    state: fc.constantFrom('active' as const, 'failed' as const, 'undelivered' as const),
    account: few('slack:T1/U'),
    channel: few('slack:T1/C'),
    limit: small,
  },
  { requiredKeys: ['limit'] },
);

const calls: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: run.map((run) => call('create', [run], (store) => store.create(run))) },
  {
    weight: 4,
    arbitrary: fc.tuple(run, alike).map((args) => call('create', args, (store) => store.create(...args))),
  },
  {
    weight: 4,
    arbitrary: run.map((run) =>
      call('save', [run], async (store) => store.save({ ...run, generation: (await store.generation()).id })),
    ),
  },
  {
    weight: 4,
    arbitrary: run.map((next) =>
      call('load and save', [next], async (store) => {
        const stored = await store.load(next.id);
        return stored && store.save({ ...next, version: stored.version, generation: stored.generation });
      }),
    ),
  },
  few('r').map((id) => call('forbid', [id], (store) => store.forbid(id))),
  fc.constant(call('undelivered', [], (store) => store.undelivered())),
  few('r').map((id) => call('load', [id], (store) => store.load(id))),
  fc.tuple(small, small).map((args) => call('due', args, (store) => store.due(...args))),
  filter.map((filter) => call('list', [filter], (store) => store.list(filter))),
  fc
    .tuple(fc.constantFrom('ops/ansible', '7', '7:7'), small)
    .map((args) => call('byPipeline', args, (store) => store.byPipeline(...args))),
  few('d').map((key) => call('firstTime', [key], (store) => store.firstTime(key, 3_600_000))),
  fc
    .tuple(few('a'), small)
    .map(([key, count]) => call('allow', [key, count], (store) => store.allow(key, count, 3_600_000))),
);

const answers = async (store: RunStore, sequence: readonly Call[]) => {
  const seen: unknown[] = [];
  for (const { words, on } of sequence) seen.push([words, await on(store)]);
  return seen;
};

/** Answers as text; which life a store lives is its own. */
const words = (answered: unknown): string =>
  JSON.stringify(answered, (name, value: unknown) => (name === 'generation' ? '' : value));

t.test('whatever is called, memory and Redis answer alike', async (t) => {
  const redis = await startRedis(t);
  const connections = connectRedis(redis.url, () => undefined);
  t.teardown(() => connections.close());
  const stored = createRedisStore({ ...connections, doubt: (run) => run, began: () => undefined });
  await stored.ping();
  const property = fc.asyncProperty(fc.array(calls, { maxLength: 40 }), async (sequence) => {
    await stored.generation();
    await connections.client.flushall();
    // What the store knew of Redis' life is refused once, and asked again.
    await stored.create(aRun()).catch(() => undefined);
    const inMemory = await answers(createMemoryStore({ now: Date.now }), sequence);
    const inRedis = await answers(stored, sequence);
    return words(inMemory) === words(inRedis);
  });
  await t.resolves(fc.assert(property, { numRuns: 500 }));
});
