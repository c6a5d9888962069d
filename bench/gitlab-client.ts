/** Requests per second through our GitLab client, beside a bare undici Pool: GET of one pipeline, 50 in flight. */
import { Pool } from 'undici';
import { createGitLab } from '../src/gitlab/client.ts';
import { createConnection } from '../src/gitlab/connection.ts';
import { createRequester } from '../src/gitlab/requester.ts';
import { freePort } from '../test/support/gateway-process.ts';
import { machineLine } from './measuring/machine.ts';
import { median, medianRatio, printTable } from './measuring/numbers.ts';
import { gitlabToken, startProgram } from './measuring/programs.ts';

const rounds = 7;
const perRound = 5000;
const inFlight = 50;

console.log(machineLine());
const url = `http://127.0.0.1:${await freePort()}`;
const answers = await startProgram({
  args: ['.cache/bench/pipeline-answers.mjs'],
  env: { PORT: new URL(url).port },
  url: () => url,
  readyPath: '/',
});
const pool = new Pool(url, { connections: 64 });
const connection = createConnection(url);
const gitlab = createGitLab({ url, token: gitlabToken, requester: createRequester(connection) });

const bare = async (): Promise<unknown> => {
  const headers = { 'private-token': gitlabToken };
  const { body } = await pool.request({
    method: 'GET',
    path: '/api/v4/projects/ops%2Fansible/pipelines/46',
    headers,
  });
  return body.json();
};
const ours = (): Promise<unknown> => gitlab.Pipelines.show('ops/ansible', 46);

interface Contender {
  readonly name: string;
  readonly get: () => Promise<unknown>;
  readonly rates: number[];
  readonly cpuUs: number[];
}

const round = async ({ get, rates, cpuUs }: Contender): Promise<void> => {
  let left = perRound;
  const [began, used] = [performance.now(), process.cpuUsage()];
  const keepOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await get();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, keepOn));
  const { user, system } = process.cpuUsage(used);
  rates.push((perRound / (performance.now() - began)) * 1000);
  cpuUs.push((user + system) / perRound);
};

const contenders: readonly Contender[] = [
  { name: 'undici Pool.request, JSON read', get: bare, rates: [], cpuUs: [] },
  { name: 'our client (gitbeaker on our requester)', get: ours, rates: [], cpuUs: [] },
];
// One round of each warms up and does not count.
for (const each of contenders) await round({ ...each, rates: [], cpuUs: [] });
for (let at = 0; at < rounds; at += 1) for (const each of contenders) await round(each);
const [first] = contenders;
printTable(
  ['', 'per second', 'ratio', 'CPU us each', 'CPU ratio'],
  contenders.map(({ name, rates, cpuUs }) => [
    name,
    median(rates),
    medianRatio(rates, first?.rates ?? []),
    median(cpuUs),
    medianRatio(first?.cpuUs ?? [], cpuUs),
  ]),
);
await Promise.all([pool.destroy(), connection.close(), answers.end()]);
