/**
 * How long a slash command waits for its answer when 500 arrive per second, whether or not the last was answered. First with
 * the work held back (GitLab never answers a start), then with every run started, followed to its end and told to chat.
 */
import { type Line, openLines, openLoop, slashCommands, type Typing } from './measuring/load.ts';
import { cpuMs, machineLine } from './measuring/machine.ts';
import { median, plain, printTable, quantile } from './measuring/numbers.ts';
import { writePolicies } from './measuring/policies.ts';
import { type Program, startBare, startGateway, startRedis } from './measuring/programs.ts';
import { startStubGitLab } from './measuring/stub-gitlab.ts';
import { startStubSlack } from './measuring/stub-slack.ts';

const perSecond = 500;
const rounds = 5;
const perRound = 800;
const users = 1000;
const commands = 20;

interface Target {
  readonly name: string;
  readonly program: Program;
  readonly lines: readonly Line[];
  readonly typing: Typing;
}

const rows: string[][] = [];

/** Medians of the rounds' own quantiles: a pause of the machine spoils one round, not all. */
const addRow = (
  name: string,
  each: readonly (readonly number[])[],
  bad: number,
  cores: readonly number[],
): void => {
  const shares = [0.5, 0.99].map((share) => median(each.map((one) => quantile(one, share))));
  const longest = Math.max(...each.flat());
  rows.push([name, ...[...shares, longest].map(plain), plain(median(cores)), String(bad)]);
};

const measureRounds = async (targets: readonly Target[]): Promise<void> => {
  const found = targets.map(() => ({
    latencies: [] as (readonly number[])[],
    cores: [] as number[],
    bad: 0,
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, { program, lines, typing }] of targets.entries()) {
      const requests = slashCommands(perRound, typing);
      const [before, began] = [cpuMs(program.pid), performance.now()];
      const { latencies, bad } = await openLoop(lines, requests, perSecond);
      const one = found[at];
      // The first round warms up.
      if (round === 0 || one === undefined) continue;
      one.cores.push((cpuMs(program.pid) - before) / (performance.now() - began));
      one.latencies.push(latencies);
      one.bad += bad;
    }
  }
  for (const [at, { name }] of targets.entries()) {
    const one = found[at];
    if (one !== undefined) addRow(name, one.latencies, one.bad, one.cores);
  }
};

console.log(machineLine());
const [gitlab, slack, always, everysec, third] = await Promise.all([
  startStubGitLab(),
  startStubSlack(),
  startRedis('always'),
  startRedis('everysec'),
  startRedis('always'),
]);
gitlab.holdStarts = true;
const typing: Typing = {
  users,
  slackUrl: slack.url,
  text: (at) => `task ${at % commands} web ${at % 50} --env=staging`,
};
const around = {
  gitlabUrl: gitlab.url,
  slackUrl: slack.url,
  policies: writePolicies({ users, commands, otherRules: 100 }),
};
const bare = await startBare();
const gateway = await startGateway({ ...around, redisUrl: always.url });
const lazier = await startGateway({ ...around, redisUrl: everysec.url });
const target = async (name: string, program: Program): Promise<Target> => ({
  name,
  program,
  lines: await openLines(program.url, 200),
  typing,
});
await measureRounds([
  await target('bare fastify, keeps nothing', bare),
  await target('gateway, AOF everysec, work held back', lazier),
  await target('gateway, AOF always, work held back', gateway),
]);
await Promise.all([gateway.end(), lazier.end()]);

gitlab.holdStarts = false;
gitlab.startsAs = 'success';
const working = await startGateway({ ...around, redisUrl: third.url });
const busy = await target('gateway, AOF always, at work on all of them', working);
const starts = gitlab.asked.get('start') ?? 0;
await measureRounds([busy]);
const started = (gitlab.asked.get('start') ?? 0) - starts;
printTable(['at 500 per second', 'p50 ms', 'p99 ms', 'longest ms', 'cores', 'not 200'], rows);
console.log(
  `While at work: ${started} of ${(rounds + 1) * perRound} runs had been started when the last round ended.`,
);
await Promise.all([bare.end(), working.end()]);
gitlab.close();
slack.close();
await Promise.all([always.kill(), everysec.kill(), third.kill()]);
process.exit();
