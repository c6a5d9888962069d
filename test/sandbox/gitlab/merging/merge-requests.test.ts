import t from 'tap';
import type { Started } from '../fakes/gitlab.ts';
import { policies, policyCsv, startWithPolicies, tokens } from '../fakes/policies.ts';

const all = `${policies}/merge_requests`;
const two = `${all}/2`;

/** One commit on a branch, by its author. */
const push = ({ call }: Started, branch: string, content: string, token: string = tokens.bo) => {
  const actions = [{ action: 'update', file_path: 'policy.csv', content }];
  const json = { branch, commit_message: 'Next try', actions };
  return call('POST', `${policies}/repository/commits`, { json, token });
};

t.test('what cannot be read, opened or changed', async (t) => {
  const { call } = await startWithPolicies(t);
  t.equal((await call('GET', `${all}/99`)).status, 404);
  t.equal((await call('GET', `${all}/x`)).status, 404);
  t.equal((await call('GET', two, { token: tokens.gus })).status, 404);
  t.equal((await call('GET', `${all}?state=nope`)).status, 400);
  t.equal((await call('PUT', two, { json: { title: 'x' }, token: 'glpat-sandbox-reader' })).status, 403);
  const open = (json: unknown) => call('POST', all, { json, token: tokens.bo });
  const branches = { source_branch: 'half-of-staging', target_branch: 'main' };
  t.match(await open({ ...branches }), { status: 400, body: { error: 'title is missing' } });
  t.match(await open({ title: 'x', target_branch: 'main' }), { status: 400 });
  t.match(await open({ ...branches, title: 'x' }), {
    status: 409,
    body: { message: ['Another open merge request already exists for this source branch: !2'] },
  });
  t.equal((await open({ title: 'x', source_branch: 'main', target_branch: 'main' })).status, 422);
  t.equal((await open({ title: 'x', source_branch: 'nope', target_branch: 'main' })).status, 400);
  t.equal((await call('GET', all)).headers.get('x-total'), '2');
});

t.test('merges that are refused, and why', async (t) => {
  const started = await startWithPolicies(t);
  const { call } = started;
  const merge = (iid: number, token: string, json: unknown = {}) =>
    call('PUT', `${all}/${iid}/merge`, { json, token });
  t.match(await merge(2, tokens.bo), { status: 401 }, 'a Developer');
  t.match(await merge(2, 'glpat-sandbox-gateway'), { status: 401 }, "the gateway's own account");
  t.match(
    await merge(1, tokens.ana),
    { status: 405, body: { message: '405 Method Not Allowed' } },
    'one that is merged',
  );
  await call('PUT', two, { json: { state_event: 'close' }, token: tokens.bo });
  t.match(await merge(2, tokens.ana), { status: 405 }, 'one that is closed');
  await call('PUT', two, { json: { state_event: 'reopen', title: 'Draft: more' }, token: tokens.bo });
  t.match(await merge(2, tokens.ana), { status: 405 }, 'a draft');
  await call('PUT', two, { json: { title: 'More' }, token: tokens.bo });
  const wrong = await merge(2, tokens.ana, { sha: '0'.repeat(40) });
  t.match(wrong, {
    status: 409,
    body: { message: /^SHA does not match HEAD of source branch: [0-9a-f]{40}$/ },
  });
  await push(started, 'main', 'p, other, *, *, *, allow\n', tokens.ana);
  t.match(
    await merge(2, tokens.ana),
    { status: 422, body: { message: 'Branch cannot be merged' } },
    'a conflict',
  );
  t.match((await call('GET', two)).body, {
    state: 'opened',
    has_conflicts: true,
    merge_status: 'cannot_be_merged',
    detailed_merge_status: 'conflict',
  });
});

