import t from 'tap';
import type { Work } from '../src/core/work.ts';
import { createWorld, wordsOf } from './support/world.ts';

const accepted = async (work: Work) => {
  const world = createWorld({ wait: work });
  await world.type('deploy web');
  const [run] = await world.store.list({ limit: 1 });
  return { world, id: run?.id ?? '' };
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
const running: Work = async (run) => ({ ...run, state: 'running', dueAt: run.createdAt + 5000 });
const finished: Work = async (run) => ({
  ...run,
  state: 'succeeded',
  outcome: { text: 'all good' },
  dueAt: null,
});

t.test('a wake-up for nobody, or for a run that is over, does nothing', async (t) => {
  const { world, id } = await accepted(finished);
  await world.worker.work('r-none', true);
  await world.worker.work(id, false);
  t.equal(world.shown.length, 1);
  await world.worker.work(id, true);
  await world.worker.work(id, false);
  t.equal(world.shown.length, 1, 'told once');
});

t.test('a step is saved, told, and the next look is booked', async (t) => {
  const { world, id } = await accepted(running);
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'running', lease: null, dueAt: world.now() + 5000 });
  t.match(wordsOf(world.shown[0] ?? null), /is running/);
  t.match(world.wakes.at(-1), { runId: id, afterMs: 5000 });
});

t.test('an early wake-up is left to the one that is booked, an urgent one looks', async (t) => {
  let looks = 0;
  const { world, id } = await accepted(async (run) => {
    looks++;
    return { ...run, state: 'running', dueAt: world.now() + 5000 };
  });
  await world.worker.work(id, false);
  await world.worker.work(id, false);
  t.equal(looks, 1);
  await world.worker.work(id, true);
  t.equal(looks, 2);
});

t.test('what has not changed is not told again', async (t) => {
  const { world, id } = await accepted(async (run) => ({ ...run, state: 'running', dueAt: world.now() + 1 }));
  await world.worker.work(id, false);
  world.pass(10);
  await world.worker.work(id, false);
  t.equal(world.shown.length, 1);
});

t.test('a run in other hands is left alone and asked for again', async (t) => {
  const { world, id } = await accepted(running);
  const run = await world.store.load(id);
  if (run === undefined) {
    t.fail('no run');
    return;
  }
  await world.store.save({ ...run, lease: { owner: 'another', until: world.now() + 10_000 } });
  await world.worker.work(id, false);
  t.equal((await world.store.load(id))?.state, 'queued');
  t.match(world.wakes.at(-1), { runId: id });
  world.pass(10_001);
  await world.worker.work(id, false);
  t.equal((await world.store.load(id))?.state, 'running', 'a lease that has run out is taken over');
});

t.test('two wake-ups at once: one works, one comes back', async (t) => {
  let working = 0;
  let most = 0;
  const { world, id } = await accepted(async (run) => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setImmediate(resolve));
    working--;
    return { ...run, state: 'running', dueAt: world.now() };
  });
  await Promise.all([
    world.worker.work(id, false),
    world.worker.work(id, true),
    world.worker.work(id, false),
  ]);
  t.equal(most, 1);
});

t.test('a cancel that arrives during a step is kept', async (t) => {
  const { world, id } = await accepted(async (run) => {
    const stored = await world.store.load(id);
    if (stored === undefined) return run;
    await world.store.save({ ...stored, canceledBy: { account: 'slack:T1/UBO', name: 'Bo', at: 1 } });
    return { ...run, state: 'running', dueAt: world.now() };
  });
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'running', canceledBy: { name: 'Bo' } });
});

t.test('a cancel that arrives while chat is being told is kept, and the run is given back', async (t) => {
  const { world, id } = await accepted(running);
  world.whileSending(async () => {
    const stored = await world.store.load(id);
    const canceledBy = { account: 'slack:T1/UBO', name: 'Bo', at: world.now() };
    if (stored !== undefined) await world.store.save({ ...stored, canceledBy });
  });
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'running', lease: null, canceledBy: { name: 'Bo' } });
  t.match(world.wakes.at(-1), { runId: id, afterMs: 5000 }, 'the next look is booked');
});

t.test('one who lost the run to another changes nothing', async (t) => {
  const { world, id } = await accepted(async (run) => {
    const stored = await world.store.load(id);
    if (stored === undefined) return run;
    await world.store.save({ ...stored, lease: { owner: 'another', until: 9e15 } });
    return { ...run, state: 'failed', dueAt: null };
  });
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'queued', lease: { owner: 'another' } });
});

t.test(
  'one who was away longer than the lease changes nothing, even when nobody else was there',
  async (t) => {
    const { world, id } = await accepted(async (run, save) => {
      world.pass(15_001);
      t.equal(await save({ ...run, state: 'starting' }), 'conflict', 'not before an effect');
      return { ...run, state: 'failed', dueAt: null };
    });
    await world.worker.work(id, false);
    t.match(await world.store.load(id), { state: 'queued' }, 'and not after it');
  },
);

