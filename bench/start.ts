/** From starting the process: until the gateway is ready, until the sandbox's page answers, until the sandbox says it is ready. */
import { freePort } from '../test/support/gateway-process.ts';
import { machineLine } from './measuring/machine.ts';
import { median, printTable } from './measuring/numbers.ts';
import { writePolicies } from './measuring/policies.ts';
import { startGateway, startProgram, startRedis } from './measuring/programs.ts';
import { startStubGitLab } from './measuring/stub-gitlab.ts';
import { startStubSlack } from './measuring/stub-slack.ts';

const runs = 5;

const sandboxMs = async (whenSaid: boolean): Promise<number> => {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const sandbox = await startProgram({
    args: ['dist/cli/main.js', 'sandbox'],
    env: { SANDBOX_PORT: port },
    url: (printed) => (!whenSaid || printed.includes('is ready') ? url : undefined),
    readyPath: '/',
  });
  await sandbox.end();
  return sandbox.readyMs;
};

console.log(machineLine());
const [gitlab, slack, redis] = await Promise.all([startStubGitLab(), startStubSlack(), startRedis('always')]);
const around = { gitlabUrl: gitlab.url, slackUrl: slack.url, redisUrl: redis.url };
const policies = writePolicies({ users: 1000, commands: 20, otherRules: 100 });
const serveMs = async (): Promise<number> => {
  const gateway = await startGateway({ ...around, policies });
  await gateway.end();
  return gateway.readyMs;
};

const times = new Map<string, number[]>([
  ['serve: /readyz answers 200', []],
  ['sandbox: GET / answers', []],
  ['sandbox: says that it is ready', []],
]);
for (let run = 0; run < runs; run += 1) {
  const found = [await serveMs(), await sandboxMs(false), await sandboxMs(true)];
  for (const [at, list] of [...times.values()].entries()) list.push(found[at] ?? Number.NaN);
}
printTable(
  ['ms from the start of the process', 'median', 'shortest', 'longest'],
  [...times].map(([name, list]) => [name, median(list), Math.min(...list), Math.max(...list)]),
);
gitlab.close();
slack.close();
await redis.kill();
process.exit();
