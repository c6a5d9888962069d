import t from 'tap';
import { createResolve, type ResolveParts } from '../../src/commands/resolve.ts';
import type { AuditEntry } from '../../src/core/audit-entry.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { Run } from '../../src/core/run.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { builtInCall, linesOfReply } from '../support/built-in-call.ts';
import { run, view } from '../support/runs.ts';

const bo = 'slack:T1/UBO';
const { rule } = run();
const allowed: Decision = { allowed: true, rule, revision: 'abc123' };
const denied: Decision = { allowed: false, rule: undefined, near: [], revision: 'abc123' };

/** One stored run, an uncertain one unless said otherwise, and everything that resolving it does. */
const world = async (given: Partial<Run> = {}, change: Partial<ResolveParts> = {}) => {
  const store = createMemoryStore({ now: () => 5000 });
  const audit: AuditEntry[] = [];
  const wakes: (readonly [string, number, boolean])[] = [];
  const asked: string[] = [];
  await store.create(
    run({ state: 'uncertain', version: 0, dueAt: null, outcome: { because: 'lost' }, ...given }),
  );
  const resolve = createResolve({
    store,
    queue: { wake: async (...wake) => void wakes.push(wake) },
    audit: async (entry) => void audit.push(entry),
    now: () => 5000,
    decide: async ({ caller }) => {
      asked.push(caller.account);
      return allowed;
    },
    ...change,
  });
  const type = async (text: string, by: Parameters<typeof builtInCall>[2] = {}) =>
    linesOfReply(await resolve(builtInCall(['run resolve'], `run resolve ${text}`, by)));
  const stored = async (): Promise<Run> => {
    const now = await store.load('r0example');
    if (now === undefined) throw new Error('looking at the run: it is gone');
    return now;
  };
  return { store, audit, wakes, asked, type, stored };
};

t.test('wrong usage explains itself and changes nothing', async (t) => {
  const { type, stored, audit } = await world();
  for (const typed of ['', 'r0example', 'r0example done', 'r0example SUCCEEDED'])
    t.match(
      (await type(typed))[0],
      /^Usage: .*run resolve <id> succeeded\|failed\|not-started \[words why\]$/,
    );
  t.match(await type('r0example suceeded'), [/Usage/, 'Did you mean succeeded?']);
  t.match(await stored(), { state: 'uncertain', version: 1 });
  t.same(audit, []);
});

t.test('a run that is not visible is answered as one that does not exist', async (t) => {
  const elsewhere = { account: bo, channel: 'slack:T1/COTHER' };
  const { type, stored, asked } = await world();
  const hidden = await type('r0example succeeded', elsewhere);
  t.same(
    hidden,
    (await type('rnothing succeeded', elsewhere)).map((line) => line.replace('rnothing', 'r0example')),
  );
  const secret = await world({ audience: 'caller' });
  t.same(await secret.type('r0example succeeded', { account: bo }), hidden);
  t.match([await stored(), await secret.stored()], [{ state: 'uncertain' }, { state: 'uncertain' }]);
  t.same(asked, []);
});

t.test('a run that is not uncertain stays as it is, and it is said how it stands', async (t) => {
  const { type, stored, audit } = await world({ state: 'running' });
  t.match(await type('r0example failed'), [/is not uncertain: it is running\. Nothing was changed\./]);
  t.match(await stored(), { state: 'running', version: 1 });
  t.same(audit, []);
});

t.test('who may not run the very same command here may not resolve it, not even their own', async (t) => {
  const { type, stored, audit, wakes } = await world({}, { decide: async () => denied });
  t.match(await type('r0example succeeded'), [
    'Not allowed: run resolve r0example',
    /No rule allows you lb weight/,
  ]);
  t.match(await stored(), { state: 'uncertain', version: 1 });
  t.same([audit, wakes], [[], []]);
});

t.test('without a record nothing is changed', async (t) => {
  const audit = () => Promise.reject(new Error('the disk is full'));
  const { type, stored, wakes } = await world({}, { audit });
  await t.rejects(type('r0example succeeded'), { message: 'the disk is full' });
  t.match(await stored(), { state: 'uncertain', version: 1 });
  t.same(wakes, []);
});

