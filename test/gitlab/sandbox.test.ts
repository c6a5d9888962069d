import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startGitLab } from '../../src/sandbox/gitlab/server.ts';
import { gitlabContract } from '../contracts/gitlab.ts';

t.test("the sandbox's GitLab keeps the contract", async (t) => {
  const sandbox = await startGitLab({
    port: 0,
    host: '127.0.0.1',
    now: Date.now,
    projectsDir: fileURLToPath(new URL('../../src/sandbox/projects', import.meta.url)),
    workDir: t.testdir(),
  });
  t.teardown(() => sandbox.close());
  await gitlabContract(t, {
    url: sandbox.url,
    token: 'glpat-sandbox-gateway',
    order: {
      runId: 'r1',
      project: 'ops/legacy',
      ref: 'main',
      inputs: {},
      variables: [
        { key: 'CHATOPS_RUN_ID', value: 'r1' },
        { key: 'CHAT_INPUT', value: 'Ana' },
      ],
    },
    reply: 'Hello Ana',
    slow: {
      runId: 'r2',
      project: 'ops/helm',
      ref: 'main',
      inputs: { service: 'web', version: 'v42', chatops_run_id: 'r2' },
      variables: [],
    },
    flag: { project: 'app/shop', name: 'checkout-v2' },
    group: { path: 'ops/sre', member: 'ana' },
    tick: () => sleep(50),
  });
});
