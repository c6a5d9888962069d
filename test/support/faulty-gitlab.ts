import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { type FakePipeline, startFakeGitLab } from '../fakes/gitlab.ts';
import type { Fault } from '../fakes/gitlab-faults.ts';

/** A way to a port that can be shut, so that connections are refused, and opened again at the same address. */
const createDoor = async (to: number) => {
  const through = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      through.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => through.delete(one));
      one.pipe(other);
    }
  });
  const open = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of through) socket.destroy();
    await once(server, 'close');
  };
  const port = await open(0);
  return { url: `http://127.0.0.1:${port}`, shut, open: () => open(port) };
};

/** A GitLab whose projects each misbehave in their own way; what it holds afterwards can be counted. */
export const startFaultyGitLab = async (projects: readonly string[]) => {
  const fake = await startFakeGitLab(projects);
  const door = await createDoor(Number(new URL(fake.url).port));
  const pathOf = (project: string): string => `/projects/${encodeURIComponent(project)}/pipeline`;
  return {
    token: fake.token,
    url: fake.url,
    /** The same GitLab behind a door. */
    door,
    /** What meets the next request to start a pipeline there. */
    onStart: (project: string, fault: Fault): void =>
      fake.fault(fault, { method: 'POST', path: pathOf(project) }),
    /** What meets the next so many questions about the project's pipelines. */
    onList: (project: string, fault: Fault, times: number): void =>
      fake.fault(fault, { method: 'GET', path: `${pathOf(project)}s` }, times),
    /** How often it was asked to start a pipeline there. */
    asked: (project: string): number =>
      fake.seen.filter(({ method, path }) => method === 'POST' && path === pathOf(project)).length,
    pipelines: (project: string): readonly FakePipeline[] =>
      fake.pipelines.filter((pipeline) => pipeline.project === project),
    close: async (): Promise<void> => {
      await door.shut();
      await fake.close();
    },
  };
};
