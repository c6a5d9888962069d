import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Pipeline {
  readonly id: number;
  readonly created_at: string;
  status: string;
  updatedAt: number;
  name: string | null;
}

/** A GitLab that answers at once and counts what it is asked. */
export interface StubGitLab {
  readonly url: string;
  /** Pipelines by project path, then id. */
  readonly projects: Map<string, Map<number, Pipeline>>;
  /** How often each kind of question was asked: `list`, `show`, `jobs`, `bridges`, `trace`, `start`, `other`. */
  readonly asked: Map<string, number>;
  /** While true, a POST that starts a pipeline is taken and not answered. */
  holdStarts: boolean;
  /** Holds no longer, and answers what was held. */
  release(): void;
  /** The status that pipelines have from their start on. */
  startsAs: string;
  /** Makes a pipeline that runs. */
  add(project: string, name?: string | null): Pipeline;
  set(project: string, id: number, status: string): void;
  close(): void;
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const createWorld = () => {
  const projects = new Map<string, Map<number, Pipeline>>();
  let last = 1000;
  const add = (project: string, name: string | null = null): Pipeline => {
    const now = Date.now();
    last += 1;
    const pipeline = {
      id: last,
      created_at: new Date(now).toISOString(),
      status: 'running',
      updatedAt: now,
      name,
    };
    const known = projects.get(project) ?? new Map<number, Pipeline>();
    projects.set(project, known.set(pipeline.id, pipeline));
    return pipeline;
  };
  const set = (project: string, id: number, status: string): void => {
    const pipeline = projects.get(project)?.get(id);
    if (pipeline !== undefined) Object.assign(pipeline, { status, updatedAt: Date.now() });
  };
  return { projects, add, set };
};

const view = (url: string, project: string, { updatedAt, ...pipeline }: Pipeline) => ({
  ...pipeline,
  iid: pipeline.id,
  project_id: 1,
  sha: 'a91957a858320c0e17f3a0eca7cfacbff50ea29a',
  ref: 'main',
  source: 'api',
  updated_at: new Date(updatedAt).toISOString(),
  web_url: `${url}/${project}/-/pipelines/${pipeline.id}`,
});

const jobView = (url: string, project: string, { id, status }: Pipeline) => ({
  id: id * 10,
  name: 'apply',
  stage: 'deploy',
  status,
  allow_failure: false,
  duration: 1.5,
  web_url: `${url}/${project}/-/jobs/${id * 10}`,
});

const log =
  'section_start:1700000000:chat_reply\r\u001b[0K\nmoved\nsection_end:1700000001:chat_reply\r\u001b[0K\n';

const bodyOf = async (
  request: IncomingMessage,
): Promise<{ variables?: { key: string; value: string }[] }> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
};

/** Starts it on a free loopback port. */
export const startStubGitLab = async (): Promise<StubGitLab> => {
  const world = createWorld();
  const { projects } = world;
  const held: (() => void)[] = [];

  const list = (path: string, project: string, query: URLSearchParams, response: ServerResponse): void => {
    const after = Date.parse(query.get('updated_after') ?? '1970-01-01');
    const name = query.get('name');
    const size = Number(query.get('per_page') ?? 20);
    const page = Number(query.get('page') ?? 1);
    const found = [...(projects.get(project)?.values() ?? [])]
      .reverse()
      .filter((each) => each.updatedAt > after && (name === null || each.name === name));
    const shown = found.slice((page - 1) * size, page * size).map((each) => view(stub.url, project, each));
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    const more = found.length > page * size;
    json(response, 200, shown, more ? { link: `<${stub.url}${path}?${next}>; rel="next"` } : {});
  };

  const start = async (
    project: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const { variables = [] } = await bodyOf(request);
    if (stub.holdStarts) await new Promise<void>((resolve) => held.push(resolve));
    const run = variables.find(({ key }) => key === 'CHATOPS_RUN_ID')?.value;
    const pipeline = world.add(project, `chatops ${run}`);
    pipeline.status = stub.startsAs;
    json(response, 201, view(stub.url, project, pipeline));
  };

  const kindOf = (
    method: string,
    kind: string | undefined,
    id: string | undefined,
    verb: string | undefined,
  ) => {
    if (kind === 'pipeline' && method === 'POST') return 'start';
    if (kind === 'pipelines') return verb ?? (id === '' ? 'list' : 'show');
    return kind === 'jobs' && verb === 'trace' ? 'trace' : 'other';
  };

  const onePipeline = (response: ServerResponse, project: string, id: string, asked: string): void => {
    const pipeline = projects.get(project)?.get(Number(id));
    if (pipeline === undefined) json(response, 404, { message: '404 Not found' });
    else if (asked === 'show') json(response, 200, view(stub.url, project, pipeline));
    else json(response, 200, asked === 'jobs' ? [jobView(stub.url, project, pipeline)] : []);
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub');
    const [, , , , path = '', kind, id = '', verb] = pathname.split('/');
    const project = decodeURIComponent(path);
    const asked = kindOf(request.method ?? '', kind, id, verb);
    stub.asked.set(asked, (stub.asked.get(asked) ?? 0) + 1);
    if (asked === 'start') void start(project, request, response);
    else if (asked === 'list') list(pathname, project, searchParams, response);
    else if (asked === 'trace') response.writeHead(200, { 'content-type': 'text/plain' }).end(log);
    else if (asked === 'other') json(response, 200, { id: 9, username: 'gateway', name: 'Gateway' });
    else onePipeline(response, project, id, asked);
  };

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: StubGitLab = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...world,
    asked: new Map(),
    holdStarts: false,
    release: () => {
      stub.holdStarts = false;
      for (const answer of held.splice(0)) answer();
    },
    startsAs: 'running',
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
};
