import t from 'tap';
import { setCommitStatus } from '../../src/gitlab/commit-status.ts';
import { openMergeRequests, showMergeRequest } from '../../src/gitlab/merge-requests.ts';
import { keepNote, listNotes } from '../../src/gitlab/notes.ts';
import { me, mergeRequest, sha, startFakeReviews } from '../fakes/gitlab-reviews.ts';

const project = 'chatops/policies';
const marker = '<!-- mark -->';
const note = { project, iid: 3, author: me, marker, body: `${marker}\nnew` };

t.test('what is not there, or not a merge request, is not believed', async (t) => {
  const fake = await startFakeReviews(t);
  const gitlab = fake.client();
  const show = showMergeRequest(gitlab);
  t.equal(await show(project, 3), 'gone');
  fake.mergeRequests.push(mergeRequest({ sha: null }));
  t.equal(await show(project, 3), 'gone', 'its branch was removed');
  for (const [name, body] of [
    ['no object', ['x']],
    ['no branches', { iid: 3, sha: sha('a'), state: 'opened' }],
    ['a text', '"hello"'],
  ] as const) {
    fake.instead = () => ({ status: 200, body });
    await t.rejects(show(project, 3), { code: 'gitlab.unexpected' }, name);
  }
  fake.instead = () => ({ status: 200, body: { ...mergeRequest(), sha: '../../etc/passwd' } });
  t.equal(await show(project, 3), 'gone', 'a commit that is none');
  fake.instead = () => ({ status: 200, body: { ...mergeRequest(), web_url: 'javascript:alert(1)' } });
  t.match(await show(project, 3), { webUrl: undefined }, 'an address that cannot be followed');
});

t.test('a merge request, also of a fork', async (t) => {
  const fake = await startFakeReviews(t);
  fake.mergeRequests.push(mergeRequest(), mergeRequest({ iid: 4, source_project_id: 9 }));
  fake.mergeRequests.push(
    mergeRequest({ iid: 5, source_project_id: null, diff_refs: null, state: 'merged' }),
  );
  fake.mergeRequests.push(mergeRequest({ iid: 6, target_branch: 'other' }));
  const gitlab = fake.client();
  const show = showMergeRequest(gitlab);
  t.same(await show(project, 3), {
    project,
    iid: 3,
    open: true,
    sha: sha('a'),
    base: sha('b'),
    sourceBranch: 'more-for-dev',
    targetBranch: 'main',
    sourceProject: '1',
    fork: false,
    webUrl: 'https://gitlab.test/chatops/policies/-/merge_requests/3',
  });
  t.match(await show(project, 4), { fork: true, sourceProject: '9' });
  t.match(await show(project, 5), { fork: true, sourceProject: undefined, base: undefined, open: false });
  t.same(await openMergeRequests(gitlab)(project, 'main'), [3, 4]);
});

t.test('one comment is kept', async (t) => {
  const fake = await startFakeReviews(t);
  const keep = keepNote(fake.client());
  const foreign = { id: 1, body: `${marker}\nforged`, author: { id: 8 }, system: false };
  const quoting = { id: 2, body: `> ${marker}`, author: { id: me }, system: false };
  const bySystem = { id: 3, body: marker, author: { id: me }, system: true };
  fake.notes.set(3, [foreign, quoting, bySystem]);

  t.equal(await keep({ ...note, onlyExisting: true }), undefined);
  t.equal(fake.count('POST', /notes/), 0, 'none is made where only an existing one counts');

  const id = await keep(note);
  t.same(fake.notes.get(3)?.slice(0, 3), [foreign, quoting, bySystem], 'what is not ours stays as it is');
  t.match(fake.notes.get(3)?.[3], { id, body: note.body });

  await keep(note);
  t.equal(fake.count('PUT', /notes/), 0, 'the same text is not written again');
  await keep({ ...note, body: `${note.body}er` });
  t.equal(fake.notes.get(3)?.length, 4);
  t.equal(fake.notes.get(3)?.[3]?.body, `${note.body}er`);
});

