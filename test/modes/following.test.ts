import t from 'tap';
import type { PipelineView } from '../../src/core/pipelines.ts';
import { type FollowingParts, followPipeline } from '../../src/modes/following.ts';
import { calmPause } from '../../src/modes/link.ts';
import { eagerPause } from '../../src/modes/wait.ts';
import { run, view } from '../support/runs.ts';

const parts = (seen: PipelineView | 'gone' | Error, given: Partial<FollowingParts> = {}) => {
  const canceled: number[] = [];
  const all: FollowingParts = {
    now: () => 10_000,
    look: async () => {
      if (seen instanceof Error) throw seen;
      return seen;
    },
    outcomeOf: async () => ({ text: 'web now takes 10 %' }),
    cancel: async ({ id }) => {
      canceled.push(id);
      return { outcome: 'done' };
    },
    pauseAfter: () => 2000,
    ...given,
  };
  return { all, canceled };
};

const running = run({ state: 'running', pipeline: view() });
const canceledBy = { account: 'slack:T1/UBO', name: 'Bo', at: 0 };

t.test('what a look makes of the run', async (t) => {
  const cases: readonly (readonly [string, PipelineView | 'gone' | Error, object])[] = [
    [
      'it cannot be asked: look again, later than usual',
      new Error('away'),
      { state: 'running', dueAt: 14_000 },
    ],
    ['it seems gone: look once more', 'gone', { state: 'running', goneAt: 10_000, dueAt: 15_000 }],
    ['it goes on', view(), { state: 'running', dueAt: 12_000 }],
    [
      'a status nobody knows is not an end',
      view({ status: 'contemplating', phase: 'going' }),
      { state: 'running' },
    ],
    ['it waits for a person', view({ phase: 'manual' }), { state: 'running', pipeline: { phase: 'manual' } }],
    [
      'it succeeded',
      view({ phase: 'succeeded' }),
      { state: 'succeeded', outcome: { text: /web now/ }, dueAt: null },
    ],
    ['it succeeded with warnings', view({ phase: 'warned' }), { state: 'succeeded' }],
    ['it failed', view({ phase: 'failed' }), { state: 'failed' }],
    ['it was canceled', view({ phase: 'canceled' }), { state: 'canceled', outcome: null }],
    ['nothing ran', view({ phase: 'skipped' }), { state: 'failed', outcome: { because: /no job ran/ } }],
  ];
  for (const [name, seen, expected] of cases) {
    t.match(await followPipeline(parts(seen).all, running, false), expected, name);
  }
});

t.test('GitLab that shows it no longer, twice: a person must look; once was an error', async (t) => {
  const before = { ...running, goneAt: 1000 };
  t.match(await followPipeline(parts('gone').all, before, false), {
    state: 'uncertain',
    outcome: { because: /deleted, or/ },
  });
  t.match(await followPipeline(parts(view()).all, before, false), { state: 'running', goneAt: null });
});

t.test('a cancel that GitLab refuses is told, and not asked again by itself', async (t) => {
  let asked = 0;
  const { all } = parts(view(), {
    cancel: async () => {
      asked++;
      return { outcome: 'refused', because: '403 Forbidden', advice: 'The token lacks the role.' };
    },
  });
  const once = await followPipeline(all, { ...running, canceledBy }, true);
  t.match(once, {
    state: 'running',
    canceledBy: { answer: /403/ },
    outcome: { because: /GitLab refused to cancel it: 403/ },
  });
  await followPipeline(all, once, true);
  t.equal(asked, 1);
});

t.test('a cancel that GitLab did not answer is asked again; one that it took is not', async (t) => {
  let asked = 0;
  const answers = [{ outcome: 'unknown', because: '502' }, { outcome: 'done' }, { outcome: 'done' }] as const;
  const { all } = parts(view(), {
    cancel: async () => answers[asked++] ?? { outcome: 'done' },
  });
  let run = await followPipeline(all, { ...running, canceledBy }, true);
  run = await followPipeline(all, run, true);
  await followPipeline(all, run, true);
  t.equal(asked, 2);
});

t.test('logs that cannot be read do not change how it ended', async (t) => {
  const { all } = parts(view({ phase: 'succeeded' }), { outcomeOf: () => Promise.reject(new Error('away')) });
  t.match(await followPipeline(all, running, false), {
    state: 'succeeded',
    outcome: { because: /could not be read/ },
  });
});

t.test('it is not followed for ever', async (t) => {
  const late = { now: () => running.waitUntil + 1 };
  t.match(await followPipeline(parts(view(), late).all, running, false), {
    state: 'expired',
    outcome: { because: /may still go on/ },
  });
  t.match(await followPipeline(parts(new Error('away'), late).all, running, false), { state: 'expired' });
  t.match(await followPipeline(parts(view({ phase: 'succeeded' }), late).all, running, false), {
    state: 'succeeded',
  });
});

t.test('a cancel is passed on, and the end is GitLab’s', async (t) => {
  const { all, canceled } = parts(view({ phase: 'going' }));
  t.match(await followPipeline(all, { ...running, canceledBy }, true), { state: 'running' });
  t.same(canceled, [1001]);
});

t.test('a pipeline that only waits for a person cannot be canceled in GitLab, so the run ends', async (t) => {
  const { all } = parts(view({ phase: 'manual' }));
  t.match(await followPipeline(all, { ...running, canceledBy }, true), {
    state: 'canceled',
    outcome: { because: /still be pressed/ },
  });
});

t.test('a look after something changed is a fresh one', async (t) => {
  const asked: boolean[] = [];
  const { all } = parts(view(), {
    look: async (_, __, { fresh }) => {
      asked.push(fresh);
      return view();
    },
  });
  await followPipeline(all, running, false);
  await followPipeline(all, running, true);
  t.same(asked, [false, true]);
});

t.test('looks get rarer', async (t) => {
  for (const pause of [eagerPause, calmPause]) {
    const pauses = [0, 30_000, 300_000, 3_000_000].map(pause);
    t.same(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
  }
});
