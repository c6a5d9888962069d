import t from 'tap';
import type { PipelineRef, StartOutcome } from '../../src/core/pipelines.ts';
import type { Run } from '../../src/core/run.ts';
import { usualStartTimes } from '../../src/core/starting.ts';
import { type StartingParts, startPipeline } from '../../src/modes/starting.ts';
import { run } from '../support/runs.ts';

const ref = (id: number): PipelineRef => ({
  project: 'ops/ansible',
  id,
  webUrl: `https://gitlab.example/ops/ansible/-/pipelines/${id}`,
  status: 'created',
  createdAt: 0,
});

/** A GitLab that keeps what was made, whose next answers can be spoiled, and a store that keeps what was saved. */
const createWorld = () => {
  let now = 1000;
  const pipelines: PipelineRef[] = [];
  const canceled: number[] = [];
  const saved: Run[] = [];
  const answers: StartOutcome[] = [];
  let listable = true;
  let readable = true;
  let posts = 0;
  const parts: StartingParts = {
    now: () => now,
    times: usualStartTimes,
    order: async ({ id }) => {
      if (!readable) throw new Error('GitLab is away');
      return {
        ok: true,
        order: { runId: id, project: 'ops/ansible', ref: 'main', inputs: {}, variables: [] },
      };
    },
    start: async () => {
      posts++;
      const spoiled = answers.shift();
      if (spoiled?.outcome === 'refused' || spoiled?.outcome === 'not-sent') return spoiled;
      const pipeline = ref(100 + posts);
      pipelines.push(pipeline);
      return spoiled ?? { outcome: 'created', pipeline };
    },
    find: async () => {
      if (!listable) throw new Error('GitLab is away');
      return pipelines;
    },
    cancel: async ({ id }) => void canceled.push(id),
    onSurplus: () => undefined,
  };
  const save = async (given: Run): Promise<Run> => {
    const next = { ...given, version: given.version + 1 };
    saved.push(next);
    return next;
  };
  const step = async (given: Run): Promise<Run> => {
    const next = await startPipeline(parts, given, save);
    if (next === 'conflict') throw new Error('conflict');
    return next;
  };
  /** Steps until the run is over or has its pipeline, moving the clock to each next look. */
  const drive = async (given: Run): Promise<Run> => {
    let current = await step(given);
    for (let looks = 0; looks < 200 && current.dueAt !== null && current.pipeline === null; looks++) {
      now = Math.max(now + 1, current.dueAt);
      current = await step(current);
    }
    return current;
  };
  const set = (given: {
    listable?: boolean;
    readable?: boolean;
    answers?: readonly StartOutcome[];
    now?: number;
  }) => {
    listable = given.listable ?? listable;
    readable = given.readable ?? readable;
    now = given.now ?? now;
    answers.push(...(given.answers ?? []));
  };
  return { parts, step, drive, set, pipelines, canceled, saved, posts: () => posts, now: () => now };
};

t.test('the intent is saved before the one POST', async (t) => {
  const world = createWorld();
  const after = await world.step(run());
  t.match(world.saved, [{ state: 'starting', intent: { attempt: 1 }, pipeline: null }]);
  t.match(after, { state: 'running', pipeline: { id: 101 } });
});

t.test('an intent that could not be saved is not acted on', async (t) => {
  const world = createWorld();
  t.equal(await startPipeline(world.parts, run(), async () => 'conflict'), 'conflict');
  t.equal(world.posts(), 0);
});

t.test('a lost answer is looked for, and the pipeline adopted; nothing is posted again', async (t) => {
  const world = createWorld();
  world.set({ answers: [{ outcome: 'unknown', because: '502' }] });
  const first = await world.step(run());
  t.match(first, { state: 'starting', pipeline: null, outcome: { because: /answer was lost/ } });
  t.match(await world.drive(first), { state: 'running', pipeline: { id: 101 } });
  t.equal(world.posts(), 1);
});

t.test('a crash after the POST: whoever comes next asks before anything else', async (t) => {
  const world = createWorld();
  world.pipelines.push(ref(77));
  t.match(await world.step(run({ state: 'starting', intent: { attempt: 1, sendUntil: 31_000 } })), {
    state: 'running',
    pipeline: { id: 77 },
  });
  t.equal(world.posts(), 0);
});

