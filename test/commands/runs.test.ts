import t from 'tap';
import { createRunShow, createRuns } from '../../src/commands/runs.ts';
import type { Run } from '../../src/core/run.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { builtInCall, linesOfReply } from '../support/built-in-call.ts';
import { run } from '../support/runs.ts';

const bo = { account: 'slack:T1/UBO', name: 'Bo', person: undefined };
const elsewhere = { id: 'slack:T1/COTHER', name: 'other' };
const lost = {
  digest: '',
  failures: 1,
  finalFailures: 1,
  givenUp: 'nobody could be told: chat.postMessage: is_archived',
};
const late = { digest: '', failures: 3, finalFailures: 3, notBefore: 9000 };
const over = { state: 'succeeded', dueAt: null, version: 0 } as const;

const world = async (runs: readonly Run[]) => {
  const store = createMemoryStore({ now: () => 0 });
  for (const one of runs) await store.create(one);
  const type = async (text: string, by: Parameters<typeof builtInCall>[2] = {}) => {
    const show = text.startsWith('run show') ? createRunShow(store) : createRuns(store);
    return linesOfReply(await show(builtInCall(['runs', 'run show'], text, by)));
  };
  return { type };
};

t.test('another word than the four is answered with the usage', async (t) => {
  const { type } = await world([]);
  t.same(await type('runs undelivred'), ['Usage: /chatops runs [mine|active|failed|undelivered]']);
});

t.test('private runs of others, and those of other channels, are not shown', async (t) => {
  const { type } = await world([
    run({ ...over, id: 'rprivate', caller: bo, audience: 'caller', told: lost }),
    run({ ...over, id: 'rabroad', caller: bo, channel: elsewhere, told: lost }),
  ]);
  for (const typed of ['runs', 'runs mine', 'runs failed', 'runs active'])
    t.same(await type(typed), ['No runs to show.'], typed);
  t.same(await type('runs undelivered'), ['Every run has had its last word.']);
  for (const id of ['rprivate', 'rabroad', 'rnone'])
    t.match(await type(`run show ${id}`), [`There is no run ${id} that you can see here.`]);
});

t.test('runs whose last word did not reach chat are listed with what was in the way', async (t) => {
  const { type } = await world([
    run({ ...over, id: 'rlost', createdAt: 1, told: lost }),
    run({ ...over, id: 'rlate', createdAt: 3, told: late, caller: bo }),
    run({
      ...over,
      id: 'rown',
      createdAt: 2,
      told: { ...late, failures: 1 },
      channel: elsewhere,
      audience: 'caller',
    }),
    run({ ...over, id: 'rtold', createdAt: 4 }),
    run({ version: 0, id: 'rgoing', createdAt: 5, told: late }),
  ]);
  const words = 'lb weight web 10 --env=production';
  t.same(await type('runs undelivered'), [
    '3 runs whose last word did not reach chat',
    `rlate @3 ${words} succeeded · Bo`,
    '    Still trying, it went wrong 3 times so far.',
    `rown @2 ${words} succeeded · Ana`,
    '    Still trying, it went wrong once so far.',
    `rlost @1 ${words} succeeded · Ana`,
    '    Given up: nobody could be told: chat.postMessage: is_archived',
    '/chatops run show <id> tells how one ended.',
  ]);
  t.equal(
    (await type('runs undelivered', { account: bo.account }))[0],
    '2 runs whose last word did not reach chat',
  );
});

t.test('of many the newest are shown', async (t) => {
  const many = Array.from({ length: 25 }, (_, at) =>
    run({ ...over, id: `r${at}`, createdAt: at, told: lost }),
  );
  const { type } = await world(many);
  const lines = await type('runs undelivered');
  t.equal(lines[0], '25 runs whose last word did not reach chat; the newest 10');
  t.equal(lines.length, 22);
  t.match(lines[1], /^r24 /);
});
