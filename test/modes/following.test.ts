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
    cancel: async ({ id }) => void canceled.push(id),
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
    ['it is gone', 'gone', { state: 'failed', outcome: { because: /deleted/ }, dueAt: null }],
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