t.test('a crash before the POST: after the quarantine it has expired, and nothing was started', async (t) => {
  const world = createWorld();
  const after = await world.drive(run({ state: 'starting', intent: { attempt: 1, sendUntil: 31_000 } }));
  t.match(after, { state: 'expired', pipeline: null, outcome: { because: /nothing was started/i } });
  t.equal(world.posts(), 0);
});

t.test('a crash before the POST of a run that may start late: sent once, later', async (t) => {
  const world = createWorld();
  const after = await world.drive(run({ startBy: 900_000, intent: { attempt: 1, sendUntil: 31_000 } }));
  t.match(after, { state: 'running', pipeline: { id: 101 } });
  t.equal(world.posts(), 1);
});

t.test('while GitLab cannot be asked, nothing is posted; in the end a person must look', async (t) => {
  const world = createWorld();
  world.set({ listable: false });
  const after = await world.drive(run({ waitUntil: 60_000, intent: { attempt: 1, sendUntil: 31_000 } }));
  t.match(after, { state: 'uncertain', outcome: { because: /could not be asked/ } });
  t.equal(world.posts(), 0);
});

t.test('a surplus pipeline is canceled, the oldest adopted', async (t) => {
  const world = createWorld();
  world.pipelines.push(ref(78), ref(77));
  t.match(await world.step(run({ intent: { attempt: 1, sendUntil: 31_000 } })), { pipeline: { id: 77 } });
  t.same(world.canceled, [78]);
});

t.test('a refusal ends the run in GitLab’s words and with advice', async (t) => {
  const world = createWorld();
  world.set({
    answers: [{ outcome: 'refused', because: 'Reference not found', advice: 'Is there a branch main?' }],
  });
  t.match(await world.step(run()), {
    state: 'failed',
    outcome: { because: /Reference not found\. Nothing was started\. Is there a branch main\?$/ },
  });
});

t.test('a refusal for now is tried again when GitLab says so', async (t) => {
  const world = createWorld();
  const refused: StartOutcome = {
    outcome: 'refused',
    because: 'Too many pipelines',
    advice: 'Wait.',
    tryAgainAfterMs: 60_000,
  };
  world.set({ answers: [refused] });
  const first = await world.step(run());
  t.match(first, { state: 'starting', dueAt: world.now() + 60_000 });
  t.match(await world.drive(first), { state: 'running' });
});

t.test('GitLab that cannot be reached in time: expired, with the reason', async (t) => {
  const world = createWorld();
  world.set({
    answers: Array.from(
      { length: 90 },
      () => ({ outcome: 'not-sent', because: 'connection refused' }) as const,
    ),
  });
  t.match(await world.drive(run()), {
    state: 'expired',
    pipeline: null,
    outcome: { because: /connection refused/ },
  });
});

t.test('a refusal for longer than the run may wait: expired in time, with the reason', async (t) => {
  const world = createWorld();
  const because = 'Too many pipelines created in the last minute. Try again later.';
  world.set({ answers: [{ outcome: 'refused', because, advice: 'Wait.', tryAgainAfterMs: 600_000 }] });
  const first = await world.step(run());
  t.match(first, {
    state: 'starting',
    dueAt: 120_001,
    outcome: { because: /later\. Nothing was started\. Trying again in 10 min\.$/ },
  });
  const after = await world.drive(first);
  t.match(after, { state: 'expired', outcome: { because: /later\. Nothing was started\.$/ } });
  t.equal(world.posts(), 1);
});

t.test('GitLab that cannot be read before the POST: tried again, then expired', async (t) => {
  const world = createWorld();
  world.set({ readable: false });
  t.match(await world.drive(run()), { state: 'expired', outcome: { because: /Nothing was started/ } });
  t.equal(world.posts(), 0);
});

t.test('a run canceled before its start is not started', async (t) => {
  const world = createWorld();
  const canceledBy = { account: 'slack:T1/UBO', name: 'Bo', at: 0 };
  t.match(await world.step(run({ canceledBy })), { state: 'canceled', pipeline: null });
  t.equal(world.posts(), 0);
});
