import t from 'tap';
import { headOf, originOf } from '../../src/gitlab/policy-origin.ts';
import { sha, startFakeRepository } from '../fakes/gitlab-repository.ts';

const project = 'chatops/policies';
const head = sha('a');
const merged = {
  iid: 3,
  state: 'merged',
  target_branch: 'main',
  sha: sha('b'),
  merge_commit_sha: head,
  squash_commit_sha: null,
  author: { id: 1 },
  merge_user: { id: 2 },
};

t.test('a branch that is not there, or ends at no commit, has no head', async (t) => {
  const fake = await startFakeRepository(t);
  t.equal(await headOf(fake.client())(project, 'main'), undefined);
  for (const id of ['../../etc/passwd', 'abc', '', 7, null, head.toUpperCase()]) {
    fake.instead = () => ({ status: 200, body: { protected: true, commit: { id } } });
    await t.rejects(headOf(fake.client())(project, 'main'), { code: 'gitlab.unexpected' }, String(id));
  }
  fake.instead = () => ({ status: 403, body: { message: 'insufficient_scope' } });
  await t.rejects(headOf(fake.client())(project, 'main'), { name: 'GitLabError' });
});

t.test('a branch is protected only when GitLab says so', async (t) => {
  const fake = await startFakeRepository(t);
  fake.branches.set('release/1', { sha: head, protected: true });
  t.same(await headOf(fake.client())(project, 'release/1'), { sha: head, isProtected: true });
  for (const said of [false, 'true', 1, undefined]) {
    fake.instead = () => ({ status: 200, body: { protected: said, commit: { id: head } } });
    t.same(await headOf(fake.client())(project, 'main'), { sha: head, isProtected: false }, String(said));
  }
});

t.test(
  'a commit that the merge of no merge request left at the end of the branch has no origin',
  async (t) => {
    const fake = await startFakeRepository(t);
    for (const [name, told] of [
      ['nothing is known of it', []],
      ['its merge request is open', [{ ...merged, state: 'opened' }]],
      ['its merge request was closed', [{ ...merged, state: 'closed' }]],
      ['it was merged into another branch', [{ ...merged, target_branch: 'next' }]],
      ['it stands in the middle of a merge request', [{ ...merged, merge_commit_sha: sha('c') }]],
      [
        'it is the last of a branch that was merged with a merge commit',
        [{ ...merged, merge_commit_sha: sha('c'), sha: head }],
      ],
      [
        'it was squashed, and the squashed commit merged',
        [{ ...merged, merge_commit_sha: sha('c'), squash_commit_sha: head }],
      ],
      ['it stands in the middle of one that was fast-forwarded', [{ ...merged, merge_commit_sha: null }]],
      [
        'it is the last of a branch that was squashed',
        [{ ...merged, merge_commit_sha: null, squash_commit_sha: sha('c'), sha: head }],
      ],
      ['its merge request has no number', [{ ...merged, iid: '3' }]],
    ] as const) {
      fake.mergeRequests.set(head, told);
      t.equal(await originOf(fake.client())(project, 'main', head), undefined, name);
    }
    fake.instead = () => ({ status: 200, body: { message: 'no list' } });
    await t.rejects(originOf(fake.client())(project, 'main', head), { code: 'gitlab.unexpected' });
  },
);

t.test('a merge commit, a squashed one and a fast-forwarded one have theirs', async (t) => {
  const fake = await startFakeRepository(t);
  const origin = { iid: 3, author: 1, merger: 2 };
  const { merge_user: merger, ...before } = merged;
  for (const [name, told, expected] of [
    ['merged', merged, origin],
    ['squashed', { ...merged, merge_commit_sha: null, squash_commit_sha: head }, origin],
    ['fast-forwarded', { ...merged, merge_commit_sha: null, sha: head }, origin],
    ['merged by a GitLab before 14.7', { ...before, merged_by: merger }, origin],
    [
      'merged, and GitLab does not tell by whom',
      { ...merged, merge_user: null },
      { ...origin, merger: undefined },
    ],
    ['merged, and its author is gone', { ...merged, author: null }, { ...origin, author: undefined }],
  ] as const) {
    const others = Array.from({ length: 25 }, (_, at) => ({ ...merged, iid: 100 + at, state: 'closed' }));
    fake.mergeRequests.set(head, [...others, told]);
    t.same(await originOf(fake.client())(project, 'main', head), expected, name);
  }
});
