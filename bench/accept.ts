/**
 * Slash commands that one gateway process accepts and stores per second, beside a fastify that only checks the signature.
 * Closed loop over 50 connections. GitLab takes every start and never answers, so the work behind the commands stays small.
 */
import { closedLoop, type Line, openLines, slashCommands, type Typing } from './measuring/load.ts';
import { cpuMs, machineLine } from './measuring/machine.ts';
import { median, medianRatio, printTable, quantile } from './measuring/numbers.ts';
import { writePolicies } from './measuring/policies.ts';
import { type Program, startBare, startGateway, startRedis } from './measuring/programs.ts';
import { startStubGitLab } from './measuring/stub-gitlab.ts';
import { startStubSlack } from './measuring/stub-slack.ts';

const rounds = 5;
const perRound = 2500;
const warmUp = 2500;
const connections = 50;
const users = 1000;
const commands = 20;

/** With `--cpu-prof` the gateways write a profile into this folder when they end. */
const profileFolder = process.env.PROFILE;
const nodeArgs = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];

const text = (at: number): string => `task ${at % commands} web ${at % 50} --env=staging`;

interface Contender {
  readonly name: string;
  readonly program: Program;
  readonly lines: readonly Line[];
  readonly typing: Typing;
  readonly rates: number[];
  readonly latencies: number[];
  readonly cpuUs: number[];
  bad: number;
}

const contender = async (name: string, program: Program, typing: Typing): Promise<Contender> => {
  const lines = await openLines(program.url, connections);
  await closedLoop(lines, slashCommands(warmUp, typing));
  return { name, program, lines, typing, rates: [], latencies: [], cpuUs: [], bad: 0 };
};

const measure = async (one: Contender): Promise<void> => {
  const requests = slashCommands(perRound, one.typing);
  const before = cpuMs(one.program.pid);
  const { perSecond, latencies, bad } = await closedLoop(one.lines, requests);
  one.cpuUs.push(((cpuMs(one.program.pid) - before) * 1000) / perRound);
  one.rates.push(perSecond);
  one.latencies.push(...latencies);
  one.bad += bad;
};

console.log(machineLine());
const [gitlab, slack, everysec, always, never] = await Promise.all([
  startStubGitLab(),
  startStubSlack(),
  startRedis('everysec'),
  startRedis('always'),
  startRedis('no'),
]);
gitlab.holdStarts = true;
const around = {
  gitlabUrl: gitlab.url,
  slackUrl: slack.url,
  policies: writePolicies({ users, commands, otherRules: 100 }),
  nodeArgs,
};
const typing = { users, slackUrl: slack.url, text };
const bare = await contender('bare fastify, keeps nothing', await startBare(), typing);
const unsynced = { ...around, redisUrl: never.url, audit: 'memory' } as const;
const contenders = [
  bare,
  await contender('gateway, nothing synced', await startGateway(unsynced), typing),
  await contender(
    'gateway, audit synced, AOF everysec',
    await startGateway({ ...around, redisUrl: everysec.url }),
    typing,
  ),
  await contender(
    'gateway, audit and AOF synced',
    await startGateway({ ...around, redisUrl: always.url }),
    typing,
  ),
];
for (let round = 0; round < rounds; round += 1) for (const each of contenders) await measure(each);
printTable(
  ['', 'per second', 'ratio', 'CPU us each', 'CPU ratio', 'p50 ms', 'p99 ms', 'not 200'],
  contenders.map((each) => [
    each.name,
    median(each.rates),
    medianRatio(each.rates, bare.rates),
    median(each.cpuUs),
    medianRatio(bare.cpuUs, each.cpuUs),
    median(each.latencies),
    quantile(each.latencies, 0.99),
    String(each.bad),
  ]),
);
for (const { lines, program } of contenders) {
  for (const line of lines) line.close();
  await program.end();
}
gitlab.close();
slack.close();
await Promise.all([everysec.kill(), always.kill(), never.kill()]);