t.test('a run whose pipeline is known was started', async (t) => {
  const { type, stored, audit } = await world({ pipeline: view() });
  t.match(await type('r0example not-started'), [/was started, as pipeline 1001\. Nothing was changed\./]);
  t.match(await stored(), { state: 'uncertain' });
  t.same(audit, []);
  t.match(await type('r0example failed'), [/^Noted: /]);
  t.match(await stored(), { state: 'failed', pipeline: { id: 1001 } });
});

t.test('what a person says becomes the state of the run, with who said so and why', async (t) => {
  const cases = [
    ['succeeded', 'succeeded', 'it succeeded', 'wait'],
    ['failed', 'failed', 'it failed', 'wait'],
    ['not-started', 'canceled', 'it was not started', 'wait'],
    ['not-started', 'canceled', 'it was not done', 'direct'],
  ] as const;
  for (const [verdict, state, words, mode] of cases) {
    const told = { digest: 'old', failures: 3, finalFailures: 2, notBefore: 9000, givenUp: 'no route' };
    const lease = { owner: 'somebody', until: 9000 };
    const { type, stored, audit, wakes, asked } = await world({ mode, told, lease });
    const typed = `r0example ${verdict} I  "looked" <!here>`;
    t.match(await type(typed, { account: bo }), [/^Noted: lb weight web 10 --env=production .*by your word/]);
    const because = `BO says that ${words}: I  "looked" <!here>`;
    t.match(await stored(), {
      state,
      outcome: { because },
      changedAt: 5000,
      dueAt: 5000,
      lease: null,
      version: 2,
    });
    t.same((await stored()).told, { digest: 'old', failures: 0, finalFailures: 0 }, 'chat is told anew');
    const resolved = { kind: 'resolved', run: 'r0example', account: bo, person: null, as: state };
    t.same(audit, [{ ...resolved, channel: 'slack:T1/COPS' }]);
    t.same([wakes, asked], [[['r0example', 0, true]], [bo]]);
  }
});

t.test('words that go on and on are cut', async (t) => {
  const { type, stored } = await world();
  await type(`r0example failed ${'word '.repeat(300)}`);
  const { outcome } = await stored();
  t.match(outcome?.because, /^ANA says that it failed: word .*…$/);
  t.ok((outcome?.because ?? '').length < 600);
});

t.test('without words there is one sentence', async (t) => {
  const { type, stored } = await world();
  await type('r0example failed');
  t.equal((await stored()).outcome?.because, 'ANA says that it failed.');
});

t.test('a save that comes in between is made up for', async (t) => {
  const { store, type, stored } = await world(
    {},
    {
      audit: async () => {
        const now = await stored();
        await store.save({ ...now, replyTo: { app: 'slack', to: { message: '1.2' } } });
      },
    },
  );
  t.match(await type('r0example succeeded'), [/^Noted/]);
  t.match(await stored(), { state: 'succeeded', replyTo: { to: { message: '1.2' } }, version: 3 });
});

t.test('of two people the first is believed, and the second is told', async (t) => {
  let first = true;
  const { store, type, stored, wakes } = await world(
    {},
    {
      audit: async () => {
        if (first)
          await store.save({ ...(await stored()), state: 'failed', outcome: { because: 'Bo was first.' } });
        first = false;
      },
    },
  );
  t.match(await type('r0example succeeded'), [/is not uncertain: it failed\. Nothing was changed\./]);
  t.match(await stored(), { state: 'failed', outcome: { because: 'Bo was first.' } });
  t.same(wakes, [], 'nothing was changed');
});

t.test('when the store does not answer, it is not known whether it was saved', async (t) => {
  const away = () => Promise.reject(new Error('the store is away'));
  const stored = run({ state: 'uncertain' });
  const { type } = await world({}, { store: { load: async () => stored, save: away } });
  await t.rejects(type('r0example succeeded'), { code: 'accept.unknown' });
  const busy = await world({}, { store: { load: async () => stored, save: async () => 'conflict' } });
  await t.rejects(busy.type('r0example succeeded'), { code: 'accept.unknown' });
});

t.test('a wake-up that is lost costs nothing but time', async (t) => {
  const { type, stored } = await world({}, { queue: { wake: () => Promise.reject(new Error('away')) } });
  t.match(await type('r0example succeeded'), [/^Noted/]);
  t.match(await stored(), { state: 'succeeded', dueAt: 5000 });
});
