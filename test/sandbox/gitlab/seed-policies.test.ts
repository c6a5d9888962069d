import t from 'tap';
import { startFake } from './fakes/gitlab.ts';
import { policies, policyCsv, startWithPolicies } from './fakes/policies.ts';

t.test('without a folder there is no policy project', async (t) => {
  const { call } = await startFake(t);
  t.equal((await call('GET', policies)).status, 404);
});

t.test('without the rule about traffic nothing stays open', async (t) => {
  for (const files of [{ 'policy.csv': 'p, role:sre, *, *, *, allow\n' }, { 'README.md': 'Nothing yet\n' }]) {
    const { call } = await startWithPolicies(t, files);
    const all = await call('GET', `${policies}/merge_requests`);
    t.match(all.body, [{ iid: 1, state: 'merged' }]);
    t.equal(all.headers.get('x-total'), '1');
  }
});

t.test('main holds the folder as it is, and came through a merge request of two people', async (t) => {
  const { call } = await startWithPolicies(t);
  const raw = await call('GET', `${policies}/repository/files/policy.csv/raw?ref=main`);
  t.equal(raw.text, policyCsv);
  t.match((await call('GET', `${policies}/repository/tree?recursive=true`)).body, [
    { path: 'commands', type: 'tree' },
    { path: 'commands/lb.yml' },
    { path: 'policy.csv' },
  ]);
  const first = (await call('GET', `${policies}/merge_requests/1`)).body;
  t.match(first, {
    state: 'merged',
    author: { username: 'carol' },
    merge_user: { username: 'ana' },
    merged_by: { username: 'ana' },
    target_branch: 'main',
  });
  const branch = await call('GET', `${policies}/repository/branches/main`);
  const { merge_commit_sha: head }: { merge_commit_sha: string } = JSON.parse(JSON.stringify(first));
  t.match(branch.body, {
    protected: true,
    commit: { id: head, message: /\n\nSee merge request chatops\/policies!1$/, author_name: 'Ana Silva' },
  });
  t.match((await call('GET', `${policies}/repository/commits/${head}/merge_requests`)).body, [{ iid: 1 }]);
  t.match((await call('GET', `${policies}/merge_requests/1/approvals`)).body, {
    approved: true,
    approved_by: [{ user: { username: 'ana' } }],
  });
});

t.test('the open one by Bo changes the rule, and the remark above it', async (t) => {
  const { call, clock } = await startWithPolicies(t);
  t.match((await call('GET', `${policies}/merge_requests/2`)).body, {
    title: "Developers may move up to half of staging's traffic",
    state: 'opened',
    author: { username: 'bo' },
    changes_count: '1',
    created_at: new Date(clock.at - 7_200_000).toISOString(),
  });
  const raw = await call('GET', `${policies}/repository/files/policy.csv/raw?ref=half-of-staging`);
  t.equal(
    raw.text,
    policyCsv.replace('weight <= 25', 'weight <= 50').replace('only a quarter of it', 'only half of it'),
  );
  const [diff] = JSON.parse((await call('GET', `${policies}/merge_requests/2/diffs`)).text);
  t.match(diff.diff, /\n-p, role:dev.*<= 25, allow\n\+#.*only half of it.*\n\+p, role:dev.*<= 50, allow\n/);
});

t.test("the policy's own cases about that rule change with it, and no others", async (t) => {
  const cases = `cases:
  # --- Developers: in staging and a quarter of the traffic at most
  - allow: { as: gitlab:bo, in: channels:dev, run: lb weight web 25 }
  - matrix:
      run:
        - lb weight web 26
        - lb weight web 10 --env=production
  - matrix:
      run: [flag set checkout-v2 on, lb weight web 25]
    expect: deny
`;
  const files = { 'policy.csv': policyCsv, 'cases/access.yml': cases, 'cases/other.yml': 'cases: []\n' };
  const { call } = await startWithPolicies(t, files);
  const raw = await call('GET', `${policies}/repository/files/cases%2Faccess.yml/raw?ref=half-of-staging`);
  t.equal(
    raw.text,
    cases.replace('web 25 }', 'web 50 }').replace('web 26', 'web 51').replace('a quarter of', 'half of'),
  );
  t.match((await call('GET', `${policies}/merge_requests/2`)).body, { changes_count: '2' });
});
