import t from 'tap';
import { policies, startWithPolicies, tokens } from '../fakes/policies.ts';

const notes = `${policies}/merge_requests/2/notes`;

t.test('notes that are refused', async (t) => {
  const { call } = await startWithPolicies(t);
  t.equal((await call('GET', `${policies}/merge_requests/99/notes`)).status, 404);
  t.equal((await call('POST', `${policies}/merge_requests/99/notes`, { json: { body: 'x' } })).status, 404);
  t.match(await call('POST', notes, { json: {} }), { status: 400, body: { error: 'body is missing' } });
  t.equal((await call('POST', notes, { json: { body: ' \n' } })).status, 400);
  t.equal((await call('POST', notes, { json: { body: 'x'.repeat(1_000_001) } })).status, 400);
  t.equal((await call('POST', notes, { json: { body: 'x' }, token: 'glpat-sandbox-reader' })).status, 403);
  t.equal((await call('GET', `${notes}/1`)).status, 404);
  t.same((await call('GET', notes)).body, []);
});

t.test("the gateway's note has its account as author, and stays one note when it is put again", async (t) => {
  const { call, clock } = await startWithPolicies(t);
  const made = await call('POST', notes, { json: { body: 'First' } });
  t.match(made, {
    status: 201,
    body: { author: { username: 'chatops-bot' }, system: false, noteable_iid: 2 },
  });
  const { id }: { id: number } = JSON.parse(made.text);
  clock.at += 1000;
  t.match(await call('PUT', `${notes}/${id}`, { json: { body: 'Second' } }), { status: 200 });
  t.match((await call('GET', notes)).body, [
    { id, body: 'Second', created_at: '2026-03-01T10:00:00.000Z', updated_at: '2026-03-01T10:00:01.000Z' },
  ]);
  t.match((await call('GET', `${notes}/${id}`)).body, { body: 'Second' });
  t.match((await call('GET', `${policies}/merge_requests/2`)).body, { user_notes_count: 1 });
  t.equal((await call('DELETE', `${notes}/${id}`)).status, 204);
  t.same((await call('GET', notes)).body, []);
});

t.test('nobody edits the note of somebody else but a Maintainer, and nobody those of GitLab', async (t) => {
  const { call } = await startWithPolicies(t);
  const made = await call('POST', notes, { json: { body: 'By Bo' }, token: tokens.bo });
  const { id }: { id: number } = JSON.parse(made.text);
  const json = { body: 'Forged' };
  t.match(await call('PUT', `${notes}/${id}`, { json }), { status: 403, body: { message: '403 Forbidden' } });
  t.equal((await call('DELETE', `${notes}/${id}`)).status, 403);
  t.match((await call('GET', `${notes}/${id}`)).body, { body: 'By Bo' });
  t.equal((await call('PUT', `${notes}/${id}`, { json, token: tokens.ana })).status, 200);
  await call('PUT', `${policies}/merge_requests/2`, { json: { state_event: 'close' }, token: tokens.bo });
  const [system] = JSON.parse((await call('GET', `${notes}?sort=desc`)).text);
  t.match(system, { body: 'closed', system: true });
  t.equal((await call('PUT', `${notes}/${system.id}`, { json, token: tokens.bo })).status, 403);
});

t.test('notes come page by page, newest first unless asked otherwise', async (t) => {
  const { call, clock } = await startWithPolicies(t);
  for (const body of ['a', 'b', 'c']) {
    clock.at += 1000;
    await call('POST', notes, { json: { body } });
  }
  const newest = await call('GET', `${notes}?per_page=2`);
  t.match(newest.body, [{ body: 'c' }, { body: 'b' }]);
  t.equal(newest.headers.get('x-next-page'), '2');
  t.match((await call('GET', `${notes}?sort=asc&per_page=1&page=2`)).body, [{ body: 'b' }]);
});
