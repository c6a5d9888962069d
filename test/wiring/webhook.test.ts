import t from 'tap';
import { wireWebhook } from '../../src/wiring/webhook.ts';

const raw = (body: unknown) => ({
  rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  headers: {},
});

/** The routes with a policy kept in chatops/policies@main; what they lead to is written down. */
const routes = (project: string | null = 'chatops/policies') => {
  const heard: string[] = [];
  const webhook = wireWebhook({
    verify: () => ({ genuine: true }),
    store: { byPipeline: async (of, id) => (of === 'ops/ansible' ? `run of ${id}` : undefined) },
    queue: { wake: async (run) => void heard.push(`wake ${run}`) },
    policyProject:
      project === null
        ? undefined
        : {
            project,
            ref: 'main',
            pushed: (after) => heard.push(`pushed ${after}`),
            mergeRequest: (iid) => heard.push(`merge request ${iid}`),
          },
  });
  const deliver = async (body: unknown): Promise<void> => {
    const read = webhook.read(raw(body));
    if (!read.ok) throw new Error(read.because);
    if (read.news.kind === 'pipeline') await webhook.wake(read.news.project, read.news.pipelineId);
    else if (read.news.kind !== 'ignored') webhook.hint?.(read.news);
  };
  return { heard, deliver, webhook };
};

const push = (changes: object = {}) => ({
  object_kind: 'push',
  ref: 'refs/heads/main',
  after: 'abc',
  project: { path_with_namespace: 'chatops/policies' },
  ...changes,
});
const mergeRequest = (target: string, project = 'chatops/policies') => ({
  object_kind: 'merge_request',
  project: { path_with_namespace: project },
  object_attributes: { iid: 3, target_branch: target },
});

t.test('what is not about the policy is nobody\u2019s business', async (t) => {
  const { heard, deliver, webhook } = routes();
  await deliver(push({ ref: 'refs/heads/mainly' }));
  await deliver(push({ ref: 'refs/tags/main' }));
  await deliver(push({ project: { path_with_namespace: 'evil/policies' } }));
  await deliver(mergeRequest('other'));
  await deliver(mergeRequest('main', 'app/shop'));
  await deliver({ object_kind: 'note' });
  t.match(webhook.read(raw('{"object')), { ok: false, code: 'request.malformed' });
  t.same(heard, []);
  const folder = routes(null);
  await folder.deliver(push());
  await folder.deliver(mergeRequest('main'));
  t.same(folder.heard, [], 'a policy in a folder has no project');
});

t.test('a pipeline wakes its run, a push and a merge request of the policy are told', async (t) => {
  const { heard, deliver } = routes();
  await deliver({
    object_kind: 'pipeline',
    object_attributes: { id: 5 },
    project: { path_with_namespace: 'ops/ansible' },
  });
  await deliver(push());
  await deliver(push({ project: { path_with_namespace: 'ChatOps/Policies' } }));
  await deliver(mergeRequest('main'));
  t.same(heard, ['wake run of 5', 'pushed abc', 'pushed abc', 'merge request 3']);
});
