import type { Run } from '../../src/core/run.ts';
import { run, view } from '../support/runs.ts';

/** A run as it is before it is saved first, with what the test wants to be different. */
export const aRun = (change: Partial<Run> = {}): Run =>
  run({
    id: 'r1',
    version: 0,
    createdAt: Date.now(),
    changedAt: Date.now(),
    startBy: Date.now() + 120_000,
    waitUntil: Date.now() + 1_800_000,
    dueAt: null,
    caller: { account: 'slack:T1/U2', name: 'Ana', person: 'gitlab:ana' },
    channel: { id: 'slack:T1/C3', name: 'ops-prod' },
    line: '/chatops lb weight web 10',
    replyTo: { app: 'slack', to: { url: 'https://hooks.slack.com/x', uses: 5 } },
    ...change,
  });

/** A run that follows a pipeline. */
export const aRunWithPipeline = (project: string, id: number, change: Partial<Run> = {}): Run =>
  aRun({ pipeline: view({ project, id, webUrl: `https://gitlab/${id}` }), ...change });