t.test('merged by another one: main has it, by a commit that names it', async (t) => {
  const { call } = await startWithPolicies(t);
  const before: { sha: string; diff_refs: Record<string, string> } = JSON.parse(
    (await call('GET', two)).text,
  );
  t.equal(before.diff_refs.head_sha, before.sha);
  t.equal(before.diff_refs.base_sha, before.diff_refs.start_sha);
  const json = { sha: before.sha, should_remove_source_branch: true };
  const merged = await call('PUT', `${two}/merge`, { json, token: tokens.ana });
  t.match(merged, {
    status: 200,
    body: { state: 'merged', merge_user: { username: 'ana' }, sha: before.sha },
  });
  const { merge_commit_sha: sha }: { merge_commit_sha: string } = JSON.parse(merged.text);
  const commit = await call('GET', `${policies}/repository/commits/${sha}`);
  t.match(commit.body, {
    parent_ids: [before.diff_refs.base_sha, before.sha],
    message: [
      "Merge branch 'half-of-staging' into 'main'",
      "Developers may move up to half of staging's traffic",
      'See merge request chatops/policies!2',
    ].join('\n\n'),
  });
  const main = await call('GET', `${policies}/repository/files/policy.csv/raw?ref=main`);
  t.match(main.text, 'weight <= 50');
  t.equal((await call('GET', `${policies}/repository/branches/half-of-staging`)).status, 404);
  for (const one of [sha, before.sha]) {
    const found = await call('GET', `${policies}/repository/commits/${one}/merge_requests`);
    t.match(found.body, [{ iid: 2, state: 'merged', author: { username: 'bo' } }]);
    t.equal(found.headers.get('x-total'), '1');
  }
  t.match((await call('GET', two)).body, { diff_refs: before.diff_refs, changes_count: '1' });
});

t.test('a merge keeps what main got meanwhile', async (t) => {
  const { call } = await startWithPolicies(t);
  const actions = [{ action: 'create', file_path: 'commands/new.yml', content: 'name: new\n' }];
  const json = { branch: 'main', commit_message: 'New', actions };
  await call('POST', `${policies}/repository/commits`, { json, token: tokens.carol });
  t.equal((await call('PUT', `${two}/merge`, { token: tokens.ana })).status, 200);
  const tree = await call('GET', `${policies}/repository/tree?path=commands`);
  t.match(tree.body, [{ path: 'commands/lb.yml' }, { path: 'commands/new.yml' }]);
});

t.test('a new commit moves the head, and says so below', async (t) => {
  const started = await startWithPolicies(t);
  const { call, clock } = started;
  const { sha: old }: { sha: string } = JSON.parse((await call('GET', two)).text);
  clock.at += 60_000;
  const { id }: { id: string } = JSON.parse(
    (await push(started, 'half-of-staging', policyCsv.replace('<= 25', '<= 40'))).text,
  );
  t.match((await call('GET', two)).body, { sha: id, diff_refs: { head_sha: id }, user_notes_count: 0 });
  t.not(id, old);
  t.match((await call('GET', `${two}/commits`)).body, [{ id }, { id: old }]);
  t.match((await call('GET', `${two}/notes`)).body, [
    { system: true, body: `added 1 commit\n\n* ${id.slice(0, 8)} - Next try`, author: { username: 'bo' } },
  ]);
});

t.test('what is pushed after the merge changes nothing about it', async (t) => {
  const started = await startWithPolicies(t);
  const { call } = started;
  await call('PUT', `${two}/merge`, { json: {}, token: tokens.ana });
  const merged = await call('GET', two);
  t.equal((await push(started, 'half-of-staging', 'p, x, *, *, *, allow\n')).status, 201);
  t.same((await call('GET', two)).body, merged.body);
});

t.test('the list is filtered and sorted', async (t) => {
  const { call } = await startWithPolicies(t);
  const iids = async (query: string): Promise<readonly number[]> => {
    const list: readonly { iid: number }[] = JSON.parse((await call('GET', `${all}?${query}`)).text);
    return list.map(({ iid }) => iid);
  };
  t.same(await iids(''), [2, 1]);
  t.same(await iids('sort=asc'), [1, 2]);
  t.same(await iids('state=opened&target_branch=main'), [2]);
  t.same(await iids('state=merged'), [1]);
  t.same(await iids('source_branch=half-of-staging'), [2]);
  t.same(await iids('state=closed'), []);
});

t.test('approvals: not by the author, once each, and taken back', async (t) => {
  const { call } = await startWithPolicies(t);
  const json = {};
  t.equal((await call('POST', `${two}/approve`, { json, token: tokens.bo })).status, 401);
  t.equal((await call('POST', `${two}/approve`, { json: { sha: 'x' }, token: tokens.ana })).status, 409);
  t.match(await call('POST', `${two}/approve`, { json, token: tokens.ana }), {
    status: 201,
    body: { approved: true, user_has_approved: true },
  });
  t.equal((await call('POST', `${two}/approve`, { json, token: tokens.ana })).status, 401);
  t.match((await call('GET', `${two}/approvals`)).body, { approved_by: [{ user: { username: 'ana' } }] });
  t.equal((await call('POST', `${two}/unapprove`, { json, token: tokens.ana })).status, 201);
  t.same(JSON.parse((await call('GET', `${two}/approvals`)).text).approved_by, []);
});
