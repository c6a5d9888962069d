/**
 * A gateway with many open runs in 20 projects: its memory and processor time, what it asks GitLab, and how long it takes from
 * GitLab's webhook until chat shows the end of a pipeline. `node bench/run.mjs open-runs [<runs>]`; 10,000 unless told otherwise.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { closedLoop, openLines, slashCommands } from './measuring/load.ts';
import { cpuMs, machineLine, memoryMiB } from './measuring/machine.ts';
import { median, plain, printTable, quantile } from './measuring/numbers.ts';
import { writePolicies } from './measuring/policies.ts';
import { startGateway, startRedis } from './measuring/programs.ts';
import { startStubGitLab } from './measuring/stub-gitlab.ts';
import { startStubSlack } from './measuring/stub-slack.ts';
import { webhookToReply } from './measuring/webhooks.ts';

const runs = Number(process.argv[3] ?? 10_000);
const commands = 20;
const users = 1000;
const webhooks = 10;
const startWithinMs = 20_000;
const restMs = 6000;

console.log(machineLine());
const [gitlab, slack, redis] = await Promise.all([
  startStubGitLab(),
  startStubSlack(),
  startRedis('everysec'),
]);
const policies = writePolicies({ users, commands, otherRules: 100 });
const gateway = await startGateway({
  gitlabUrl: gitlab.url,
  slackUrl: slack.url,
  redisUrl: redis.url,
  policies,
});
const rows: string[][] = [];
const note = (moment: string): void => {
  rows.push([moment, plain(memoryMiB(gateway.pid)), plain(memoryMiB(gateway.pid, 'VmHWM'))]);
};

note('just started');
gitlab.holdStarts = true;
const lines = await openLines(gateway.url, 50);
const text = (at: number): string => `task ${at % commands} web ${at % 50} --env=staging`;
const { perSecond, bad } = await closedLoop(lines, slashCommands(runs, { users, slackUrl: slack.url, text }));
note(`${runs} accepted, none started`);
console.log(`accepted ${plain(perSecond)} per second, ${bad} not 200`);

const started = (): number => [...gitlab.projects.values()].reduce((sum, { size }) => sum + size, 0);
gitlab.release();
const began = performance.now();
while (started() < runs && performance.now() - began < startWithinMs) await pause(100);
const startedPerSecond = started() / ((performance.now() - began) / 1000);
console.log(
  `started ${plain(startedPerSecond)} pipelines per second, with the looks at those already started`,
);
note(`${started()} of them have a pipeline`);

gitlab.asked.clear();
const [before, from] = [cpuMs(gateway.pid), performance.now()];
await pause(restMs);
const seconds = (performance.now() - from) / 1000;
const cores = (cpuMs(gateway.pid) - before) / 1000 / seconds;
const asked = [...gitlab.asked].map(([kind, times]) => `${kind} ${plain(times / seconds)}`).join(', ');
console.log(
  `following for ${plain(seconds)} s: ${plain(cores)} cores; GitLab was asked per second: ${asked}`,
);

const times: number[] = [];
const since = performance.now();
for (let at = 0; at < webhooks && performance.now() - since < 12_000; at += 1) {
  const project = `ops/p${at % commands}`;
  const ids = [...(gitlab.projects.get(project)?.keys() ?? [])];
  const id = ids[Math.floor(at / commands)];
  if (id !== undefined) times.push(await webhookToReply(gateway.url, gitlab, slack, { project, id }));
  await pause(100);
}
note('at the end');
const client = new Redis(redis.url);
const open = await client.zcard('{chatops}:runs:active');
client.disconnect();
printTable(['', 'RSS MiB', 'most so far MiB'], rows);
console.log(`open runs in Redis: ${open}`);
console.log(
  `webhook to chat.update: median ${plain(median(times))} ms, p95 ${plain(quantile(times, 0.95))} ms of ${times.length}`,
);
for (const line of lines) line.close();
await gateway.end();
gitlab.close();
slack.close();
await redis.kill();
process.exit();
