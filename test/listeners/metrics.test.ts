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
  metrics.policyReloaded('failing');
  metrics.answered('answered', 0.004);
  const text = await metrics.text();
  for (const line of [
    'chatops_requests_refused_total{code="request.unverified"} 1',
    'chatops_decisions_total{command="lb weight",outcome="deny"} 1',
    'chatops_runs_total{mode="wait",state="succeeded"} 1',
    'chatops_pipeline_starts_total{outcome="created"} 1',
    'chatops_replies_total{outcome="sent"} 1',
    'chatops_policy_reloads_total{outcome="failing"} 1',
    'chatops_answer_seconds_bucket{le="0.005",outcome="answered"} 1',
  ]) {
    t.match(text, line);
  }
});
