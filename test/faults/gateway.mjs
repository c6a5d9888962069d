/**
 * The gateway of a campaign: what `chatops serve` runs, with scaled times and failpoints. CAMPAIGN is JSON: `times`, what differs
 * from the usual ones; `failpoint`, where this process ends or stops; `blind`, which rule is switched off to see what it is good for.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Pipelines } from '@gitbeaker/rest';
import { readConfig } from '../../dist/config.js';
import { usualTimes } from '../../dist/core/times.js';
import { startGateway } from '../../dist/main.js';

const { times = {}, failpoint, blind } = JSON.parse(process.env.CAMPAIGN ?? '{}');

const say = (words) => writeSync(1, `${JSON.stringify(words)}\n`);

let met = 0;
const meet = (point, when) => {
  if (failpoint === undefined || failpoint.point !== point || failpoint.when !== when) return;
  met += 1;
  if (met !== failpoint.nth) return;
  say({ failpoint });
  process.kill(process.pid, failpoint.do === 'stop' ? 'SIGSTOP' : 'SIGKILL');
};

const around = async (point, act) => {
  meet(point, 'before');
  try {
    return await act();
  } finally {
    meet(point, 'after');
  }
};

/** gitbeaker's own way to send, which repeats a POST that was answered with 502 or 429. */
const repeating = () => {
  const { requester } = new Pipelines({
    host: process.env.GITLAB_URL,
    token: process.env.GITLAB_TOKEN,
    rateLimits: { '**': 1e9 },
  });
  return () => requester;
};

const read = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
if (!read.ok) throw new Error(read.problems.join('\n'));
const gateway = await startGateway(
  read.config,
  { name: 'chatops-gateway', version: 'campaign' },
  {
    times: { ...usualTimes, ...times, start: { ...usualTimes.start, ...times.start } },
    around,
    ...(blind === 'requester' ? { requester: repeating() } : {}),
    // A run is believed as it is written, also when Redis may have forgotten what came after.
    ...(blind === 'generation' ? { doubt: (run) => run } : {}),
  },
);
say({ listening: gateway.url });

process.once('SIGTERM', () => {
  process.once('SIGTERM', () => process.exit(1));
  void gateway.close().then(() => process.exit(0));
});
