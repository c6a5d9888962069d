import t from 'tap';
import type { AuditEntry, AuditLine } from '../src/core/audit-entry.ts';
import { acceptedRun } from '../src/core/new-run.ts';
import type { Run } from '../src/core/run.ts';
import { createRestore } from '../src/restore.ts';
import { createMemoryStore } from '../src/store/memory.ts';
import { run } from './support/runs.ts';

const beganAt = 1_000_000;
/** The restoring pauses so long after a failure; a new run waits longer for it. */
const betweenTries = 1000;
const generation = { id: 'memory', beganAt, first: false };
/** Surely after the store began, whatever the clocks. */
const later = beganAt + 6000;

const lineOf = (made: Run, at: number): AuditLine => ({
  kind: 'decision',
  account: made.caller.account,
  person: made.caller.person ?? null,
  channel: made.channel.id,
  run: made.id,
  purpose: 'run',
  command: made.command,
  input: made.input,
  line: made.line,
  allowed: true,
  rule: made.rule,
  revision: made.revision,
  microseconds: 7,
  accepted: acceptedRun(made, at),
  seq: 1,
  at,
});

/** A store that has forgotten what is on record; `record` may be added to. */
const createWorld = () => {
  const record: AuditLine[] = [];
  const noted: AuditEntry[] = [];
  const woken: string[] = [];
  let unreadable = 0;
  let pausing = (_ms: number): Promise<unknown> => Promise.resolve();
  const store = createMemoryStore({ now: () => beganAt });
  const restore = createRestore({
    now: () => beganAt + 10_000,
    readBack: async (since) => {
      if (unreadable-- > 0) throw new Error('the disk is away');
      return record.filter(({ at }) => at >= since);
    },
    store,
    queue: { wake: async (id) => void woken.push(id) },
    note: async (entry) => void noted.push(entry),
    alikeKey: (made) => `${made.caller.account}|${made.line}`,
    sendWithinMs: 30_000,
    pause: (ms) => pausing(ms),
    log: { info: () => undefined, warn: () => undefined },
  });
  return {
    record,
    noted,
    woken,
    store,
    restore,
    breakRecord: (times: number) => {
      unreadable = times;
    },
    whilePausing: (waits: typeof pausing) => {
      pausing = waits;
    },
    /** The store begins anew, and everything that follows from it has happened. */
    begin: async () => {
      restore.began(generation);
      await restore.settled();
    },
  };
};

const accepted = run({ id: 'r1', version: 0 });

t.test('what is stored, or being accepted right now, is left alone', async (t) => {
  const world = createWorld();
  await world.store.create({ ...accepted, state: 'running' });
  world.record.push(lineOf(accepted, beganAt - 5), lineOf(run({ id: 'r2' }), later));
  await world.restore.accepting('r2', () => world.begin());
  t.match(await world.store.load('r1'), { state: 'running', version: 1 });
  t.equal(await world.store.load('r2'), undefined);
  t.same(world.woken, []);
});

t.test('a run of the life before is made again, in doubt', async (t) => {
  const world = createWorld();
  world.record.push(lineOf(accepted, beganAt - 5));
  await world.begin();
  t.match(await world.store.load('r1'), {
    state: 'starting',
    intent: { attempt: 1, sendUntil: beganAt + 30_000 },
    line: accepted.line,
    dueAt: beganAt + 10_000,
  });
  t.same(world.woken, ['r1']);
  t.match(world.noted, [
    { kind: 'store', generation: 'memory' },
    { kind: 'restored', run: 'r1' },
  ]);
});

t.test('a run that got lost between the record and the store is as new', async (t) => {
  const world = createWorld();
  world.record.push(lineOf(accepted, later));
  await world.begin();
  t.match(await world.store.load('r1'), { state: 'queued', intent: null });
});

t.test('a run of this life with an intent on record is in doubt', async (t) => {
  const world = createWorld();
  const intent = { kind: 'intent', run: 'r1', attempt: 1, seq: 2, at: later + 1 } as const;
  world.record.push(lineOf(accepted, later), intent);
  await world.begin();
  t.match(await world.store.load('r1'), { state: 'starting', intent: { attempt: 1 } });
});

