import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { createGitLab, type GitLab } from '../../src/gitlab/client.ts';
import { createConnection, usualLimits } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';

/** What stands at a path of a commit; plain content, or something that is no plain file. */
export type FakeEntry = string | { readonly mode: '120000' | '160000' };

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GitLab with one repository, `chatops/policies`. */
export interface FakeRepository {
  /** Commits by their full id: paths and what stands there. */
  readonly commits: Map<string, Readonly<Record<string, FakeEntry>>>;
  readonly branches: Map<string, { sha: string; protected: boolean }>;
  /** Merge requests as GitLab tells them of a commit, by its id. */
  readonly mergeRequests: Map<string, readonly Readonly<Record<string, unknown>>[]>;
  /** Every path that was asked for, with its query, in order. */
  readonly seen: string[];
  /** Something in place of the usual answer. */
  instead: (path: string) => Answer | undefined;
  client(bodyBytes?: number): GitLab;
}

/** A commit's full id from one letter. */
export const sha = (letter: string): string => letter.repeat(40);

const missing: Answer = { status: 404, body: { message: '404 Not Found' } };

const idOf = (entry: FakeEntry): string => {
  const content = typeof entry === 'string' ? entry : entry.mode;
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
};

const folders = (paths: readonly string[]): readonly string[] => [
  ...new Set(
    paths.flatMap((path) => {
      const parts = path.split('/').slice(0, -1);
      return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
    }),
  ),
];

const treeOf = (files: Readonly<Record<string, FakeEntry>>, below: string): readonly unknown[] => {
  const paths = Object.keys(files).filter((path) => path.startsWith(below));
  const trees = folders(paths)
    .filter((path) => path.startsWith(below))
    .map((path) => ({ id: sha('f'), path, type: 'tree', mode: '040000' }));
  const blobs = paths.map((path) => {
    const entry = files[path] ?? '';
    const mode = typeof entry === 'string' ? '100644' : entry.mode;
    return { id: idOf(entry), path, type: mode === '160000' ? 'commit' : 'blob', mode };
  });
  return [...trees, ...blobs];
};

const pageOf = (list: readonly unknown[], query: URLSearchParams): Answer => {
  const per = Number(query.get('per_page') ?? 20);
  const at = Number(query.get('page') ?? 1);
  const isLast = at * per >= list.length;
  const others = new URLSearchParams([...query].filter(([name]) => name !== 'page'));
  const link = `<http://x/api/v4/next?${others}&page=${at + 1}>; rel="next"`;
  return {
    status: 200,
    body: list.slice((at - 1) * per, at * per),
    headers: { 'x-next-page': isLast ? '' : String(at + 1), ...(isLast ? {} : { link }) },
  };
};

const answerOf = (fake: FakeRepository, path: string, query: URLSearchParams): Answer => {
  const [what = '', name = '', more] = path
    .replace('/api/v4/projects/chatops%2Fpolicies/repository/', '')
    .split('/')
    .map(decodeURIComponent);
  const files = fake.commits.get(query.get('ref') ?? '');
  if (what === 'branches') {
    const branch = fake.branches.get(name);
    if (branch === undefined) return missing;
    return { status: 200, body: { name, protected: branch.protected, commit: { id: branch.sha } } };
  }
  if (what === 'commits' && more === 'merge_requests')
    return pageOf(fake.mergeRequests.get(name) ?? [], query);
  if (files === undefined) return missing;
  if (what === 'tree') {
    const folder = query.get('path');
    const found = treeOf(files, folder === null ? '' : `${folder}/`);
    return folder !== null && found.length === 0 ? missing : pageOf(found, query);
  }
  const content = files[name];
  if (what !== 'files' || typeof content !== 'string') return missing;
  return { status: 200, body: { encoding: 'base64', content: Buffer.from(content).toString('base64') } };
};

/** Starts one for a test. */
export const startFakeRepository = async (t: Test): Promise<FakeRepository> => {
  const fake: FakeRepository = {
    commits: new Map(),
    branches: new Map(),
    mergeRequests: new Map(),
    seen: [],
    instead: () => undefined,
    client: (bodyBytes = usualLimits.bodyBytes) => {
      const connection = createConnection(url, { ...usualLimits, bodyBytes });
      t.teardown(() => connection.close());
      return createGitLab({
        url,
        token: 'glpat-fake-token',
        requester: createRequester(connection, async () => undefined),
      });
    },
  };
  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '', 'http://x');
    fake.seen.push(`${decodeURIComponent(pathname)}${search}`);
    const { status, body, headers } =
      fake.instead(decodeURIComponent(pathname)) ?? answerOf(fake, pathname, searchParams);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => new Promise((done) => server.close(done)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
};
