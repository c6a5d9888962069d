import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { Agent, request } from 'undici';
import type { GitLabOptions } from '../../../../src/sandbox/gitlab/build.ts';
import { type Started, startFake } from '../fakes/gitlab.ts';

/** What `GET /-/sandbox/ledger` shows. */
export interface Ledger {
  readonly pipelines: readonly {
    readonly id: number;
    readonly project: string;
    readonly run: string | null;
    readonly status: string;
    readonly createdAt: number;
    readonly user: string;
  }[];
  readonly faults: Readonly<Record<string, number>>;
  readonly starts: number;
}

/** A GitLab with faults, and what a judge and a client do with it. */
export interface Faulty extends Started {
  put(body: unknown): Promise<{ readonly status: number; readonly text: string }>;
  ledger(): Promise<Ledger>;
  /** Starts a pipeline of ops/legacy; `error` is the code of a connection that broke. */
  start(signal?: AbortSignal): Promise<Outcome>;
}

export interface Outcome {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly error: string;
}

/** Starts a GitLab around the fake CI, whose faults can be set. */
export async function startFaulty(t: Test, options: Partial<GitLabOptions> = {}): Promise<Faulty> {
  const started = await startFake(t, { faults: 'on', ...options });
  const { url } = started.gitlab;
  const agent = new Agent();
  t.teardown(() => agent.destroy());
  return {
    ...started,
    async put(body) {
      const answer = await fetch(`${url}/-/sandbox/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text() };
    },
    async ledger() {
      const answer = await fetch(`${url}/-/sandbox/ledger`);
      return (await answer.json()) as Ledger;
    },
    start: (signal) => startOnce(agent, url, signal),
  };
}

const nothing = { status: 0, type: '', text: '', headers: {} };

async function startOnce(agent: Agent, url: string, signal?: AbortSignal): Promise<Outcome> {
  try {
    const answer = await request(`${url}/api/v4/projects/104/pipeline`, {
      method: 'POST',
      headers: { 'private-token': 'glpat-sandbox-gateway', 'content-type': 'application/json' },
      body: JSON.stringify({ ref: 'main', variables: [{ key: 'CHATOPS_RUN_ID', value: 'ci_1' }] }),
      dispatcher: agent,
      ...(signal === undefined ? {} : { signal }),
    });
    const { headers } = answer;
    const text = await answer.body.text();
    return { status: answer.statusCode, type: String(headers['content-type']), text, headers, error: '' };
  } catch (error) {
    if (signal?.aborted) return { ...nothing, error: 'gone' };
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ...nothing, error: code };
  }
}

/** Waits until something is so; the test's own time limit ends a wait that is in vain. */
export async function until<T>(ask: () => Promise<T>, so: (answer: T) => boolean): Promise<T> {
  for (let answer = await ask(); ; answer = await ask()) {
    if (so(answer)) return answer;
    await sleep(5);
  }
}