t.test('a run that ended and was not told is made again with its end, and only told', async (t) => {
  const world = createWorld();
  const because = 'GitLab refused.';
  const ended = { kind: 'state', run: 'r1', from: 'starting', to: 'failed', because } as const;
  world.record.push(lineOf(accepted, beganAt - 5), { ...ended, seq: 2, at: beganAt - 4 });
  await world.begin();
  t.match(await world.store.load('r1'), {
    state: 'failed',
    intent: null,
    outcome: { because },
    changedAt: beganAt - 4,
    dueAt: beganAt + 10_000,
  });
});

t.test('a run whose pipeline ended is looked for: GitLab still knows what came out', async (t) => {
  const world = createWorld();
  const pipeline = { kind: 'pipeline', run: 'r1', project: 'ops/ansible', pipeline: 7 } as const;
  const ended = { kind: 'state', run: 'r1', from: 'running', to: 'succeeded', because: null } as const;
  world.record.push(
    lineOf(accepted, beganAt - 5),
    { ...pipeline, seq: 2, at: beganAt - 4 },
    { ...ended, seq: 3, at: beganAt - 3 },
  );
  await world.begin();
  t.match(await world.store.load('r1'), { state: 'starting', intent: { attempt: 1 } });
});

t.test('a command that was typed again after it got lost is not run twice', async (t) => {
  const world = createWorld();
  const again = run({ id: 'r2', version: 0 });
  await world.restore.create(again, { key: `${again.caller.account}|${again.line}`, seen: 'none' });
  world.record.push(lineOf(accepted, later));
  await world.begin();
  t.equal(await world.store.load('r1'), undefined);
  t.match(await world.store.load('r2'), { state: 'queued' });
});

t.test('a wish to stop that the store has forgotten is made again', async (t) => {
  const world = createWorld();
  await world.store.create({ ...accepted, state: 'running' });
  const who = { account: 'slack:T1/UBO', person: null, channel: 'slack:T1/C1' };
  world.record.push(lineOf(accepted, beganAt - 5), {
    kind: 'cancel',
    run: 'r1',
    ...who,
    seq: 2,
    at: beganAt - 4,
  });
  await world.begin();
  t.match(await world.store.load('r1'), { canceledBy: { account: 'slack:T1/UBO', at: beganAt - 4 } });
});

t.test('what is older than a day is not looked for', async (t) => {
  const world = createWorld();
  world.record.push(lineOf(accepted, beganAt - 25 * 60 * 60 * 1000));
  await world.begin();
  t.equal(await world.store.load('r1'), undefined);
});

t.test('a run that is stored in another life than it was thought about in is not stored', async (t) => {
  const world = createWorld();
  world.record.push(lineOf(accepted, later));
  world.restore.began({ ...generation, id: 'the life before' });
  world.whilePausing(() => new Promise(() => undefined));
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(await world.store.load('r1'), undefined);
});

t.test('a request that comes again is known, also while its first coming is still in hand', async (t) => {
  const { restore } = createWorld();
  const seen: boolean[] = [];
  await restore.accepting('r1', async (again) => {
    seen.push(again);
    await restore.accepting('r1', async (again) => void seen.push(again));
  });
  await restore.accepting('r1', async (again) => void seen.push(again));
  await restore.accepting('r2', async (again) => void seen.push(again));
  t.same(seen, [false, true, true, false]);
});

t.test('a record that cannot be read is tried again until it can', async (t) => {
  const world = createWorld();
  world.record.push(lineOf(accepted, beganAt - 5));
  world.breakRecord(3);
  await world.begin();
  t.match(await world.store.load('r1'), { id: 'r1' });
});

t.test('a new run waits until what was forgotten is restored, or is not accepted', async (t) => {
  const world = createWorld();
  let open = (): void => undefined;
  const shut = new Promise<void>((resolve) => {
    open = resolve;
  });
  world.record.push(lineOf(accepted, beganAt - 5));
  world.breakRecord(1);
  world.whilePausing((ms) => (ms === betweenTries ? shut : new Promise(() => undefined)));
  world.restore.began(generation);
  const same = world.restore.create(accepted);
  open();
  t.equal(await same, 'exists', 'the request that came again found its run');
  t.match(await world.store.load('r1'), { state: 'starting' });

  const stuck = createWorld();
  stuck.breakRecord(1);
  stuck.whilePausing((ms) => (ms === betweenTries ? new Promise(() => undefined) : Promise.resolve()));
  stuck.restore.began(generation);
  await t.rejects(stuck.restore.create(accepted), { code: 'store.unavailable' });
  t.equal(await stuck.store.load('r1'), undefined);
});
