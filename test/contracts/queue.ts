import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import type { WakeQueue } from '../../src/core/run.ts';

/** Makes a queue that nothing was sent to; closed when the test is over. `problems` is what it told. */
export type OpenQueue = (
  t: Test,
) => Promise<{ readonly queue: WakeQueue; readonly problems: readonly string[] }>;

/** Waits until it is so. */
export const until = async (so: () => boolean): Promise<void> => {
  while (!so()) await pause(5);
};

type Case = (t: Test, queue: WakeQueue, problems: readonly string[]) => Promise<void>;

const cases: Readonly<Record<string, Case>> = {
  'work that throws is told and does not stop the next': async (t, queue, problems) => {
    const woken: string[] = [];
    queue.start(async (runId) => {
      woken.push(runId);
      if (runId === 'bad') throw new Error('no luck');
    });
    await queue.wake('bad', 0, false);
    await until(() => problems.length > 0);
    await queue.wake('good', 0, false);
    await until(() => woken.includes('good'));
    t.same(woken, ['bad', 'good'], 'and what failed is not tried again');
    t.match(problems[0], /run bad/);
  },
  'a wake-up comes with its run and its urgency': async (t, queue) => {
    const woken: [string, boolean][] = [];
    queue.start(async (...args) => void woken.push(args));
    await queue.wake('r1', 0, false);
    await until(() => woken.length === 1);
    await queue.wake('r2', 0, true);
    await until(() => woken.length === 2);
    t.same(woken, [
      ['r1', false],
      ['r2', true],
    ]);
  },
  'a wake-up is not early, urgent or not; one due sooner comes first': async (t, queue) => {
    const start = performance.now();
    const woken = new Map<string, number>();
    queue.start(async (runId) => void woken.set(runId, performance.now() - start));
    await queue.wake('late', 400, false);
    await queue.wake('soon', 80, false);
    await queue.wake('urgent', 200, true);
    await queue.wake('other', 3_600_000, false);
    await until(() => woken.size === 3);
    t.same([...woken.keys()], ['soon', 'urgent', 'late']);
    // Timers count whole milliseconds, so up to one less may have passed.
    t.ok((woken.get('soon') ?? 0) >= 79, 'soon');
    t.ok((woken.get('late') ?? 0) >= 399, 'late');
  },
  'a wake-up from before the start is not lost': async (t, queue) => {
    const woken: string[] = [];
    await queue.wake('r1', 0, false);
    await pause(20);
    queue.start(async (runId) => void woken.push(runId));
    await until(() => woken.length > 0);
    t.same(woken, ['r1']);
  },
  'a run woken twice is worked on at least once': async (t, queue) => {
    const woken: string[] = [];
    queue.start(async (runId) => void woken.push(runId));
    await Promise.all([queue.wake('r1', 0, false), queue.wake('r1', 0, false), queue.wake('r2', 0, false)]);
    await until(() => woken.includes('r1') && woken.includes('r2'));
    t.ok(woken.length <= 3);
  },
  'runs are worked on side by side': async (t, queue) => {
    const inHand = new Set<string>();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    queue.start(async (runId) => {
      inHand.add(runId);
      await gate;
    });
    await Promise.all(Array.from({ length: 20 }, (_, n) => queue.wake(`r${n}`, 0, false)));
    await until(() => inHand.size === 20);
    open();
    t.equal(inHand.size, 20);
  },
  'closing waits for work in hand, and that work may still wake': async (t, queue) => {
    let done = false;
    let begun = false;
    queue.start(async () => {
      begun = true;
      await pause(50);
      await queue.wake('next', 60_000, false);
      done = true;
    });
    await queue.wake('r1', 0, false);
    await until(() => begun);
    await queue.close();
    t.ok(done);
  },
  'an absurd time is taken as a long or a short one': async (t, queue) => {
    const woken: string[] = [];
    queue.start(async (runId) => void woken.push(runId));
    await queue.wake('far', 2 ** 40, false);
    await queue.wake('past', -5, false);
    await until(() => woken.length > 0);
    t.same(woken, ['past']);
  },
};

/** What every WakeQueue does. */
export const queueContract = async (t: Test, open: OpenQueue): Promise<void> => {
  for (const [name, check] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const { queue, problems } = await open(t);
      await check(t, queue, problems);
    });
  }
};
