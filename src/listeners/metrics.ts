import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Counts what happens, for Prometheus. Labels hold no person, no channel and no input. */
export const createMetrics = () => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> =>
    new Counter({ name: `chatops_${name}`, help, labelNames: [...labelNames], registers });
  const refused = counter(
    'requests_refused_total',
    'Requests that were refused before anything was read, by code',
    ['code'],
  );
  const decisions = counter('decisions_total', 'Decisions of the policy', ['command', 'outcome']);
  const runs = counter('runs_total', 'Runs that came into a state', ['mode', 'state']);
  const starts = counter('pipeline_starts_total', 'POSTs that start a pipeline, by how they ended', [
    'outcome',
  ]);
  const replies = counter('replies_total', 'Replies to chat, by how sending ended', ['outcome']);
  const reloads = counter('policy_reloads_total', 'Policy folders that were read, by outcome', ['outcome']);
  const seconds = new Histogram({
    name: 'chatops_answer_seconds',
    help: 'From a command to its answer',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
    registers,
  });
  return {
    refused: (code: string): void => refused.inc({ code }),
    decided: (command: string, allowed: boolean): void =>
      decisions.inc({ command, outcome: allowed ? 'allow' : 'deny' }),
    runChanged: (mode: string, state: string): void => runs.inc({ mode, state }),
    pipelineStarted: (outcome: string): void => starts.inc({ outcome }),
    replied: (outcome: string): void => replies.inc({ outcome }),
    policyReloaded: (outcome: string): void => reloads.inc({ outcome }),
    answered: (outcome: 'answered' | 'not accepted', took: number): void =>
      seconds.observe({ outcome }, took),
    text: (): Promise<string> => registry.metrics(),
    contentType: registry.contentType,
  };
};
