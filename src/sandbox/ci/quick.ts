import type { JobEnd, JobOrder, RunJob } from './job.ts';
import { createJobLog } from './log.ts';

/**
 * Runs no script: every job takes so many milliseconds, leaves a short log with a `chat_reply` section and succeeds; one
 * whose name contains `fail` fails. For load and long campaigns, where bash would be what is measured.
 */
export function createQuickRun(milliseconds: number): RunJob {
  return (order) => {
    let stop = (): void => {};
    const done = new Promise<JobEnd>((resolve) => {
      const timer = setTimeout(() => resolve(endOf(order)), milliseconds);
      stop = () => {
        clearTimeout(timer);
        resolve({ status: 'canceled' });
      };
    });
    return {
      done: done.then((end) => {
        order.write(logOf(order, end));
        return end;
      }),
      stop: () => stop(),
    };
  };
}

/** All jobs may run at once: none costs more than a timer. */
export const quickLimits = { atOnce: Number.POSITIVE_INFINITY };

function endOf({ job }: JobOrder): JobEnd {
  if (!job.plan.config.name.includes('fail')) return { status: 'success' };
  return { status: 'failed', reason: 'script_failure', exitCode: 1 };
}

/** Written in one piece, since everybody is told of every piece. */
function logOf({ job, now, limits }: JobOrder, end: JobEnd): string {
  const parts: string[] = [];
  const log = createJobLog((text) => parts.push(text), now, limits.logBytes);
  log.line('\u001b[0KRunning with gitlab-runner 18.0.0 (sandbox, quick jobs)\u001b[0;m');
  if (end.status !== 'canceled') {
    const at = Math.floor(now() / 1000);
    log.raw(`section_start:${at}:chat_reply\r\u001b[0K\n`);
    log.line(`${job.plan.config.name} ${end.status === 'success' ? 'is done' : 'has failed'}`);
    log.raw(`section_end:${at}:chat_reply\r\u001b[0K\n`);
  }
  if (end.status === 'success') log.succeeded();
  else log.failed(end.status === 'canceled' ? 'canceled' : 'exit code 1');
  return parts.join('');
}
