import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeAnswer, type Fault, fail, json, spoil } from './gitlab-faults.ts';
import { answerFlags, type FakeFlag } from './gitlab-flags.ts';

/** A pipeline of the fake. Times are ISO texts, as GitLab writes them. */
export interface FakePipeline {
  id: number;
  project: string;
  ref: string;
  name: string | null;
  status: string;
  created_at: string;
  updated_at: string;
  variables: { key: string; value: string }[];
  inputs: Record<string, unknown>;
  jobs: FakeJob[];
}

export interface FakeJob {
  id: number;
  name: string;
  stage: string;
  status: string;
  log: string;
  allow_failure?: boolean;
  failure_reason?: string;
  /** Set for a bridge. */
  downstream?: { project: string; id: number };
}

/** A request that arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface FakeProject {
  readonly id: number;
  readonly path: string;
  readonly files: Map<string, string>;
  readonly flags: Map<string, FakeFlag>;
  ciConfigPath: string | null;
}

export interface FakeGitLab {
  readonly url: string;
  readonly token: string;
  readonly seen: Seen[];
  readonly pipelines: FakePipeline[];
  readonly projects: readonly FakeProject[];
  /** The next request that matches meets the fault; `times` of them. */
  fault(fault: Fault, match?: Partial<Pick<Seen, 'method' | 'path'>>, times?: number): void;
  /** Whether answers name pipelines and the list filters by name (GitLab 16.9 on). */
  knowsNames: boolean;
  /** Sent instead of making a pipeline, with status 400 unless told otherwise. */
  refusal: { status: number; body: unknown } | undefined;
  count(method: string, path: RegExp): number;
  close(): Promise<void>;
}

const iso = (at: number): string => new Date(at).toISOString();

/** A small GitLab that remembers what it was told. Pipelines do what the test makes of them. */
export const startFakeGitLab = async (paths: readonly string[] = ['ops/ansible']): Promise<FakeGitLab> => {
  const token = 'glpat-very-secret-value-0123456789';
  const faults: { fault: Fault; match: Partial<Pick<Seen, 'method' | 'path'>>; times: number }[] = [];
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const fake: FakeGitLab = {
    url: `http://127.0.0.1:${port}`,
    token,
    seen: [],
    pipelines: [],
    projects: paths.map((path, index) => ({
      id: index + 1,
      path,
      files: new Map(),
      flags: new Map(),
      ciConfigPath: null,
    })),
    fault: (fault, match = {}, times = 1) => {
      faults.push({ fault, match, times });
    },
    knowsNames: true,
    refusal: undefined,
    count: (method, path) => fake.seen.filter((one) => one.method === method && path.test(one.path)).length,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = await readRequest(request);
    fake.seen.push(seen);
    const planned = faults.find(
      ({ match, times }) =>
        times > 0 && (match.method ?? seen.method) === seen.method && seen.path.includes(match.path ?? ''),
    );
    if (planned) planned.times -= 1;
    if (planned && !planned.fault.after) return spoil(planned.fault, response);
    const answer =
      seen.headers['private-token'] === token ? route(fake, seen) : fail(401, '401 Unauthorized');
    if (planned) return spoil(planned.fault, response);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  return fake;
};

const readRequest = async (request: IncomingMessage): Promise<Seen> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
  return {
    method: request.method ?? '',
    path: pathname.replace(/^\/api\/v4/, ''),
    query: searchParams,
    headers: request.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
};

const route = (fake: FakeGitLab, seen: Seen): FakeAnswer => {
  const parts = seen.path.split('/').slice(1).map(decodeURIComponent);
  if (seen.path === '/user') return json(200, { id: 9, username: 'gateway', name: 'Gateway' });
  if (seen.path.startsWith('/groups/no')) return fail(404, '404 Group Not Found');
  if (seen.path.startsWith('/groups/')) return page(seen, members);
  const project = fake.projects.find(({ path, id }) => path === parts[1] || String(id) === parts[1]);
  if (parts[0] !== 'projects' || !project) return fail(404, '404 Project Not Found');
  const [, , kind, id, verb] = parts;
  if (kind === undefined)
    return json(200, {
      id: project.id,
      path_with_namespace: project.path,
      ci_config_path: project.ciConfigPath,
    });
  if (kind === 'pipeline' && seen.method === 'POST') return create(fake, project, seen);
  if (kind === 'pipelines' && id === undefined) return list(fake, project, seen);
  if (kind === 'pipelines') return onePipeline(fake, project, Number(id), verb, seen);
  if (kind === 'jobs') return oneJob(fake, project, Number(id), verb);
  if (kind === 'feature_flags') return answerFlags(project.flags, seen.method, id, seen.body);
  if (kind === 'repository') return file(project, parts[4] ?? '', seen.query.get('ref') ?? '');
  return fail(404, '404 Not Found');
};

const members = ['ana', 'bo', 'cy'].map((username, index) => ({
  id: index + 1,
  username,
  state: username === 'cy' ? 'blocked' : 'active',
}));

const file = (project: FakeProject, path: string, ref: string): FakeAnswer => {
  const content = project.files.get(`${ref}:${path}`);
  return content === undefined
    ? fail(404, '404 File Not Found')
    : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: content };
};

