import t from 'tap';
import { createMetrics } from '../../src/listeners/metrics.ts';

t.test('what happened is counted', async (t) => {
  const metrics = createMetrics();
  metrics.refused('request.unverified');
  metrics.decided('lb weight', true);
  metrics.decided('lb weight', false);
  metrics.runChanged('wait', 'succeeded');
  metrics.pipelineStarted('created');
  metrics.replied('sent');
  metrics.policyReloaded('swapped');
  metrics.policyReloaded('failing', 'lint');
  metrics.policyReviewed('reviewed');
  metrics.policyAsked(1_795_000_000_500);
  metrics.answered('answered', 0.004);
  metrics.likelyDuplicate();
  metrics.surplusPipelines(2);
  metrics.storeGeneration();
  const text = await metrics.text();
  for (const line of [
    'chatops_requests_refused_total{code="request.unverified"} 1',
    'chatops_decisions_total{command="lb weight",outcome="deny"} 1',
    'chatops_runs_total{mode="wait",state="succeeded"} 1',
    'chatops_pipeline_starts_total{outcome="created"} 1',
    'chatops_replies_total{outcome="sent"} 1',
    'chatops_policy_reloads_total{outcome="swapped"} 1',
    'chatops_policy_reloads_total{outcome="failing",stage="lint"} 1',
    'chatops_policy_reviews_total{outcome="reviewed"} 1',
    'chatops_policy_asked_timestamp_seconds 1795000000.5',
    'chatops_likely_duplicates_total 1',
    'chatops_surplus_pipelines_total 2',
    'chatops_store_generations_total 1',
    'chatops_runs_restored_total 0',
    'chatops_answer_seconds_bucket{le="0.005",outcome="answered"} 1',
  ]) {
    t.match(text, line);
  }
});

t.test('of the policy, only what stands now is told', async (t) => {
  const metrics = createMetrics();
  metrics.policyStands('abc', 'lint');
  metrics.policyStands('abc', 'verify');
  t.match(await metrics.text(), 'chatops_policy_failing{stage="verify"} 1');
  t.notMatch(await metrics.text(), 'stage="lint"');
  metrics.policyStands('def', undefined);
  const text = await metrics.text();
  t.match(text, 'chatops_policy_info{revision="def"} 1');
  t.notMatch(text, /revision="abc"|chatops_policy_failing\{/);
});

t.test('a number that cannot be told is left open, and the others are told', async (t) => {
  const metrics = createMetrics();
  let undelivered: Promise<number> = Promise.reject(new Error('the store is away'));
  metrics.watchUndelivered(() => undelivered);
  const first = await metrics.text();
  t.match(first, /^chatops_replies_undelivered Nan$/m);
  t.match(first, 'chatops_runs_restored_total 0');
  undelivered = Promise.resolve(3);
  t.match(await metrics.text(), /^chatops_replies_undelivered 3$/m);
});

t.test('how far each sink of the audit is behind is asked anew each time', async (t) => {
  const metrics = createMetrics();
  let lags: Readonly<Record<string, number>> = { webhook: 7, elasticsearch: 0 };
  metrics.watchAuditSinks(() => lags);
  t.match(await metrics.text(), 'chatops_audit_sink_lag{sink="webhook"} 7');
  lags = { elasticsearch: 2 };
  const text = await metrics.text();
  t.match(text, 'chatops_audit_sink_lag{sink="elasticsearch"} 2');
  t.notMatch(text, 'sink="webhook"');
});
