import t from 'tap';
import { createSweeper, type SweeperOptions } from '../../src/queue/sweeper.ts';
import { until } from '../contracts/queue.ts';

/** A world with some runs due at some time, where a woken run is looked at and no longer due. */
const world = (change: Partial<SweeperOptions> = {}) => {
  const dueAt = new Map<string, number>();
  const problems: string[] = [];
  const woken: string[] = [];
  const sweeper = createSweeper({
    due: async (before, limit) =>
      [...dueAt]
        .filter(([, at]) => at <= before)
        .slice(0, limit)
        .map(([id]) => id),
    wake: async (runId) => {
      woken.push(runId);
      dueAt.delete(runId);
    },
    now: () => 100_000,
    everyMs: 5,
    graceMs: 10_000,
    againMs: 30_000,
    problem: (words) => void problems.push(words),
    ...change,
  });
  return { dueAt, problems, woken, sweeper };
};

t.test('runs within the grace are left to their own wake-up', async (t) => {
  const { dueAt, woken, sweeper } = world();
  dueAt.set('just due', 99_999).set('not due', 100_001).set('nearly', 90_001);
  t.equal(await sweeper.sweep(), 0);
  t.same(woken, []);
});

t.test('runs beyond the grace are woken', async (t) => {
  const { dueAt, woken, sweeper } = world();
  dueAt.set('lost', 90_000).set('long lost', 5);
  t.equal(await sweeper.sweep(), 2);
  t.same(woken, ['lost', 'long lost']);
});

t.test('a run that stays overdue is not woken by every sweep, and hides no other', async (t) => {
  let now = 100_000;
  const woken: string[] = [];
  const dueAt = new Map([['stuck', 5]]);
  const { sweeper } = world({
    now: () => now,
    due: async (before, limit) =>
      [...dueAt]
        .filter(([, at]) => at <= before)
        .slice(0, limit)
        .map(([id]) => id),
    wake: async (runId) => void woken.push(runId),
  });
  await sweeper.sweep();
  dueAt.set('other', 6);
  await sweeper.sweep();
  t.same(woken, ['stuck', 'other']);
  now += 31_000;
  await sweeper.sweep();
  t.same(woken, ['stuck', 'other', 'stuck', 'other']);
});

t.test('a sweep that fails is told, and the next one finds the run', async (t) => {
  let broken = true;
  const woken: string[] = [];
  const { dueAt, problems, sweeper } = world({
    wake: async (runId) => {
      if (broken) throw new Error('Redis is away');
      woken.push(runId);
      dueAt.delete(runId);
    },
  });
  dueAt.set('lost', 5);
  sweeper.start();
  await until(() => problems.length > 1);
  broken = false;
  await until(() => woken.length > 0);
  await sweeper.close();
  t.same(woken, ['lost']);
});

t.test('after closing nothing is woken any more', async (t) => {
  const { dueAt, woken, sweeper } = world();
  sweeper.start();
  dueAt.set('first', 5);
  await until(() => woken.length > 0);
  await sweeper.close();
  dueAt.set('second', 5);
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(woken, ['first']);
});
