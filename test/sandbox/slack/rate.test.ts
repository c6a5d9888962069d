import t from 'tap';
import { createRate } from '../../../src/sandbox/slack/rate.ts';

t.test('after the burst a channel waits, and only that channel', async (t) => {
  const take = createRate({ burst: 2, perSecond: 0.5 }, () => 0);
  t.same([take('a'), take('a'), take('a'), take('b')], [0, 0, 2, 0]);
});

t.test('places come back with time, never more than the burst', async (t) => {
  let now = 0;
  const take = createRate({ burst: 2, perSecond: 1 }, () => now);
  take('a');
  take('a');
  now = 900;
  t.equal(take('a'), 1);
  now = 1000;
  t.equal(take('a'), 0);
  now = 3_600_000;
  t.same([take('a'), take('a'), take('a')], [0, 0, 1]);
});

t.test('a clock that goes back takes no places away', async (t) => {
  let now = 60_000;
  const take = createRate({ burst: 2, perSecond: 1 }, () => now);
  take('a');
  now = 0;
  t.equal(take('a'), 0);
});

t.test('switched off, it never refuses', async (t) => {
  const take = createRate('off', () => 0);
  t.same(
    Array.from({ length: 100 }, () => take('a')).filter((each) => each > 0),
    [],
  );
});