t.test('a save by the same hands in between is no conflict', async (t) => {
  const { world, id } = await accepted(async (run) => {
    await world.store.save(run);
    return { ...run, state: 'running', dueAt: world.now() };
  });
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'running', lease: null });
});

t.test('a step that throws gives the run back to be looked at again', async (t) => {
  const { world, id } = await accepted(async () => {
    throw new Error('a fault of ours');
  });
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'queued', lease: null, dueAt: world.now() + 5000 });
  t.match(world.warnings, [/a step of a run failed/]);
});

t.test('an intent is on record before it is saved: no record, no effect', async (t) => {
  let effects = 0;
  const { world, id } = await accepted(async (run, save) => {
    const saved = await save({ ...run, state: 'starting', intent: { attempt: 1, sendUntil: 9e15 } });
    if (saved === 'conflict') return saved;
    effects++;
    return { ...saved, state: 'running', dueAt: world.now() };
  });
  world.break('audit');
  await world.worker.work(id, false);
  t.equal(effects, 0);
  t.equal((await world.store.load(id))?.intent, null);
  world.break(undefined);
  world.pass(6000);
  await world.worker.work(id, false);
  t.equal(effects, 1);
  t.match(world.audit, [
    { kind: 'decision' },
    { kind: 'intent', attempt: 1 },
    { kind: 'state', to: 'running' },
  ]);
});

t.test('a reply that cannot be delivered is tried again and never fails the run', async (t) => {
  const { world, id } = await accepted(finished);
  world.break('chat');
  await world.worker.work(id, false);
  t.match(await world.store.load(id), { state: 'succeeded', told: { failures: 1 } });
  world.break(undefined);
  world.pass(60_000);
  await world.worker.work(id, false);
  t.match(wordsOf(world.shown[0] ?? null), /all good/);
  t.match(await world.store.load(id), { dueAt: null, told: { failures: 0 } });
});

t.test(
  'trouble with chat during a run delays its telling, not the run, and takes nothing from the final reply',
  async (t) => {
    const { world, id } = await accepted(async (run) => {
      const over = world.now() > run.createdAt + 600_000;
      if (over) return { ...run, state: 'succeeded', outcome: { text: 'all good' }, dueAt: null };
      // Each look sees something new, so each has something to tell.
      return {
        ...run,
        state: 'running',
        outcome: { because: `look ${world.now()}` },
        dueAt: world.now() + 1000,
      };
    });
    world.break('chat');
    let looks = 0;
    for (; (await world.store.load(id))?.state !== 'succeeded'; looks++) {
      await world.worker.work(id, false);
      world.pass(1000);
    }
    t.ok(looks > 500, 'the run went on');
    t.ok(world.warnings.length < 30, `chat was left alone in between: ${world.warnings.length} tries`);
    world.break(undefined);
    world.pass(61_000);
    await world.worker.work(id, false);
    t.match(wordsOf(world.shown.at(-1) ?? null), /all good/);
  },
);

t.test(
  'a step that takes long keeps its lease by renewing it; nobody else takes the run meanwhile',
  async (t) => {
    let finish: () => void = () => undefined;
    let working = 0;
    const { world, id } = await accepted(
      (run) =>
        new Promise((resolve) => {
          working++;
          finish = () => resolve({ ...run, state: 'succeeded', dueAt: null });
        }),
    );
    const first = world.worker.work(id, false);
    for (let seconds = 0; seconds < 60; seconds += 5) {
      const before = (await world.store.load(id))?.lease?.until ?? 0;
      world.pass(5000);
      for (
        let tries = 0;
        tries < 2000 && ((await world.store.load(id))?.lease?.until ?? 0) <= before;
        tries++
      )
        await pause();
      await world.worker.work(id, true);
    }
    t.equal(working, 1);
    finish();
    await first;
    t.match(await world.store.load(id), { state: 'succeeded', lease: null });
  },
);

t.test('everything in hand is waited for', async (t) => {
  let finish: () => void = () => undefined;
  const { world, id } = await accepted(
    (run) =>
      new Promise((resolve) => {
        finish = () => resolve({ ...run, state: 'succeeded', dueAt: null });
      }),
  );
  const working = world.worker.work(id, false);
  let settled = false;
  await new Promise((resolve) => setImmediate(resolve));
  const settling = world.worker.settled().then(() => {
    settled = true;
  });
  t.equal(settled, false);
  finish();
  await Promise.all([working, settling]);
  t.equal((await world.store.load(id))?.state, 'succeeded');
});

t.test('chat that stays away is given up in the end, and the run says so', async (t) => {
  const { world, id } = await accepted(finished);
  world.break('chat');
  for (let tries = 0; tries < 60; tries++) {
    await world.worker.work(id, false);
    world.pass(61_000);
  }
  t.match(await world.store.load(id), { state: 'succeeded', dueAt: null, told: { givenUp: 'chat is away' } });
});
