import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Ci, CiParts } from '../ci/types.ts';
import { createActivity } from './activity.ts';
import { type ApiRequest, addApi } from './api.ts';
import { addBodies } from './bodies.ts';
import { createFaults, type Faults, noFaults } from './faults/faults.ts';
import { addPages } from './pages/routes.ts';
import { seededGroups, seededTokens, seededUsers, seedProjects } from './seed.ts';
import { type Deliveries, deliverHooks } from './webhooks/delivery.ts';
import { type Limits, projectOf, type World } from './world.ts';

/** What the sandbox's GitLab is built from. */
export interface GitLabOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Folder with the seeded projects' files: `<group>/<project>/...`. */
  readonly projectsDir: string;
  /** Folder with the policies of the project `chatops/policies`; without it there is no such project. */
  readonly policiesDir?: string;
  /** Folder for the jobs' working copies. */
  readonly workDir: string;
  /** A webhook that every project gets: the policy project for pushes and merge requests, the others for pipelines and jobs. */
  readonly webhook?: { readonly url: string; readonly token: string; readonly signingToken?: string };
  /** GitLab.com's limits unless given: 2000 requests and 25 pipelines per minute. */
  readonly limits?: Partial<Limits>;
  /** Address under which people and jobs reach it, when that is not where it listens. No slash at the end. */
  readonly publicUrl?: string;
  /** Fresh ids for webhooks; random unless given. */
  readonly uuid?: () => string;
  /** `on`: `PUT /-/sandbox/faults` and `GET /-/sandbox/ledger` exist. Nothing goes wrong before the first PUT. */
  readonly faults?: 'on' | 'off';
  /** A clock that never goes back, in milliseconds, for faults; the process's own unless given. */
  readonly tick?: () => number;
  /** Jobs take so many milliseconds and run no script; without it bash really runs them. */
  readonly quickJobsMs?: number;
}

/** A running sandbox GitLab. */
export interface GitLabSandbox {
  /** Base address without a slash at the end. */
  readonly url: string;
  readonly ci: Ci;
  readonly world: World;
  readonly webhooks: Deliveries;
  /** The newest API requests, oldest first. */
  requests(): readonly ApiRequest[];
  /** Stops listening, ends the jobs, and waits for webhooks under way. */
  close(): Promise<void>;
}

const keptRequests = 2000;

/** Builds and starts the sandbox's GitLab around a CI. */
export async function buildGitLab(
  options: GitLabOptions,
  makeCi: (parts: CiParts) => Ci,
): Promise<GitLabSandbox> {
  const { now, tick = () => performance.now() } = options;
  const faults = options.faults === 'on' ? createFaults(now, tick) : noFaults;
  const address = { url: `http://${options.host}:${options.port}` };
  const world = createWorld(options, () => options.publicUrl ?? address.url, makeCi, faults);
  const requests: ApiRequest[] = [];
  const app = createApp(world);
  faults.addTo(app, world);
  addApi(app, world, (request) => {
    requests.push(request);
    if (requests.length > keptRequests) requests.shift();
  });
  addPages(app, world);
  const webhooks = deliverHooks(world, faults.copies);
  address.url = await app.listen({ port: options.port, host: options.host });
  return {
    url: address.url,
    ci: world.ci,
    world,
    webhooks,
    requests: () => requests,
    async close() {
      faults.close();
      await app.close();
      await webhooks.close();
      await world.ci.close();
    },
  };
}

function createApp(world: World): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    // Only faults of the sandbox itself.
    logger: { level: 'error' },
    // Paths of files and projects are one segment each and may be long.
    routerOptions: { maxParamLength: 2000 },
  });
  addBodies(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('date', new Date(world.now()).toUTCString());
  });
  return app;
}

function createWorld(
  options: GitLabOptions,
  serverUrl: () => string,
  makeCi: (parts: CiParts) => Ci,
  { unlisted }: Faults,
): World {
  const { now, projectsDir, policiesDir, workDir, webhook, uuid = randomUUID } = options;
  let last = 0;
  const nextId = (): number => {
    last += 1;
    return last;
  };
  const projects = seedProjects({
    ...{ now, nextId, uuid, serverUrl, projectsDir },
    ...(webhook ? { webhook } : {}),
    ...(policiesDir === undefined ? {} : { policiesDir }),
  });
  const ci = makeCi({ now, workDir, serverUrl, project: (path) => projectOf({ projects }, path)?.ci });
  return {
    now,
    uuid,
    nextId,
    serverUrl,
    limits: { requestsPerMinute: 2000, pipelinesPerMinute: 25, ...options.limits },
    users: seededUsers,
    tokens: seededTokens,
    groups: seededGroups,
    projects,
    pipelineNames: new Map(),
    ci,
    activity: createActivity(),
    unlisted,
  };
}
