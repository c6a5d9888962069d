import t from 'tap';
import { createDirect, type Effect } from '../../src/commands/direct.ts';
import type { Run } from '../../src/core/run.ts';
import { command } from '../support/commands.ts';
import { run } from '../support/runs.ts';

const done: Effect = { repeatable: true, do: async () => ({ state: 'succeeded', outcome: { text: 'on' } }) };
const broken = (repeatable: boolean): Effect => ({
  repeatable,
  do: async () => {
    throw new Error('reading the flag checkout-v2: GitLab is away');
  },
});

const work = (effect: Effect | undefined, now = 0) => {
  const saved: Run[] = [];
  const direct = createDirect({
    now: () => now,
    revision: () => 'abc123',
    command: () => command({ mode: 'direct' }),
    effectOf: () => effect,
  });
  const save = async (given: Run) => {
    saved.push(given);
    return given;
  };
  return { saved, go: (given: Partial<Run> = {}) => direct(run({ mode: 'direct', ...given }), save, true) };
};

t.test('the intent is saved before the effect', async (t) => {
  const { saved, go } = work(done);
  t.match(await go(), { state: 'succeeded', outcome: { text: 'on' }, dueAt: null });
  t.match(saved, [{ state: 'running', intent: { attempt: 1 } }]);
});

t.test('nothing is done', async (t) => {
  const canceledBy = { account: 'a', name: 'Bo', at: 0 };
  t.match(
    await work(undefined).go(),
    { state: 'failed', outcome: { because: /no longer/ } },
    'for a command that is gone',
  );
  t.match(await work(done, 130_000).go(), { state: 'expired' }, 'too late');
  t.match(await work(done).go({ canceledBy }), { state: 'canceled' }, 'when canceled');
});

t.test('a policy that changed in between: what was decided on is not done in another shape', async (t) => {
  t.match(await work(done).go({ revision: 'older' }), {
    state: 'expired',
    outcome: { because: /policies changed/ },
  });
  const intent = { attempt: 1, sendUntil: 10_000 };
  t.match(await work(done).go({ revision: 'older', intent }), { state: 'uncertain' });
});

t.test('an effect that failed says why; one that may have happened says that', async (t) => {
  t.match(await work(broken(true)).go(), { state: 'failed', outcome: { because: /GitLab is away/ } });
  t.match(await work(broken(false)).go(), { state: 'uncertain', outcome: { because: /may have been done/ } });
});

t.test('after a crash only a harmless effect is done again', async (t) => {
  const intent = { attempt: 1, sendUntil: 10_000 };
  t.match(await work({ ...done, repeatable: false }).go({ intent }), { state: 'uncertain' });
  t.match(await work(done).go({ intent }), { state: 'succeeded', intent: { attempt: 2 } });
});
