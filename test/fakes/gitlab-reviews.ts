import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { createGitLab, type GitLab } from '../../src/gitlab/client.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';

export interface FakeMergeRequest {
  iid: number;
  state: string;
  sha: string | null;
  source_branch: string;
  target_branch: string;
  source_project_id: number | null;
  target_project_id: number;
  diff_refs: { base_sha: string } | null;
  web_url: string;
}

export interface FakeNote {
  id: number;
  body: string;
  author: { id: number };
  system: boolean;
}

export interface FakeStatus {
  id: number;
  project: string;
  sha: string;
  ref: string;
  name: string;
  status: string;
  description: string;
  target_url: string | null;
  author: { id: number };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A GitLab with one project of merge requests, that remembers what it is told. The token's user has the id 7. */
export interface FakeReviews {
  readonly url: string;
  readonly mergeRequests: FakeMergeRequest[];
  readonly branches: Map<string, string>;
  /** By the number of the merge request. */
  readonly notes: Map<number, FakeNote[]>;
  readonly statuses: FakeStatus[];
  readonly seen: Request[];
  /** Something in place of the usual answer, asked for every request. */
  instead: (request: Request) => Answer | undefined | Promise<Answer | undefined>;
  /** Happens after the request was carried out and before it is answered. */
  after: (request: Request) => Promise<void>;
  nextId: number;
  /** Another client with the same token. */
  client(): GitLab;
  count(method: string, path: RegExp): number;
}

export const me = 7;

const json = (body: unknown, status = 200): Answer => ({ status, body });
const missing = json({ message: '404 Not Found' }, 404);

/** GitLab's state machine of a status: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status */
const setStatus = (fake: FakeReviews, project: string, sha: string, { body, path: _ }: Request): Answer => {
  const { name, state, ref, description, target_url } = body;
  const open = fake.statuses.findLast(
    (one) => one.sha === sha && one.name === name && one.ref === ref && one.status === 'running',
  );
  if (open !== undefined && state === 'running')
    return json({ message: 'Cannot transition status via :run from :running' }, 400);
  if (open !== undefined) fake.statuses.splice(fake.statuses.indexOf(open), 1);
  const status: FakeStatus = {
    id: open?.id ?? ++fake.nextId,
    project,
    sha,
    ref: String(ref),
    name: String(name),
    status: String(state),
    description: String(description),
    target_url: typeof target_url === 'string' ? target_url : null,
    author: { id: me },
  };
  fake.statuses.push(status);
  return json(status, 201);
};

const page = (list: readonly unknown[], { query }: Request): Answer => {
  const per = Number(query.get('per_page') ?? 20);
  const at = Number(query.get('page') ?? 1);
  const last = at * per >= list.length;
  return {
    ...json(list.slice((at - 1) * per, at * per)),
    headers: {
      'x-next-page': last ? '' : String(at + 1),
      ...(last
        ? {}
        : {
            link: `<http://x/api/v4/next?${new URLSearchParams([...query].filter(([k]) => k !== 'page'))}&page=${at + 1}>; rel="next"`,
          }),
    },
  };
};

const notesAt = (fake: FakeReviews, iid: number, id: number | undefined, request: Request): Answer => {
  const notes = fake.notes.get(iid) ?? [];
  fake.notes.set(iid, notes);
  const { method, body } = request;
  if (id === undefined && method === 'GET') return page(notes, request);
  if (id === undefined) {
    const note = { id: ++fake.nextId, body: String(body.body), author: { id: me }, system: false };
    notes.push(note);
    return json(note, 201);
  }
  const note = notes.find((one) => one.id === id);
  if (note === undefined) return missing;
  if (method === 'DELETE') {
    notes.splice(notes.indexOf(note), 1);
    return { status: 204 };
  }
  note.body = String(body.body);
  return json(note);
};

const route = (fake: FakeReviews, request: Request): Answer => {
  const { path, method, query } = request;
  const [, , , first = '', project = '', what = '', third = '', fourth = '', fifth] = path
    .split('/')
    .map(decodeURIComponent);
  if (path === '/api/v4/user') return json({ id: me, username: 'chatops' });
  if (first !== 'projects') return missing;
  if (what === 'merge_requests' && third === '') {
    const found = fake.mergeRequests.filter(
      (one) => one.state === query.get('state') && one.target_branch === query.get('target_branch'),
    );
    return page(found, request);
  }
  if (what === 'merge_requests' && fourth === 'notes')
    return notesAt(fake, Number(third), fifth === undefined ? undefined : Number(fifth), request);
  if (what === 'merge_requests') {
    const found = fake.mergeRequests.find(({ iid }) => iid === Number(third));
    return found === undefined ? missing : json(found);
  }
  if (what === 'statuses' && method === 'POST') return setStatus(fake, project, third, request);
  if (what !== 'repository') return missing;
  if (third === 'commits') {
    const statuses = fake.statuses.filter(
      (one) => one.project === project && one.sha === fourth && one.name === query.get('name'),
    );
    return page(statuses, request);
  }
  const head = fake.branches.get(fourth);
  return head === undefined ? missing : json({ name: fourth, commit: { id: head } });
};

const read = async (request: IncomingMessage): Promise<Request> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  return { method: request.method ?? '', path: pathname, query: searchParams, body };
};

/** Starts it; it ends with the test. */
export const startFakeReviews = async (t: Test): Promise<FakeReviews> => {
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    fake.seen.push(request);
    const answer = (await fake.instead(request)) ?? route(fake, request);
    await fake.after(request);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const fake: FakeReviews = {
    url,
    mergeRequests: [],
    branches: new Map(),
    notes: new Map(),
    statuses: [],
    seen: [],
    instead: () => undefined,
    after: async () => undefined,
    nextId: 100,
    client: () => {
      const connection = createConnection(url);
      t.teardown(() => connection.close());
      const requester = createRequester(connection, async () => undefined);
      return createGitLab({ url, token: 'glpat-0123456789', requester });
    },
    count: (method, path) => fake.seen.filter((one) => one.method === method && path.test(one.path)).length,
  };
  t.teardown(() => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  });
  return fake;
};

export const sha = (letter: string): string => letter.repeat(40);

/** An open merge request from a branch of the project itself. */
export const mergeRequest = (changes: Partial<FakeMergeRequest> = {}): FakeMergeRequest => ({
  iid: 3,
  state: 'opened',
  sha: sha('a'),
  source_branch: 'more-for-dev',
  target_branch: 'main',
  source_project_id: 1,
  target_project_id: 1,
  diff_refs: { base_sha: sha('b') },
  web_url: 'https://gitlab.test/chatops/policies/-/merge_requests/3',
  ...changes,
});
