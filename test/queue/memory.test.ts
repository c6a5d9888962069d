import t from 'tap';
import { createMemoryQueue } from '../../src/queue/memory.ts';
import { queueContract, until } from '../contracts/queue.ts';

t.test('the queue in memory keeps the contract', async (t) => {
  await queueContract(t, async (t) => {
    const problems: string[] = [];
    const queue = createMemoryQueue({ problem: (words) => void problems.push(words) });
    t.teardown(() => queue.close());
    return { queue, problems };
  });
});

t.test('closing does not wait for ever for work that hangs', async (t) => {
  const queue = createMemoryQueue({ problem: () => undefined, closeWithinMs: 20 });
  let begun = false;
  queue.start(() => {
    begun = true;
    return new Promise(() => undefined);
  });
  await queue.wake('r1', 0, false);
  await until(() => begun);
  await t.resolves(queue.close());
});

t.test('nothing is delivered after closing', async (t) => {
  const queue = createMemoryQueue({ problem: () => undefined });
  const woken: string[] = [];
  queue.start(async (runId) => void woken.push(runId));
  await queue.wake('r1', 1, false);
  await queue.close();
  await queue.wake('r2', 0, false);
  const other = createMemoryQueue({ problem: () => undefined });
  other.start(async () => void woken.push('other'));
  await other.wake('r3', 10, false);
  await until(() => woken.length > 0);
  t.same(woken, ['other']);
});
