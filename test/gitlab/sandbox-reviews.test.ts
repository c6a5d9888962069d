import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createGitLab } from '../../src/gitlab/client.ts';
import { setCommitStatus } from '../../src/gitlab/commit-status.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { openMergeRequests, showMergeRequest } from '../../src/gitlab/merge-requests.ts';
import { keepNote, listNotes } from '../../src/gitlab/notes.ts';
import { currentUser } from '../../src/gitlab/people.ts';
import { headOf } from '../../src/gitlab/policy-origin.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { startGitLab } from '../../src/sandbox/gitlab/server.ts';

const project = 'chatops/policies';
const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

t.test("the sandbox's GitLab shows a review as GitLab does", async (t) => {
  const sandbox = await startGitLab({
    port: 0,
    host: '127.0.0.1',
    now: Date.now,
    projectsDir: folder('src/sandbox/projects'),
    policiesDir: folder('policies'),
    workDir: t.testdir(),
  });
  const connection = createConnection(sandbox.url);
  t.teardown(async () => {
    await connection.close();
    await sandbox.close();
  });
  const requester = createRequester(connection);
  const gitlab = createGitLab({ url: sandbox.url, token: 'glpat-sandbox-gateway', requester });
  const [iid] = await openMergeRequests(gitlab)(project, 'main');
  if (iid === undefined) throw new Error('no merge request is open');
  const request = await showMergeRequest(gitlab)(project, iid);
  if (request === 'gone') throw new Error('the merge request is gone');
  t.equal((await headOf(gitlab)(project, 'main'))?.sha, request.base);
  t.match(request, {
    open: true,
    fork: false,
    targetBranch: 'main',
    webUrl: /chatops\/policies\/-\/merge_requests\//,
  });

  const { id: author } = await currentUser(gitlab)();
  const note = { project, iid, author, marker: '<!-- mark -->', body: '<!-- mark -->\none' };
  const noted = await keepNote(gitlab)(note);
  t.equal(await keepNote(gitlab)({ ...note, body: '<!-- mark -->\ntwo' }), noted);
  const all = await listNotes(gitlab)(project, iid);
  t.same(
    all.filter((one) => one.author === author).map(({ body }) => body),
    ['<!-- mark -->\ntwo'],
  );

  const { sha, sourceBranch: ref, sourceProject = '', webUrl: targetUrl } = request;
  const status = { project: sourceProject, sha, ref, name: 'chatops/policy', targetUrl, author };
  const set = setCommitStatus(gitlab);
  t.same(await set({ ...status, state: 'running', description: 'looks' }), { outcome: 'set' });
  t.same(await set({ ...status, state: 'running', description: 'looks' }), { outcome: 'as before' });
  t.same(await set({ ...status, state: 'failed', description: 'no' }), { outcome: 'set' });
  t.same(await set({ ...status, state: 'failed', description: 'no' }), { outcome: 'as before' });
  t.same(await set({ ...status, state: 'success', description: 'yes' }), { outcome: 'set' });
});
