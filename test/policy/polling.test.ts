import t, { type Test } from 'tap';
import { createPolling, type PollingParts } from '../../src/policy/polling.ts';

/** Looks that end when the test says so, and a count of those at the same time. */
const createLooks = (test: Test, parts: Partial<PollingParts> = {}) => {
  const looks = { begun: 0, atOnce: 0, most: 0, at: [] as number[], end: () => {}, held: false };
  const polling = createPolling({
    everyMs: 3_600_000,
    random: () => 0.5,
    hintedMs: 20,
    changed: async () => {
      looks.begun++;
      looks.at.push(performance.now());
      looks.most = Math.max(looks.most, ++looks.atOnce);
      if (looks.held)
        await new Promise<void>((done) => {
          looks.end = done;
        });
      looks.atOnce--;
    },
    ...parts,
  });
  test.teardown(() => polling.close());
  return { looks, polling };
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const until = async (condition: () => boolean): Promise<void> => {
  for (let left = 2000; !condition(); left--) {
    if (left === 0) throw new Error(`waiting in vain for ${condition}`);
    await pause(5);
  }
};

t.test('nothing is looked at after it was closed, whatever is hinted', async (t) => {
  const { looks, polling } = createLooks(t, { everyMs: 10 });
  await until(() => looks.begun > 1);
  looks.held = true;
  await until(() => looks.atOnce === 1);
  const { begun } = looks;
  polling.close();
  looks.end();
  polling.hint();
  await pause(100);
  t.equal(looks.begun, begun);
});

t.test(
  'one look at a time, however many hints come, and another after it for those that came meanwhile',
  async (t) => {
    const { looks, polling } = createLooks(t);
    looks.held = true;
    for (let hints = 0; hints < 100; hints++) polling.hint();
    await until(() => looks.begun === 1);
    await pause(60);
    t.equal(looks.begun, 1, 'a hundred hints, one look');
    for (let hints = 0; hints < 100; hints++) polling.hint();
    await pause(60);
    t.equal(looks.begun, 1, 'not beside the other');
    looks.held = false;
    looks.end();
    await until(() => looks.begun === 2);
    await pause(60);
    t.same([looks.begun, looks.most], [2, 1]);
  },
);

t.test('hints without end make a look for each pause between them, not for each hint', async (t) => {
  const { looks, polling } = createLooks(t, { hintedMs: 50 });
  while (looks.begun < 4) {
    polling.hint();
    await new Promise((done) => setImmediate(done));
  }
  const gaps = looks.at.slice(1).map((at, index) => at - (looks.at[index] ?? 0));
  t.ok(
    gaps.every((gap) => gap > 45),
    `${gaps}`,
  );
});

t.test('a look that fails does not end the looking', async (t) => {
  let looks = 0;
  const { polling } = createLooks(t, {
    everyMs: 5,
    changed: async () => {
      looks++;
      throw new Error('away');
    },
  });
  await until(() => looks > 3);
  polling.hint();
  const before = looks;
  await until(() => looks > before);
  t.pass();
});

t.test('looks follow one another without any hint', async (t) => {
  const { looks } = createLooks(t, { everyMs: 10 });
  await until(() => looks.begun > 3);
  t.equal(looks.most, 1);
});

t.test('instances that began together do not ask together', async (t) => {
  const order: string[] = [];
  for (const [name, random] of [
    ['late', 0.9],
    ['soon', 0],
  ] as const)
    createLooks(t, { everyMs: 400, random: () => random, changed: async () => void order.push(name) });
  await until(() => order.includes('late'));
  t.equal(order[0], 'soon');
});
