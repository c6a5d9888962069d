import t from 'tap';
import { findPipelines } from '../../src/gitlab/finding.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';

const question = { project: 'ops/ansible', runId: 'r1', ref: 'main', since: Date.now() };
const withId = (runId: string) => ({ variables: [{ key: 'CHATOPS_RUN_ID', value: runId }] });

t.test('GitLab cannot answer: that is not "none"', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  fake.fault({ kind: 'html', status: 500 });
  await t.rejects(findPipelines(gitlab)(question), { code: 'gitlab.unreachable' });
  fake.fault({ kind: 'body', body: '{"pipelines":[]}' });
  await t.rejects(findPipelines(gitlab)(question), { code: 'gitlab.unexpected' });
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  await t.rejects(
    findPipelines(gitlab)(question),
    { code: 'gitlab.unexpected', message: /neither its name nor its variables/ },
    'a pipeline that may be it',
  );
  fake.fault({ kind: 'body', status: 403 }, { path: 'variables' });
  await t.rejects(
    findPipelines(gitlab)(question),
    { status: 403, name: 'GitLabError' },
    'variables that may not be read',
  );
});

t.test('by name, oldest first, others left out', async (t) => {
  const { gitlab } = await gitlabFor(t);
  t.same(await findPipelines(gitlab)(question), []);
  for (const id of ['r2', 'r1', 'r11', 'r1'])
    await gitlab.Pipelines.create('ops/ansible', 'main', withId(id));
  const found = await findPipelines(gitlab)(question);
  t.same(
    found.map(({ id }) => id),
    [102, 104],
  );
  t.match(found[0], {
    project: 'ops/ansible',
    webUrl: /ops\/ansible\/-\/pipelines\/102$/,
    status: 'created',
  });
});

t.test('a GitLab that does not know names: by variables', async (t) => {
  const { fake, gitlab } = await gitlabFor(t);
  fake.knowsNames = false;
  for (const id of ['r2', 'r1', 'r3', 'r1']) await gitlab.Pipelines.create('ops/ansible', 'main', withId(id));
  t.same(
    (await findPipelines(gitlab)(question)).map(({ id }) => id),
    [102, 104],
  );
  const query = fake.seen.find(({ query }) => query.has('username'))?.query;
  t.match(Object.fromEntries(query ?? []), { source: 'api', username: 'gateway', ref: 'main' });
});
