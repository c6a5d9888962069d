import { setTimeout as sleep } from 'node:timers/promises';
import type { Gitlab } from '@gitbeaker/rest';
import { bodyOf, GitLabError, oneLine } from './answers.ts';
import { type Connection, type WireAnswer, WireFailure, type WireRequest } from './connection.ts';

/** The shape in which gitbeaker takes a requester. */
export type RequesterFn = NonNullable<ConstructorParameters<typeof Gitlab>[0]['requesterFn']>;
type Resource = Parameters<RequesterFn>[0];
type Options = Parameters<ReturnType<RequesterFn>['get']>[1];

/** Pauses before the second and third try of a read, in milliseconds. */
const pauses = [200, 800];
const longestPauseMs = 5_000;
const passing: readonly number[] = [429, 502, 503, 504];

/**
 * What gitbeaker sends with, in place of its own way (which repeats writes, follows redirects with the token and renames inputs).
 * Only reads are tried again; a failure is always a GitLabError.
 */
export const createRequester =
  (connection: Connection, pause: (ms: number) => Promise<unknown> = sleep): RequesterFn =>
  (resource) => {
    const verb = (method: WireRequest['method']) => async (endpoint: string, options?: Options) => {
      const credentials = await credentialsOf(resource);
      const request = requestFor(resource, credentials, method, endpoint, options);
      const doing = `${method} ${decodeURIComponent(endpoint)}`;
      const secrets = secretsIn(credentials);
      const answer = await tried(connection, request, doing, secrets, pause);
      const body = bodyOf(doing, textual(endpoint) ? 'text' : 'json', withoutSecrets(answer, secrets));
      // gitbeaker promises the caller's type here; every reader of ours checks the shape.
      return { body: body as never, status: answer.status, headers: { ...answer.headers } };
    };
    return {
      get: verb('GET'),
      post: verb('POST'),
      put: verb('PUT'),
      patch: verb('PATCH'),
      delete: verb('DELETE'),
    };
  };

const textual = (endpoint: string): boolean => /\/(?:trace|raw)$/.test(endpoint);

/** The headers that say who asks. */
const credentialsOf = async ({ authHeaders }: Resource): Promise<Readonly<Record<string, string>>> => {
  const credentials: Record<string, string> = {};
  for (const [name, value] of Object.entries(authHeaders)) credentials[name] = await value();
  return credentials;
};

/** No token is shorter; masking a shorter text would spoil ordinary words. */
const shortestSecret = 8;

/** What must not be shown: each credential as a whole, and without the scheme before it (`Bearer …`). */
const secretsIn = (credentials: Readonly<Record<string, string>>): readonly string[] =>
  Object.values(credentials)
    .flatMap((value) => [value, value.replace(/^\S+ +/, '')])
    .filter((value) => value.length >= shortestSecret);

const requestFor = (
  resource: Resource,
  credentials: Readonly<Record<string, string>>,
  method: WireRequest['method'],
  endpoint: string,
  options: Options,
): WireRequest => {
  const base = new URL(resource.url).pathname.replace(/\/+$/, '');
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'chatops-gateway',
    ...credentials,
  };
  const path = `${base}/${endpoint}${queryOf(options?.searchParams)}`;
  const keep = endpoint.endsWith('/trace') ? 'tail' : 'all';
  if (method === 'GET' || method === 'DELETE') return { method, path, headers, keep };
  const body = JSON.stringify(snakeKeys({ ...options?.body }));
  return { method, path, headers: { ...headers, 'content-type': 'application/json' }, body, keep };
};

/** gitbeaker's own option names are camel case and stand at the top; everything below is the caller's and stays as it is. */
const snakeKeys = (body: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).map(([key, value]) => [snake(key), value]));

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const queryOf = (params: Readonly<Record<string, unknown>> = {}): string => {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const one of value) query.append(`${snake(key)}[]`, String(one));
    else if (typeof value === 'object')
      for (const [name, one] of Object.entries(value)) query.append(`${snake(key)}[${name}]`, String(one));
    else query.append(snake(key), String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
};

/** Sends; a read that met a passing fault is sent again, at most twice, and never earlier than GitLab asks for. */
const tried = async (
  connection: Connection,
  request: WireRequest,
  doing: string,
  secrets: readonly string[],
  pause: (ms: number) => Promise<unknown>,
): Promise<WireAnswer> => {
  for (let attempt = 0; ; attempt += 1) {
    const usual = request.method === 'GET' ? pauses[attempt] : undefined;
    try {
      const answer = await connection.send(request);
      if (usual === undefined || !passing.includes(answer.status)) return answer;
      const wait = Math.max(usual, Number(answer.headers['retry-after'] ?? 0) * 1000 || 0);
      if (wait > longestPauseMs) return answer;
      await pause(wait);
    } catch (thrown) {
      const failure =
        thrown instanceof WireFailure ? thrown : new WireFailure('the request could not be made', true);
      if (usual === undefined || failure.message.startsWith('no answer'))
        throw unreached(doing, failure, secrets);
      await pause(usual);
    }
  }
};

const unreached = (doing: string, failure: WireFailure, secrets: readonly string[]): GitLabError =>
  new GitLabError('gitlab.unreachable', doing, {
    status: undefined,
    sent: failure.sent,
    fromGitLab: false,
    words: oneLine(without(failure.message, secrets)),
  });

const without = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);

/** A proxy's complaint may repeat what was sent. Good answers are left alone. */
const withoutSecrets = (answer: WireAnswer, secrets: readonly string[]): WireAnswer =>
  answer.status < 300 ? answer : { ...answer, text: without(answer.text, secrets) };
