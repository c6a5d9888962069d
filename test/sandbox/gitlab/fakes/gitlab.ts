import { fileURLToPath } from 'node:url';
import { buildGitLab, type GitLabOptions, type GitLabSandbox } from '../../../../src/sandbox/gitlab/build.ts';
import { createFakeCi, type FakeCi } from './ci.ts';

/** The sandbox's GitLab around the fake CI, a clock that tests move, and short ways to call it. */
export interface Started {
  readonly gitlab: GitLabSandbox;
  readonly ci: FakeCi;
  readonly clock: { at: number };
  /** Calls `/api/v4<path>`; with the gateway's token unless another (or '') is given. */
  call(method: string, path: string, more?: Ask): Promise<Reply>;
}

export interface Ask {
  readonly token?: string;
  readonly json?: unknown;
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON body, undefined when it is none. */
  readonly body: unknown;
}

/** The folder of the seeded projects. */
export const projectsDir = fileURLToPath(new URL('../../../../src/sandbox/projects', import.meta.url));

/** Starts it on a free port; the test that asked closes it. */
export async function startFake(
  t: { readonly teardown: (end: () => Promise<void>) => void },
  options: Partial<GitLabOptions> = {},
): Promise<Started> {
  const clock = { at: Date.parse('2026-03-01T10:00:00Z') };
  const now = (): number => clock.at;
  const ci = createFakeCi({ now });
  let ids = 0;
  const uuid = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const place = { port: 0, host: '127.0.0.1', projectsDir, workDir: '/nowhere' };
  const gitlab = await buildGitLab({ ...place, now, uuid, ...options }, () => ci);
  t.teardown(() => gitlab.close());
  return { gitlab, ci, clock, call: (method, path, more) => callApi(gitlab.url, method, path, more) };
}

/** Calls the API of a GitLab at an address. */
export async function callApi(url: string, method: string, path: string, more: Ask = {}): Promise<Reply> {
  const { token = 'glpat-sandbox-gateway', json, form, headers = {} } = more;
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const content = form ?? (json === undefined ? undefined : JSON.stringify(json));
  const answer = await fetch(`${url}/api/v4${path}`, {
    method,
    headers: {
      ...(token === '' ? {} : { 'private-token': token }),
      ...(content === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