t.test('a comment that two made at the same moment stays one', async (t) => {
  const fake = await startFakeReviews(t);
  let made = 0;
  let bothMade: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    bothMade = resolve;
  });
  fake.after = async ({ method }) => {
    if (method !== 'POST') return;
    made += 1;
    if (made === 2) bothMade();
    await both;
  };
  const ids = await Promise.all([keepNote(fake.client())(note), keepNote(fake.client())(note)]);
  t.equal(made, 2);
  t.equal(fake.notes.get(3)?.length, 1);
  t.same(ids, [fake.notes.get(3)?.[0]?.id, fake.notes.get(3)?.[0]?.id]);
});

t.test('comments are read to the last page', async (t) => {
  const fake = await startFakeReviews(t);
  const many = Array.from({ length: 47 }, (_, id) => ({ id, body: 'hi', author: { id: 8 }, system: false }));
  fake.notes.set(3, [...many, { id: 99, body: note.body, author: { id: me }, system: false }]);
  t.equal((await listNotes(fake.client())(project, 3)).length, 48);
  t.equal(await keepNote(fake.client())(note), 99);
  t.equal(fake.count('POST', /notes/), 0);
});

t.test('a write is never repeated', async (t) => {
  const fake = await startFakeReviews(t);
  fake.instead = ({ method }) => (method === 'POST' ? { status: 502, body: { message: 'bad' } } : undefined);
  await t.rejects(keepNote(fake.client())(note), { code: 'gitlab.unreachable' });
  t.equal(fake.count('POST', /notes/), 1);
});

const status = {
  project: '1',
  sha: sha('a'),
  ref: 'more-for-dev',
  name: 'chatops/policy',
  state: 'success',
  description: 'well',
  targetUrl: 'https://gitlab.test/x#note_1',
  author: me,
} as const;

t.test('a status that may not be set is said so', async (t) => {
  const fake = await startFakeReviews(t);
  const set = setCommitStatus(fake.client());
  fake.instead = ({ method }) =>
    method === 'POST' ? { status: 403, body: { message: '403 Forbidden' } } : undefined;
  t.match(await set(status), { outcome: 'refused', because: /403 Forbidden/ });
  fake.instead = () => ({ status: 404, body: { message: '404 Project Not Found' } });
  t.match(await set(status), { outcome: 'refused', because: /Project Not Found/ });
  fake.instead = () => ({ status: 500, body: { message: 'broken' } });
  await t.rejects(set(status), { code: 'gitlab.unreachable' });
  t.same(fake.statuses, []);
});

t.test('a status is set once, and again when somebody else set it', async (t) => {
  const fake = await startFakeReviews(t);
  const set = setCommitStatus(fake.client());
  t.same(await set({ ...status, state: 'running' }), { outcome: 'set' });
  t.same(await set({ ...status, state: 'running' }), { outcome: 'as before' });
  t.same(await set({ ...status, description: `long ${'狸'.repeat(400)}` }), { outcome: 'set' });
  t.equal(fake.statuses[0]?.description.length, 255);
  t.same(await set(status), { outcome: 'set' });
  t.same(await set(status), { outcome: 'as before' });
  t.same(await set({ ...status, state: 'running' }), { outcome: 'as before' }, 'an end is not taken back');
  t.match(fake.statuses.at(-1), {
    project: '1',
    status: 'success',
    description: 'well',
    target_url: status.targetUrl,
  });
  await set({ ...status, targetUrl: `https://gitlab.test/${'x'.repeat(300)}` });
  t.match(fake.statuses.at(-1), { target_url: null }, 'an address that is too long is left out');
  await set(status);
  const ours = fake.statuses.at(-1);
  if (ours !== undefined) fake.statuses.push({ ...ours, id: 999, author: { id: 8 } });
  t.same(await set(status), { outcome: 'set' }, 'the same by somebody else');
});

t.test('another instance that began at the same moment is no failure', async (t) => {
  const fake = await startFakeReviews(t);
  const running = { ...status, state: 'running' } as const;
  const sets = await Promise.all([
    setCommitStatus(fake.client())(running),
    setCommitStatus(fake.client())(running),
  ]);
  t.ok(sets.some(({ outcome }) => outcome === 'set'));
  t.equal(fake.statuses.length, 1);
});
