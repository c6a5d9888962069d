import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Run, RunState, RunStore } from '../../src/core/run.ts';
import { aRun, aRunWithPipeline } from './a-run.ts';

/** Makes an empty store; what it needs is gone when the test is over. */
export type OpenStore = (t: Test) => Promise<RunStore>;

const ids = (runs: readonly Run[]): readonly string[] => runs.map((run) => run.id);
/** Saves a run as if it had been loaded in the store's present life. */
const saveIn = async (store: RunStore, run: Run): Promise<Run | 'conflict'> =>
  store.save({ ...run, generation: (await store.generation()).id });

const day = 24 * 60 * 60 * 1000;

const writes: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'a run that is not there cannot be loaded': async (t, store) => {
    t.equal(await store.load('r1'), undefined);
  },
  'a run that is not there cannot be saved over': async (t, store) => {
    t.equal(await saveIn(store, aRun({ version: 0 })), 'conflict');
    t.equal(await store.load('r1'), undefined);
  },
  'a taken id is not overwritten': async (t, store) => {
    await store.create(aRun());
    t.equal(await store.create(aRun({ line: '/chatops other' })), 'exists');
    t.equal((await store.load('r1'))?.line, '/chatops lb weight web 10');
  },
  'an old version is not saved': async (t, store) => {
    await store.create(aRun());
    const first = (await store.load('r1')) ?? t.fail('the run is gone');
    await store.save({ ...(first as Run), state: 'starting' });
    t.equal(await store.save({ ...(first as Run), state: 'canceled' }), 'conflict');
    t.match(await store.load('r1'), { state: 'starting', version: 2 });
  },
  'of many savers at once exactly one wins': async (t, store) => {
    await store.create(aRun());
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, n) => saveIn(store, aRun({ version: 1, line: `saver ${n}` }))),
    );
    const winners = saved.filter((one) => one !== 'conflict');
    t.equal(winners.length, 1);
    t.same(await store.load('r1'), winners[0]);
  },
  'of many creators at once exactly one wins': async (t, store) => {
    const made = await Promise.all(Array.from({ length: 20 }, () => store.create(aRun())));
    t.equal(made.filter((one) => one === 'created').length, 1);
  },
  'a created run has version 1 and is otherwise what was given': async (t, store) => {
    const run = aRunWithPipeline('ops/ansible', 7, { outcome: { text: 'ü "quoted"\n\u0000 {chatops}' } });
    t.equal(await store.create(run), 'created');
    t.same(await store.load('r1'), { ...run, version: 1, generation: (await store.generation()).id });
  },
  'a save counts the version up and answers what is stored': async (t, store) => {
    await store.create(aRun());
    const saved = await saveIn(store, aRun({ version: 1, state: 'running' }));
    t.match(saved, { version: 2, state: 'running' });
    t.same(await store.load('r1'), saved);
  },
  'a run that was saved in another life of the store is not saved over': async (t, store) => {
    await store.create(aRun());
    t.equal(await store.save(aRun({ version: 1, generation: 'another life' })), 'conflict');
    t.match(await store.load('r1'), { version: 1 });
  },
  'a run that was made in another life of the store is not stored': async (t, store) => {
    await t.rejects(store.create(aRun({ generation: 'another life' })), { code: 'store.unavailable' });
    t.equal(await store.load('r1'), undefined);
    const { id } = await store.generation();
    t.equal(await store.create(aRun({ generation: id })), 'created', 'one of this life is');
  },
  'a run that is there cannot be forbidden': async (t, store) => {
    await store.create(aRun());
    t.equal(await store.forbid('r1'), 'exists');
    t.match(await saveIn(store, aRun({ version: 1 })), { version: 2 });
  },
  'a forbidden run is not made, however late': async (t, store) => {
    t.equal(await store.forbid('r1'), 'forbidden');
    t.equal(await store.forbid('r1'), 'forbidden', 'it can be said twice');
    t.equal(await store.create(aRun()), 'forbidden');
    t.equal(await store.load('r1'), undefined);
    t.equal(await store.create(aRun({ id: 'r2' })), 'created', 'others are');
  },
  'of creating and forbidding at once exactly one wins': async (t, store) => {
    const [created, forbidden] = await Promise.all([store.create(aRun()), store.forbid('r1')]);
    t.equal(created === 'created', forbidden === 'exists');
  },
  'what was loaded can be changed without changing the store': async (t, store) => {
    const run = { ...aRun(), input: { weight: 10 } };
    await store.create(run);
    run.input.weight = 99;
    t.equal((await store.load('r1'))?.input.weight, 10);
  },
};

