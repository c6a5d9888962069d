/** Following 10,000 pipelines in 20 projects: what GitLab is asked, with the real watch and client over HTTP. */
import { setTimeout as pause } from 'node:timers/promises';
import { createGitLab } from '../src/gitlab/client.ts';
import { createConnection } from '../src/gitlab/connection.ts';
import { jobsOf, listPipelines, showPipeline } from '../src/gitlab/reading.ts';
import { createRequester } from '../src/gitlab/requester.ts';
import { createPipelineWatch } from '../src/gitlab/watch.ts';
import { machineLine } from './measuring/machine.ts';
import { printTable } from './measuring/numbers.ts';
import { gitlabToken } from './measuring/programs.ts';
import { startStubGitLab } from './measuring/stub-gitlab.ts';

const projects = Array.from({ length: 20 }, (_, at) => `ops/p${at}`);
const perProject = 500;
const intervalMs = 2000;
const intervals = 10;
const anHour = 3_600_000;

console.log(machineLine());
const stub = await startStubGitLab();
const pipelines = projects.flatMap((project) =>
  Array.from({ length: perProject }, () => {
    const pipeline = stub.add(project);
    pipeline.updatedAt -= anHour;
    return { project, id: pipeline.id };
  }),
);
const connection = createConnection(stub.url);
const gitlab = createGitLab({ url: stub.url, token: gitlabToken, requester: createRequester(connection) });
const watch = createPipelineWatch({
  list: listPipelines(gitlab),
  show: showPipeline(gitlab),
  jobs: jobsOf(gitlab),
  now: Date.now,
  intervalMs,
});

const kinds = ['list', 'show', 'jobs', 'bridges'] as const;
const rows: (string | number)[][] = [];

const measured = async (name: string, act: () => Promise<void>, over: number): Promise<void> => {
  stub.asked.clear();
  const [began, used] = [performance.now(), process.cpuUsage()];
  await act();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  const each = kinds.map((kind) => (stub.asked.get(kind) ?? 0) / projects.length / over);
  rows.push([name, ...each, seconds, (user + system) / 1e6 / seconds]);
};

const lookAtAll = async (): Promise<void> => {
  await Promise.all(pipelines.map(({ project, id }) => watch.look(project, id)));
};

let changes = 0;
const changeSome = (changing: number): void => {
  for (let at = 0; at < changing; at += 1) {
    changes += 1;
    for (const [index, project] of projects.entries()) {
      const one = pipelines[index * perProject + (changes % perProject)];
      if (one !== undefined) stub.set(project, one.id, 'running');
    }
  }
};

/** Every pipeline is looked at in every interval; so many of each project's change meanwhile. */
const follow = async (changing: number): Promise<void> => {
  for (let interval = 0; interval < intervals; interval += 1) {
    const next = Date.now() + intervalMs + 5;
    changeSome(changing);
    await lookAtAll();
    await pause(Math.max(0, next - Date.now()));
  }
};

await measured('first look at all 10,000 (nothing known)', lookAtAll, 1);
await pause(intervalMs);
for (const changing of [5, 50]) {
  await measured(
    `each interval of ${intervalMs / 1000} s, ${changing} change`,
    () => follow(changing),
    intervals,
  );
}
printTable(['requests per project', ...kinds, 'seconds in all', 'cores (GitLab stub included)'], rows);
await connection.close();
stub.close();
