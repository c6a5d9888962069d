import t from 'tap';
import { createMemoryStore } from '../../src/store/memory.ts';
import { aRun } from '../contracts/a-run.ts';
import { storeContract } from '../contracts/store.ts';

t.test('the store in memory keeps the contract', async (t) => {
  await storeContract(t, async () => createMemoryStore({ now: Date.now }));
});

t.test('keys and uses that are past their time do not pile up', async (t) => {
  let clock = 1_000;
  const store = createMemoryStore({ now: () => clock });
  for (let n = 0; n < 5_000; n++) {
    clock += 1;
    await store.firstTime(`key ${n}`, 10);
    await store.allow(`caller ${n}`, 1, 10);
  }
  t.equal(await store.firstTime('key 4999', 10), false, 'a fresh key is still known');
  clock += 10;
  t.equal(await store.firstTime('key 4999', 10), true);
});

t.test('a run is kept to the last millisecond of its time', async (t) => {
  let clock = 0;
  const store = createMemoryStore({ now: () => clock });
  await store.create(aRun({ state: 'failed', changedAt: 0 }));
  clock = 30 * 24 * 60 * 60 * 1000 - 1;
  await store.create(aRun({ id: 'second' }));
  t.not(await store.load('r1'), undefined);
  clock += 1;
  await store.create(aRun({ id: 'third' }));
  t.equal(await store.load('r1'), undefined);
});
