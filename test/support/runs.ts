import type { PipelineView } from '../../src/core/pipelines.ts';
import type { Run } from '../../src/core/run.ts';

/** A run as it is right after it was accepted, at time 0. */
export const run = (given: Partial<Run> = {}): Run => ({
  id: 'r0example',
  version: 1,
  generation: '',
  state: 'queued',
  command: 'lb weight',
  mode: 'wait',
  target: { project: 'ops/ansible', ref: 'main', pass: 'inputs', variables: {} },
  input: { backend: 'web', weight: 10, env: 'production' },
  line: 'lb weight web 10 --env=production',
  caller: { account: 'slack:T1/UANA', name: 'Ana', person: 'gitlab:ana' },
  channel: { id: 'slack:T1/COPS', name: 'ops-prod' },
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
  revision: 'abc123',
  createdAt: 0,
  changedAt: 0,
  startBy: 120_000,
  waitUntil: 3_600_000,
  dueAt: 0,
  lease: null,
  intent: null,
  pipeline: null,
  canceledBy: null,
  goneAt: null,
  outcome: null,
  replyTo: { app: 'slack', to: {} },
  told: { digest: '', failures: 0, finalFailures: 0 },
  recorded: { state: 'queued', pipeline: false },
  ...given,
});

/** A pipeline of ops/ansible with nothing in it yet. */
export const view = (given: Partial<PipelineView> = {}): PipelineView => ({
  project: 'ops/ansible',
  id: 1001,
  webUrl: 'https://gitlab.example/ops/ansible/-/pipelines/1001',
  status: 'running',
  createdAt: 0,
  phase: 'going',
  stages: [],
  ...given,
});