const lists: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'only runs that are due are due, the most overdue first': async (t, store) => {
    await store.create(aRun({ id: 'late', dueAt: 100 }));
    await store.create(aRun({ id: 'never', dueAt: null }));
    await store.create(aRun({ id: 'later', dueAt: 50 }));
    await store.create(aRun({ id: 'not-yet', dueAt: 201 }));
    await store.create(aRun({ id: 'now', dueAt: 200 }));
    t.same(await store.due(200, 10), ['later', 'late', 'now']);
    t.same(await store.due(200, 2), ['later', 'late']);
    t.same(await store.due(200, 0), []);
  },
  'a run saved without dueAt is no longer due': async (t, store) => {
    await store.create(aRun({ dueAt: 100 }));
    await saveIn(store, aRun({ version: 1, dueAt: null }));
    t.same(await store.due(1000, 10), []);
  },
  'an account that has no run has an empty list': async (t, store) => {
    await store.create(aRun());
    t.same(await store.list({ account: 'slack:T1/U9', limit: 10 }), []);
    t.same(await store.list({ limit: 0 }), []);
  },
  'runs are listed newest first, up to the limit': async (t, store) => {
    for (const n of [2, 5, 1, 4, 3]) await store.create(aRun({ id: `r${n}`, createdAt: n }));
    t.same(ids(await store.list({ limit: 3 })), ['r5', 'r4', 'r3']);
    t.same(ids(await store.list({ limit: 100 })), ['r5', 'r4', 'r3', 'r2', 'r1']);
  },
  'a run leaves the active list when it is over, and is listed as failed when it ended badly': async (
    t,
    store,
  ) => {
    const ends: readonly RunState[] = ['succeeded', 'failed', 'canceled', 'expired', 'uncertain'];
    for (const [n, state] of ends.entries()) {
      await store.create(aRun({ id: state, createdAt: n }));
      await saveIn(store, aRun({ id: state, createdAt: n, version: 1, state }));
    }
    await store.create(aRun({ id: 'going', state: 'running' }));
    t.same(ids(await store.list({ state: 'active', limit: 9 })), ['going']);
    t.same(ids(await store.list({ state: 'failed', limit: 9 })), ['uncertain', 'expired', 'failed']);
  },
  'filters are joined by and': async (t, store) => {
    const caller = (account: string) => ({ account, name: 'x', person: undefined });
    const channel = (id: string) => ({ id, name: 'x' });
    for (const [n, account] of ['a', 'b', 'a', 'b'].entries()) {
      const where = channel(n < 2 ? 'c' : 'd');
      await store.create(aRun({ id: `r${n}`, createdAt: n, caller: caller(account), channel: where }));
    }
    await saveIn(
      store,
      aRun({
        id: 'r0',
        createdAt: 0,
        version: 1,
        caller: caller('a'),
        channel: channel('c'),
        state: 'failed',
      }),
    );
    t.same(ids(await store.list({ account: 'a', limit: 9 })), ['r2', 'r0']);
    t.same(ids(await store.list({ account: 'a', channel: 'd', limit: 9 })), ['r2']);
    t.same(ids(await store.list({ account: 'a', state: 'active', limit: 9 })), ['r2']);
    t.same(ids(await store.list({ account: 'a', channel: 'c', state: 'failed', limit: 9 })), ['r0']);
    t.same(ids(await store.list({ account: 'b', channel: 'c', state: 'failed', limit: 9 })), []);
  },
  'many runs are listed right (more than one page of an index)': async (t, store) => {
    const names = Array.from({ length: 450 }, (_, n) => n);
    await Promise.all(
      names.map((n) =>
        store.create(aRun({ id: `r${n}`, createdAt: n, state: n % 9 ? 'running' : 'failed' })),
      ),
    );
    const going = names.filter((n) => n % 9 !== 0).map((n) => `r${n}`);
    const found = await store.list({ state: 'active', channel: 'slack:T1/C3', limit: 390 });
    t.same(ids(found), going.reverse().slice(0, 390));
  },
};

const pipelines: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'a pipeline that nobody follows has no run': async (t, store) => {
    await store.create(aRunWithPipeline('ops/ansible', 7));
    t.equal(await store.byPipeline('ops/ansible', 8), undefined);
    t.equal(await store.byPipeline('ops/helm', 7), undefined);
  },
  'a run is found by its pipeline, and only by its last one': async (t, store) => {
    await store.create(aRun());
    await saveIn(store, aRunWithPipeline('ops/ansible', 7, { version: 1 }));
    t.equal(await store.byPipeline('ops/ansible', 7), 'r1');
    await saveIn(store, aRunWithPipeline('ops/ansible', 8, { version: 2 }));
    t.equal(await store.byPipeline('ops/ansible', 7), undefined);
    t.equal(await store.byPipeline('ops/ansible', 8), 'r1');
  },
};

