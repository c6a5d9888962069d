import t from 'tap';
import type { Started } from '../fakes/gitlab.ts';
import { policies, startWithPolicies, tokens } from '../fakes/policies.ts';

const ref = 'half-of-staging';

async function headOf({ call }: Started): Promise<string> {
  return JSON.parse((await call('GET', `${policies}/merge_requests/2`)).text).sha;
}

t.test('statuses that are refused', async (t) => {
  const started = await startWithPolicies(t);
  const { call } = started;
  const path = `${policies}/statuses/${await headOf(started)}`;
  const set = (json: unknown, token = 'glpat-sandbox-gateway') => call('POST', path, { json, token });
  t.equal((await set({ state: 'success' }, tokens.gus)).status, 404);
  t.equal((await set({ state: 'success' }, 'glpat-sandbox-reader')).status, 403);
  t.match(await set({}), { status: 400, body: { error: 'state is missing' } });
  t.match(await set({ state: 'great' }), {
    status: 400,
    body: { error: 'state does not have a valid value' },
  });
  t.equal((await set({ state: 'success', description: 'x'.repeat(256) })).status, 400);
  t.equal((await set({ state: 'success', target_url: 'javascript:alert(1)' })).status, 400);
  const nowhere = `${policies}/statuses/${'0'.repeat(40)}`;
  t.match(await call('POST', nowhere, { json: { state: 'success' } }), {
    status: 404,
    body: { message: '404 Commit Not Found' },
  });
  const list = `${policies}/repository/commits/${await headOf(started)}/statuses`;
  t.same((await call('GET', list)).body, []);
});

t.test('a status goes on from pending to running to its end, as one', async (t) => {
  const started = await startWithPolicies(t);
  const { call, clock } = started;
  const sha = await headOf(started);
  const set = async (state: string, more: object = {}) => {
    clock.at += 1000;
    const json = { state, name: 'chatops/policy', ref, ...more };
    return call('POST', `${policies}/statuses/${sha}`, { json });
  };
  const first = await set('pending', { description: 'Reads', target_url: 'https://example.com/1' });
  t.match(first, { status: 201, body: { status: 'pending', name: 'chatops/policy', ref, sha } });
  t.match(await set('pending'), {
    status: 400,
    body: {
      message:
        'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")',
    },
  });
  t.match(await set('running'), { status: 201, body: { started_at: '2026-03-01T10:00:03.000Z' } });
  t.match(await set('running'), { status: 400, body: { message: /via :run from :running/ } });
  t.match(await set('pending'), { status: 400, body: { message: /via :enqueue from :running/ } });
  t.match(await set('failed', { description: 'Two cases fail' }), { status: 201 });
  const list = `${policies}/repository/commits/${sha}/statuses`;
  const { id }: { id: number } = JSON.parse(first.text);
  t.match((await call('GET', list)).body, [
    {
      id,
      status: 'failed',
      description: 'Two cases fail',
      target_url: 'https://example.com/1',
      finished_at: '2026-03-01T10:00:06.000Z',
      author: { username: 'chatops-bot' },
    },
  ]);
});

t.test('beside a finished one a new one begins; other names, refs and people have their own', async (t) => {
  const started = await startWithPolicies(t);
  const { call } = started;
  const sha = await headOf(started);
  const set = (json: object, token = 'glpat-sandbox-gateway') =>
    call('POST', `${policies}/statuses/${sha}`, { json, token });
  const list = async (query = ''): Promise<readonly (readonly string[])[]> => {
    const path = `${policies}/repository/commits/${sha}/statuses${query}`;
    const all: readonly { name: string; ref: string; status: string }[] = JSON.parse(
      (await call('GET', path)).text,
    );
    return all.map(({ name, ref, status }) => [name, ref, status]);
  };
  await set({ state: 'failed', name: 'a', ref });
  await set({ state: 'pending', name: 'a', ref });
  t.same(await list(), [['a', ref, 'pending']]);
  t.equal((await list('?all=true')).length, 2);
  await set({ state: 'success', context: 'b' });
  await set({ state: 'success', name: 'b', ref: 'other' });
  t.same(await list('?name=b'), [
    ['b', ref, 'success'],
    ['b', 'other', 'success'],
  ]);
  t.same(await list('?ref=other'), [['b', 'other', 'success']]);
  t.equal((await set({ state: 'pending', name: 'a', ref }, tokens.ana)).status, 201, 'not her pending one');
});
