import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counts, each from 0, of what should hardly ever happen. */
const rarities = (registers: Registry[]) => {
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `chatops_${name}_total`, help, registers });
  const duplicates = counter(
    'likely_duplicates',
    'Commands that were not run because the same was typed a moment ago',
  );
  const restored = counter('runs_restored', 'Runs that the store had lost, stored again from the audit');
  const generations = counter('store_generations', 'New lives of the store that this process has met');
  const surplus = counter('surplus_pipelines', 'Pipelines beyond the one that a run may have');
  return {
    likelyDuplicate: (): void => duplicates.inc(),
    runRestored: (): void => restored.inc(),
    storeGeneration: (): void => generations.inc(),
    surplusPipelines: (count: number): void => surplus.inc(count),
  };
};

/** What becomes of newer versions of the policy. */
const policyMetrics = (registers: Registry[]) => {
  const reloads = new Counter({
    name: 'chatops_policy_reloads_total',
    help: 'Versions of the policy that were read, by outcome, and by what they failed at',
    labelNames: ['outcome', 'stage'],
    registers,
  });
  const failing = new Gauge({
    name: 'chatops_policy_failing',
    help: '1 while a newer version of the policy fails at this stage and is not used',
    labelNames: ['stage'],
    registers,
  });
  const revisions = new Gauge({
    name: 'chatops_policy_info',
    help: '1 for the revision of the policy that is in force',
    labelNames: ['revision'],
    registers,
  });
  const asked = new Gauge({
    name: 'chatops_policy_asked_timestamp_seconds',
    help: 'When the project that the policy comes from was last asked with success; 0 for a folder',
    registers,
  });
  const reviews = new Counter({
    name: 'chatops_policy_reviews_total',
    help: 'Looks at merge requests of the policy, by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  return {
    policyReloaded: (outcome: string, stage?: string): void =>
      reloads.inc(stage === undefined ? { outcome } : { outcome, stage }),
    /** `at`: Unix milliseconds. */
    policyAsked: (at: number): void => asked.set(at / 1000),
    /** `stage`: what a newer version fails at; undefined when the newest is in force. */
    policyStands: (revision: string, stage: string | undefined): void => {
      revisions.reset();
      revisions.set({ revision }, 1);
      failing.reset();
      if (stage !== undefined) failing.set({ stage }, 1);
    },
    policyReviewed: (outcome: string): void => reviews.inc({ outcome }),
  };
};

/** Numbers that are asked for when Prometheus asks. One that cannot be told is left open and spoils no other. */
const watches = (registers: Registry[]) => ({
  /** `count`: runs whose last word chat was not told. To be called once. */
  watchUndelivered: (count: () => Promise<number>): void =>
    void new Gauge({
      name: 'chatops_replies_undelivered',
      help: 'Runs whose last word chat was not told',
      registers,
      async collect() {
        this.set(await count().catch(() => Number.NaN));
      },
    }),
  /** `lags`: audit lines that each sink has not taken yet, by its name. To be called once. */
  watchAuditSinks: (lags: () => Readonly<Record<string, number>>): void =>
    void new Gauge({
      name: 'chatops_audit_sink_lag',
      help: 'Audit lines that a sink has not taken yet',
      labelNames: ['sink'],
      registers,
      collect() {
        this.reset();
        for (const [sink, lag] of Object.entries(lags())) this.set({ sink }, lag);
      },
    }),
});

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
    ...policyMetrics(registers),
    answered: (outcome: 'answered' | 'not accepted', took: number): void =>
      seconds.observe({ outcome }, took),
    ...rarities(registers),
    ...watches(registers),
    text: (): Promise<string> => registry.metrics(),
    contentType: registry.contentType,
  };
};
