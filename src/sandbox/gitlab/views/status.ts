import type { CiStatus, Job, Pipeline } from '../../ci/types.ts';

/** How a status reads: GitLab's icon name, short text, label and CSS group. */
interface Reading {
  readonly icon: string;
  readonly text: string;
  readonly label: string;
  readonly group: string;
}

const readings: Readonly<Record<CiStatus, Reading>> = {
  created: { icon: 'status_created', text: 'Created', label: 'created', group: 'created' },
  pending: { icon: 'status_pending', text: 'Pending', label: 'pending', group: 'pending' },
  running: { icon: 'status_running', text: 'Running', label: 'running', group: 'running' },
  success: { icon: 'status_success', text: 'Passed', label: 'passed', group: 'success' },
  failed: { icon: 'status_failed', text: 'Failed', label: 'failed', group: 'failed' },
  canceling: { icon: 'status_canceled', text: 'Canceling', label: 'canceling', group: 'canceling' },
  canceled: { icon: 'status_canceled', text: 'Canceled', label: 'canceled', group: 'canceled' },
  skipped: { icon: 'status_skipped', text: 'Skipped', label: 'skipped', group: 'skipped' },
  manual: { icon: 'status_manual', text: 'Manual', label: 'manual play action', group: 'manual' },
};

const warning: Reading = {
  icon: 'status_warning',
  text: 'Warning',
  label: 'passed with warnings',
  group: 'success-with-warnings',
};
const blocked: Reading = { ...readings.manual, text: 'Blocked', label: 'waiting for manual action' };

/** How a pipeline's status reads, warnings and blockades told apart. */
export function pipelineReading(pipeline: Pipeline): Reading {
  if (pipeline.status === 'success' && pipeline.warnings) return warning;
  return pipeline.status === 'manual' ? blocked : readings[pipeline.status];
}

/** How a job's status reads; a failure that is allowed is a warning. */
export function jobReading(job: Job): Reading {
  if (job.status === 'failed' && job.allowFailure) {
    return { ...warning, text: 'Failed', label: 'failed (allowed to fail)', group: 'failed-with-warnings' };
  }
  return readings[job.status];
}

/** GitLab's `detailed_status` of a pipeline. */
export function detailedStatus(pipeline: Pipeline, detailsPath: string) {
  const reading = pipelineReading(pipeline);
  return {
    ...reading,
    tooltip: reading.label,
    has_details: true,
    details_path: detailsPath,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_${reading.icon}.png`,
  };
}
