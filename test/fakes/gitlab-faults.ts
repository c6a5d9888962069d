import type { ServerResponse } from 'node:http';

/** An answer of the fake. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What goes wrong. `after`: GitLab has already done what was asked. */
export interface Fault {
  readonly kind: 'status' | 'html' | 'reset' | 'hang' | 'redirect' | 'broken' | 'body';
  readonly after?: boolean;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Where a redirect leads. */
  readonly to?: string;
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): FakeAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export const fail = (status: number, message: string): FakeAnswer => json(status, { message });

const page = '<!DOCTYPE html><html><title>Sign in</title><body>You need to sign in</body></html>';

/** Carries the fault out. */
export const spoil = (fault: Fault, response: ServerResponse): void => {
  const { kind, status, headers = {} } = fault;
  if (kind === 'hang') return;
  if (kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (kind === 'broken') {
    response.writeHead(status ?? 201, { 'content-type': 'application/json', ...headers }).end('{"id": 4');
    return;
  }
  if (kind === 'redirect') {
    response.writeHead(status ?? 302, { location: fault.to ?? 'https://elsewhere.test/' }).end();
    return;
  }
  const type = kind === 'html' ? 'text/html; charset=utf-8' : 'application/json';
  const usual = kind === 'html' ? page : JSON.stringify({ message: `${status} from a proxy` });
  const text = fault.body ?? (kind === 'status' ? '' : usual);
  const typed: Record<string, string> = kind === 'status' ? {} : { 'content-type': type };
  response.writeHead(status ?? 200, { ...typed, ...headers }).end(text);
};
