import t from 'tap';
import { after } from '../../src/queue/timers.ts';

/** Node says so on standard error and fires after 1 ms when asked to wait longer than it can. */
const overflows = (t: { teardown(act: () => void): void }): readonly string[] => {
  const heard: string[] = [];
  const hear = (warning: Error) => void heard.push(warning.name);
  process.on('warning', hear);
  t.teardown(() => process.removeListener('warning', hear));
  return heard;
};

t.test('a time longer than a timer can wait is not cut short', async (t) => {
  const heard = overflows(t);
  const fired: string[] = [];
  const cancels = [2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY, Number.NaN].map((ms) =>
    after(ms, () => fired.push(`${ms}`)),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.same(fired, []);
  t.same(heard, []);
  for (const cancel of cancels) cancel();
});

t.test('what was called off does not happen', async (t) => {
  const fired: string[] = [];
  after(1, () => fired.push('off'))();
  after(10, () => fired.push('on'));
  while (fired.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  t.same(fired, ['on']);
});