const alike: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'a run like one that was not seen is not made, and the other is told': async (t, store) => {
    await store.create(aRun(), { key: 'k', seen: 'none' });
    const created = await store.create(aRun({ id: 'r2' }), { key: 'k', seen: 'none' });
    t.match(created, { alike: { id: 'r1', version: 1 } });
    t.equal(await store.load('r2'), undefined);
  },
  'the id itself counts before those alike': async (t, store) => {
    await store.create(aRun(), { key: 'k', seen: 'none' });
    t.equal(await store.create(aRun(), { key: 'k', seen: 'none' }), 'exists');
  },
  'a run like one that was seen is made, and is the newest then': async (t, store) => {
    await store.create(aRun(), { key: 'k', seen: 'none' });
    t.equal(await store.create(aRun({ id: 'r2' }), { key: 'k', seen: 'r1' }), 'created');
    t.match(await store.create(aRun({ id: 'r3' }), { key: 'k', seen: 'r1' }), { alike: { id: 'r2' } });
  },
  'whoever minds none makes it in any case, and is the newest then': async (t, store) => {
    await store.create(aRun(), { key: 'k', seen: 'none' });
    t.equal(await store.create(aRun({ id: 'r2' }), { key: 'k', seen: 'any' }), 'created');
    t.match(await store.create(aRun({ id: 'r3' }), { key: 'k', seen: 'none' }), { alike: { id: 'r2' } });
  },
  'runs under other keys, or under none, are not alike': async (t, store) => {
    await store.create(aRun(), { key: 'k', seen: 'none' });
    t.equal(await store.create(aRun({ id: 'r2' }), { key: 'l', seen: 'none' }), 'created');
    t.equal(await store.create(aRun({ id: 'r3' })), 'created');
  },
  'of many alike at once exactly one is made': async (t, store) => {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.create(aRun({ id: `r${n}` }), { key: 'k', seen: 'none' })),
    );
    t.equal(made.filter((one) => one === 'created').length, 1);
  },
  'only runs whose last word was not told are undelivered, until it is': async (t, store) => {
    const failing = { digest: '', failures: 1, finalFailures: 1 };
    const givenUp = { ...failing, givenUp: 'the channel is gone' };
    await store.create(aRun({ id: 'going', told: failing }));
    await store.create(aRun({ id: 'trying', state: 'failed', told: failing }));
    await store.create(aRun({ id: 'lost', state: 'succeeded', told: givenUp }));
    await store.create(aRun({ id: 'fine', state: 'succeeded' }));
    t.same(ids(await store.list({ state: 'undelivered', limit: 9 })).toSorted(), ['lost', 'trying']);
    t.equal(await store.undelivered(), 2);
    await saveIn(store, aRun({ id: 'trying', state: 'failed', version: 1 }));
    t.equal(await store.undelivered(), 1);
  },
};

const keeping: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'a run that was over for more than 30 days is forgotten with everything about it': async (t, store) => {
    const old = { changedAt: Date.now() - 31 * day, createdAt: Date.now() - 32 * day };
    await store.create(aRunWithPipeline('ops/ansible', 7, { id: 'old', state: 'failed', dueAt: 5, ...old }));
    await store.create(aRun({ id: 'open', state: 'running', ...old }));
    await store.create(aRun({ id: 'young', state: 'failed', changedAt: Date.now() - 29 * day }));
    await store.create(aRun({ id: 'new' }));
    t.equal(await store.load('old'), undefined);
    t.equal(await store.byPipeline('ops/ansible', 7), undefined);
    t.same(await store.due(Date.now(), 9), []);
    t.same(ids(await store.list({ limit: 9 })).toSorted(), ['new', 'open', 'young']);
    t.same(ids(await store.list({ state: 'failed', limit: 9 })), ['young']);
  },
};

const counting: Readonly<Record<string, (t: Test, store: RunStore) => Promise<void>>> = {
  'a key is new once': async (t, store) => {
    t.equal(await store.firstTime('d1', 60_000), true);
    t.equal(await store.firstTime('d1', 60_000), false);
    t.equal(await store.firstTime('d2', 60_000), true);
  },
  'of many at once exactly one is first': async (t, store) => {
    const first = await Promise.all(Array.from({ length: 20 }, () => store.firstTime('d1', 60_000)));
    t.equal(first.filter(Boolean).length, 1);
  },
  'a key is new again after its time': async (t, store) => {
    t.equal(await store.firstTime('d1', 30), true);
    while (!(await store.firstTime('d1', 60_000))) await pause(5);
    t.equal(await store.firstTime('d1', 60_000), false);
  },
  'uses beyond the count are refused, for that key only': async (t, store) => {
    const used: boolean[] = [];
    for (let n = 0; n < 4; n++) used.push(await store.allow('a', 2, 60_000));
    t.same(used, [true, true, false, false]);
    t.equal(await store.allow('b', 2, 60_000), true);
    t.equal(await store.allow('none', 0, 60_000), false);
  },
  'of many uses at once as many as counted are allowed': async (t, store) => {
    const used = await Promise.all(Array.from({ length: 20 }, () => store.allow('a', 5, 60_000)));
    t.equal(used.filter(Boolean).length, 5);
  },
  'refused uses do not count: asking on and on still gets a use when the first one is old enough': async (
    t,
    store,
  ) => {
    t.equal(await store.allow('a', 1, 40), true);
    while (!(await store.allow('a', 1, 40))) await pause(5);
    t.equal(await store.allow('a', 1, 60_000), false);
  },
};

/** What every RunStore does. */
export const storeContract = async (t: Test, open: OpenStore): Promise<void> => {
  const cases = { ...writes, ...lists, ...pipelines, ...alike, ...keeping, ...counting };
  for (const [name, check] of Object.entries(cases)) {
    await t.test(name, async (t) => check(t, await open(t)));
  }
  await t.test('it answers when asked whether it is there', async (t) => {
    await t.resolves((await open(t)).ping());
  });
};
