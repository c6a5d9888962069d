import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { gitlabContract } from '../contracts/gitlab.ts';
import { startFakeGitLab } from '../fakes/gitlab.ts';
import { fakeFlag } from '../fakes/gitlab-flags.ts';

t.test('the fake keeps the contract', async (t) => {
  const fake = await startFakeGitLab(['ops/ansible', 'app/shop']);
  t.teardown(() => fake.close());
  fake.projects[1]?.flags.set('checkout-v2', fakeFlag('checkout-v2', true, ['staging']));
  const log = 'section_start:1:chat_reply\r\x1b[0K\nweight is 10\nsection_end:2:chat_reply\r\x1b[0K\n';
  await gitlabContract(t, {
    url: fake.url,
    token: fake.token,
    order: {
      runId: 'r1',
      project: 'ops/ansible',
      ref: 'main',
      inputs: { chatops_run_id: 'r1' },
      variables: [],
    },
    reply: 'weight is 10',
    slow: {
      runId: 'r2',
      project: 'ops/ansible',
      ref: 'main',
      inputs: { chatops_run_id: 'r2' },
      variables: [],
    },
    flag: { project: 'app/shop', name: 'checkout-v2' },
    group: { path: 'ops/sre', member: 'ana' },
    tick: async () => {
      for (const pipeline of fake.pipelines.filter(({ status }) => status === 'created')) {
        pipeline.status = 'success';
        pipeline.updated_at = new Date().toISOString();
        pipeline.jobs.push({ id: 1, name: 'apply', stage: 'apply', status: 'success', log });
      }
      await sleep(20);
    },
  });
});
