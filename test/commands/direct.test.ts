import t from 'tap';
import { createDirect, type Effect } from '../../src/commands/direct.ts';
import { fillCall, httpEffect } from '../../src/commands/http-call.ts';
import type { HttpCall } from '../../src/core/command.ts';
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

t.test('an effect that failed says why; one that may have happened says that', async (t) => {
  t.match(await work(broken(true)).go(), { state: 'failed', outcome: { because: /GitLab is away/ } });
  t.match(await work(broken(false)).go(), { state: 'uncertain', outcome: { because: /may have been done/ } });
});

t.test('after a crash only a harmless effect is done again', async (t) => {
  const intent = { attempt: 1, sendUntil: 10_000 };
  t.match(await work({ ...done, repeatable: false }).go({ intent }), { state: 'uncertain' });
  t.match(await work(done).go({ intent }), { state: 'succeeded', intent: { attempt: 2 } });
});

const call: HttpCall = {
  method: 'POST',
  url: 'https://flags.example/api/{backend}?w={weight}',
  headers: { 'x-asked-by': '{env}' },
  body: { weight: '{weight}', note: 'to {backend}', list: ['{env}'], keep: 1 },
};

t.test('values fill a declared call as data', async (t) => {
  const hostile = { backend: 'a/../b?x=1#y', weight: 10, env: 'x\r\nEvil: 1' };
  const request = fillCall(call, hostile);
  t.equal(request.url, 'https://flags.example/api/a%2F..%2Fb%3Fx%3D1%23y?w=10');
  t.notMatch(request.headers['x-asked-by'], /[\r\n]/);
  t.same(JSON.parse(request.body ?? ''), {
    weight: 10,
    note: 'to a/../b?x=1#y',
    list: ['x\r\nEvil: 1'],
    keep: 1,
  });
});

t.test('the answer becomes the reply', async (t) => {
  const answer = (status: number, body: string) => async () => ({ status, body });
  const to = (reply: string | undefined, send: ReturnType<typeof answer>) =>
    httpEffect(call, reply, send).do(run());
  t.match(await to(undefined, answer(200, 'fine')), { state: 'succeeded', outcome: { text: 'fine' } });
  t.match(await to('{backend}: {status} {body.a.b}{body.nothing}', answer(200, '{"a":{"b":7}}')), {
    outcome: { text: 'web: 200 7' },
  });
  t.match(await to(undefined, answer(500, 'oops')), {
    state: 'uncertain',
    outcome: { because: /flags.example answered 500/ },
  });
  t.match(await to(undefined, answer(404, 'none')), { state: 'failed' });
});