const create = (fake: FakeGitLab, project: FakeProject, seen: Seen): FakeAnswer => {
  if (fake.refusal) return json(fake.refusal.status, fake.refusal.body);
  if (seen.body.ref !== 'main') return json(400, { message: { base: ['Reference not found'] } });
  const variables = (seen.body.variables ?? []) as FakePipeline['variables'];
  const inputs = (seen.body.inputs ?? {}) as FakePipeline['inputs'];
  const runId = inputs.chatops_run_id ?? variables.find(({ key }) => key === 'CHATOPS_RUN_ID')?.value;
  const at = iso(Date.now());
  const pipeline: FakePipeline = {
    id: fake.pipelines.length + 101,
    project: project.path,
    ref: String(seen.body.ref),
    name: runId === undefined ? null : `chatops ${String(runId)}`,
    status: 'created',
    created_at: at,
    updated_at: at,
    variables,
    inputs,
    jobs: [],
  };
  fake.pipelines.push(pipeline);
  return json(201, view(fake, project, pipeline));
};

const view = (fake: FakeGitLab, project: FakeProject, pipeline: FakePipeline) => {
  const { jobs, variables, inputs, project: path, name, ...rest } = pipeline;
  return {
    ...rest,
    ...(fake.knowsNames ? { name } : {}),
    project_id: project.id,
    source: 'api',
    web_url: `${fake.url}/${path}/-/pipelines/${pipeline.id}`,
  };
};

const list = (fake: FakeGitLab, project: FakeProject, seen: Seen): FakeAnswer => {
  const name = fake.knowsNames ? seen.query.get('name') : null;
  const after = seen.query.get('updated_after');
  const found = fake.pipelines
    .filter((one) => one.project === project.path)
    .filter((one) => name === null || one.name === name)
    .filter((one) => after === null || one.updated_at > after)
    .toSorted((a, b) => b.id - a.id);
  return page(
    seen,
    found.map((one) => view(fake, project, one)),
  );
};

const page = (seen: Seen, items: readonly unknown[]): FakeAnswer => {
  const size = Number(seen.query.get('per_page') ?? 20);
  const number = Number(seen.query.get('page') ?? 1);
  const next = new URLSearchParams(seen.query);
  next.set('page', String(number + 1));
  const link = `<http://elsewhere.test/api/v4${seen.path}?${next}>; rel="next"`;
  const more = number * size < items.length;
  return json(200, items.slice((number - 1) * size, number * size), more ? { link } : {});
};

const onePipeline = (
  fake: FakeGitLab,
  project: FakeProject,
  id: number,
  verb: string | undefined,
  seen: Seen,
): FakeAnswer => {
  const pipeline = fake.pipelines.find((one) => one.id === id && one.project === project.path);
  if (!pipeline) return fail(404, '404 Not found');
  if (verb === 'variables') return json(200, pipeline.variables);
  if (verb === 'jobs' || verb === 'bridges') {
    const wanted = pipeline.jobs.filter(
      ({ downstream }) => (downstream !== undefined) === (verb === 'bridges'),
    );
    return page(
      seen,
      wanted.map((job) => jobView(fake, pipeline, job)),
    );
  }
  if (verb === 'cancel' && !['success', 'failed', 'skipped'].includes(pipeline.status))
    pipeline.status = 'canceled';
  if (verb === 'retry' && ['failed', 'canceled'].includes(pipeline.status)) pipeline.status = 'running';
  return json(verb === 'retry' ? 201 : 200, view(fake, project, pipeline));
};

const jobView = (fake: FakeGitLab, pipeline: FakePipeline, { log, downstream, ...job }: FakeJob) => {
  const target = fake.pipelines.find(({ id }) => id === downstream?.id);
  const where = fake.projects.find(({ path }) => path === target?.project);
  const below = target && where ? { downstream_pipeline: view(fake, where, target) } : {};
  return {
    allow_failure: false,
    duration: 1.5,
    ...job,
    ...below,
    web_url: `${fake.url}/${pipeline.project}/-/jobs/${job.id}`,
  };
};

const oneJob = (fake: FakeGitLab, project: FakeProject, id: number, verb: string | undefined): FakeAnswer => {
  const pipeline = fake.pipelines.find(
    (one) => one.project === project.path && one.jobs.some((job) => job.id === id),
  );
  const job = pipeline?.jobs.find((one) => one.id === id);
  if (!pipeline || !job) return fail(404, '404 Not Found');
  if (verb === 'trace') return { status: 200, headers: { 'content-type': 'text/plain' }, body: job.log };
  if (verb === 'play' && job.status !== 'manual') return fail(400, '400 Bad request - Unplayable Job');
  if (verb === 'retry' && job.status === 'running') return fail(403, '403 Forbidden - Job is not retryable');
  if (verb === 'play') job.status = 'pending';
  if (verb === 'retry') pipeline.jobs.push({ ...job, id: job.id + 1000, status: 'pending', log: '' });
  return json(
    verb === 'retry' ? 201 : 200,
    jobView(fake, pipeline, verb === 'retry' ? (pipeline.jobs.at(-1) ?? job) : job),
  );
};
