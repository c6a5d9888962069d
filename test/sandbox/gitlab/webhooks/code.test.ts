import t from 'tap';
import type { Started } from '../fakes/gitlab.ts';
import { policies, policyCsv, startWithPolicies, tokens } from '../fakes/policies.ts';

// Nobody listens there: what is sent is kept all the same.
const webhook = { url: 'http://127.0.0.1:1/gitlab/webhook', token: 'plain-secret' };

/** What was sent, as soon as so many calls have ended. */
async function sent({ gitlab }: Started, count: number) {
  while (gitlab.webhooks.recent().length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return gitlab.webhooks
    .recent()
    .map(({ event, body, headers }) => ({ event, headers, ...JSON.parse(body) }));
}

const push = ({ call }: Started, branch: string, token: string, content: string) => {
  const actions = [{ action: 'update', file_path: 'policy.csv', content }];
  const json = { branch, commit_message: 'Next try', actions };
  return call('POST', `${policies}/repository/commits`, { json, token });
};

t.test('seeding sends nothing, and what is refused sends nothing', async (t) => {
  const started = await startWithPolicies(t, undefined, { webhook });
  t.equal((await push(started, 'main', tokens.bo, 'x')).status, 403);
  t.equal(
    (await started.call('PUT', `${policies}/merge_requests/2/merge`, { token: tokens.bo })).status,
    401,
  );
  t.equal(
    (await started.call('PUT', `${policies}/merge_requests/1/merge`, { token: tokens.ana })).status,
    405,
  );
  const title = "Developers may move up to half of staging's traffic";
  await started.call('PUT', `${policies}/merge_requests/2`, { json: { title }, token: tokens.bo });
  await push(started, 'half-of-staging', tokens.bo, 'x');
  t.match(await sent(started, 2), [{ event: 'Push Hook' }, { event: 'Merge Request Hook' }]);
  t.equal(started.gitlab.webhooks.recent().length, 2, 'nor does a change that changes nothing');
});

t.test('a push to a branch with an open merge request sends both', async (t) => {
  const started = await startWithPolicies(t, undefined, { webhook });
  const { call } = started;
  const { sha: old }: { sha: string } = JSON.parse((await call('GET', `${policies}/merge_requests/2`)).text);
  const made = await push(started, 'half-of-staging', tokens.bo, policyCsv.replace('<= 25', '<= 40'));
  const { id }: { id: string } = JSON.parse(made.text);
  const [first, second] = await sent(started, 2);
  t.match(first, {
    event: 'Push Hook',
    headers: { 'x-gitlab-token': 'plain-secret', 'x-gitlab-event': 'Push Hook' },
    object_kind: 'push',
    ref: 'refs/heads/half-of-staging',
    ref_protected: false,
    before: old,
    after: id,
    checkout_sha: id,
    user_username: 'bo',
    project: { path_with_namespace: 'chatops/policies', id: 105 },
    commits: [{ id, title: 'Next try', modified: ['policy.csv'], added: [], removed: [] }],
    total_commits_count: 1,
  });
  t.match(second, {
    event: 'Merge Request Hook',
    object_kind: 'merge_request',
    user: { username: 'bo' },
    project: { path_with_namespace: 'chatops/policies' },
    object_attributes: {
      iid: 2,
      action: 'update',
      oldrev: old,
      state: 'opened',
      source_branch: 'half-of-staging',
      target_branch: 'main',
      last_commit: { id },
      url: `${started.gitlab.url}/chatops/policies/-/merge_requests/2`,
    },
  });
});

t.test('open, reworded, closed, reopened, merged: each is one event, without an older head', async (t) => {
  const started = await startWithPolicies(t, undefined, { webhook });
  const { call } = started;
  const two = `${policies}/merge_requests/2`;
  const change = (json: unknown) => call('PUT', two, { json, token: tokens.bo });
  await change({ title: 'More' });
  await change({ state_event: 'close' });
  await change({ state_event: 'reopen' });
  await call('PUT', `${two}/merge`, { json: {}, token: tokens.ana });
  const json = { branch: 'topic', ref: 'main' };
  await call('POST', `${policies}/repository/branches`, { json, token: tokens.bo });
  const wish = { source_branch: 'topic', target_branch: 'main', title: 'Nothing yet' };
  await call('POST', `${policies}/merge_requests`, { json: wish, token: tokens.bo });
  await call('DELETE', `${policies}/repository/branches/topic`, { token: tokens.bo });
  const all = await sent(started, 8);
  // Calls end in any order; they began in this one.
  const told = all.map((one) =>
    one.object_kind === 'push'
      ? `push ${one.ref} ${one.before === '0'.repeat(40)} ${one.after === '0'.repeat(40)}`
      : `${one.object_attributes.action} !${one.object_attributes.iid} ${one.object_attributes.state}`,
  );
  t.same(told.toSorted(), [
    'close !2 closed',
    'merge !2 merged',
    'open !3 opened',
    'push refs/heads/main false false',
    'push refs/heads/topic false true',
    'push refs/heads/topic true false',
    'reopen !2 opened',
    'update !2 opened',
  ]);
  t.ok(all.every((one) => !('oldrev' in (one.object_attributes ?? {}))));
  const toMain = all.find(({ ref }) => ref === 'refs/heads/main');
  t.match(toMain, { ref_protected: true, total_commits_count: 2, user_username: 'ana' });
});

t.test('a hook gets only what it asks for', async (t) => {
  const started = await startWithPolicies(t);
  const { call } = started;
  const json = { url: webhook.url, push_events: false, merge_requests_events: true };
  const made = await call('POST', `${policies}/hooks`, { json, token: tokens.ana });
  t.match(made, { status: 201, body: { push_events: false, merge_requests_events: true } });
  await push(started, 'half-of-staging', tokens.bo, 'p, x, *, *, *, allow\n');
  t.match(await sent(started, 1), [{ event: 'Merge Request Hook' }]);
  t.equal(started.gitlab.webhooks.recent().length, 1);
});
