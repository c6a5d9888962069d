import type { Run } from '../../src/core/run.ts';

/** A run as it is before it is saved first, with what the test wants to be different. */
export const aRun = (change: Partial<Run> = {}): Run => ({
  id: 'r1',
  version: 0,
  state: 'queued',
  command: 'lb weight',
  mode: 'wait',
  target: { project: 'ops/ansible', ref: 'main', pass: 'inputs', variables: {} },
  input: { backend: 'web', weight: 10, dry: false },
  line: '/chatops lb weight web 10',
  caller: { account: 'slack:T1/U2', name: 'Ana', person: 'gitlab:ana' },
  channel: { id: 'slack:T1/C3', name: 'ops-prod' },
  audience: 'channel',
  rule: {
    file: 'policy.csv',
    line: 3,
    who: 'role:sre',
    channel: 'channels:ops',
    command: 'lb weight',
    condition: '*',
    effect: 'allow',
  },
  revision: 'p1',
  createdAt: Date.now(),
  changedAt: Date.now(),
  startBy: Date.now() + 120_000,
  waitUntil: Date.now() + 1_800_000,
  dueAt: null,
  lease: null,
  intent: null,
  pipeline: null,
  canceledBy: null,
  goneAt: null,
  outcome: null,
  replyTo: { app: 'slack', to: { url: 'https://hooks.slack.com/x', uses: 5 } },
  told: { digest: '', failures: 0, finalFailures: 0 },
  ...change,
});

/** A run that follows a pipeline. */
export const aRunWithPipeline = (project: string, id: number, change: Partial<Run> = {}): Run =>
  aRun({
    pipeline: {
      project,
      id,
      webUrl: `https://gitlab/${id}`,
      status: 'running',
      createdAt: 1,
      phase: 'going',
      stages: [],
    },
    ...change,
  });
