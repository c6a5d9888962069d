import fc from 'fast-check';
import t from 'tap';
import { createDice } from '../../../src/sandbox/faults/dice.ts';
import { choose, within } from '../../../src/sandbox/faults/shares.ts';

const kind = fc.constantFrom('start', 'late', 'lists', 'reads', 'webhooks');
const seed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const some = (count: number, next: () => number): readonly number[] => Array.from({ length: count }, next);

t.test('one seed gives one sequence per kind, whatever else is drawn in between', async () => {
  fc.assert(
    fc.property(seed, fc.array(kind, { maxLength: 60 }), (seed, order) => {
      const mixed = createDice(seed);
      const drawn = order.map((each) => [each, mixed(each)] as const);
      for (const wanted of new Set(order)) {
        const alone = createDice(seed);
        const here = drawn.filter(([each]) => each === wanted).map(([, value]) => value);
        const there = some(here.length, () => alone(wanted));
        if (here.join() !== there.join()) throw new Error(`${wanted}: ${here.join()} is not ${there.join()}`);
      }
    }),
  );
});

t.test('another seed and another kind give other sequences', async () => {
  fc.assert(
    fc.property(seed, (seed) => {
      const take = (from: number, kind: string): string => {
        const dice = createDice(from);
        return some(4, () => dice(kind)).join();
      };
      return take(seed, 'start') !== take(seed + 1, 'start') && take(seed, 'start') !== take(seed, 'lists');
    }),
  );
});

t.test('every draw is from 0 up to, not including, 1, and a share is met in the long run', async (t) => {
  fc.assert(
    fc.property(seed, kind, (seed, kind) => {
      const dice = createDice(seed);
      return some(50, () => dice(kind)).every((each) => each >= 0 && each < 1);
    }),
  );
  const dice = createDice(7);
  const hits = some(20_000, () => dice('start')).filter((each) => each < 0.06).length;
  t.ok(hits > 1000 && hits < 1400, `${hits} of 20,000 are below 0.06`);
});

t.test('a draw falls on at most one word, and on each as far as its share reaches', async (t) => {
  const shares = { first: 0.25, never: 0, second: 0.5 };
  const falls = [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map((drawn) => choose(shares, drawn));
  t.strictSame(falls, ['first', 'first', 'second', 'second', null, null]);
  t.equal(choose({ none: 0 }, 0), null);
  t.equal(choose({ all: 1 }, 0.99999), 'all');
});

t.test('a time is a whole number within its span, both ends included', async (t) => {
  t.equal(
    within([450, 1500], () => 0, 'late'),
    450,
  );
  t.equal(
    within([450, 1500], () => 0.99999, 'late'),
    1500,
  );
  t.equal(
    within([0, 0], () => 0.5, 'late'),
    0,
  );
});
