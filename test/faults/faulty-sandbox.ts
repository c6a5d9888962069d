import { join } from 'node:path';
import { freePort, shared } from '../support/gateway-process.ts';
import { type Program, startedOnce } from './program.ts';
import type { ChatFaults, GitLabFaults } from './sandbox-faults.ts';

const root = join(import.meta.dirname, '../..');

/** A small GitLab and a small Slack in a process of their own, which can be told to misbehave and keep ledgers. */
export interface FaultySandbox {
  readonly slackUrl: string;
  readonly gitlabUrl: string;
  misbehave(faults: { readonly gitlab: GitLabFaults; readonly chat: ChatFaults }): Promise<void>;
  /** From now on everything is answered as it should be. */
  behave(): Promise<void>;
  readonly gitlabLedger: () => Promise<unknown>;
  readonly chatLedger: () => Promise<unknown>;
  close(): Promise<void>;
}

const json = async (url: string, init: RequestInit = {}): Promise<unknown> => {
  const response = await fetch(url, init);
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
};

const put = (url: string, body: object): Promise<unknown> =>
  json(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const launch = async (
  dir: string,
  env: Readonly<Record<string, string>>,
  slack: number,
  gitlab: number,
): Promise<Program> => {
  const { program } = await startedOnce(
    {
      args: [join(root, 'dist/sandbox/main.js')],
      env: {
        ...env,
        SANDBOX_SLACK_PORT: String(slack),
        SANDBOX_GITLAB_PORT: String(gitlab),
        SANDBOX_SIGNING_SECRET: shared.signingSecret,
        SANDBOX_BOT_TOKEN: shared.botToken,
        SANDBOX_WEBHOOK_TOKEN: shared.webhookToken,
        SANDBOX_LIMITS: 'off',
        SANDBOX_FAULTS: 'on',
        SANDBOX_JOBS: 'quick',
        NODE_ENV: 'production',
      },
      log: join(dir, 'sandbox.log'),
      onLine: () => undefined,
    },
    /"slack":/,
  );
  return program;
};

/** Starts it for a gateway at that address; it behaves until it is told otherwise. A job takes `jobMs`. */
export const startSandbox = async (
  dir: string,
  gatewayUrl: string,
  jobMs: number,
): Promise<FaultySandbox> => {
  const [slack, gitlab] = [await freePort(), await freePort()];
  const program = await launch(
    dir,
    { GATEWAY_URL: gatewayUrl, SANDBOX_JOB_MS: String(jobMs) },
    slack,
    gitlab,
  );
  const [slackUrl, gitlabUrl] = [`http://127.0.0.1:${slack}`, `http://127.0.0.1:${gitlab}`];
  const misbehave: FaultySandbox['misbehave'] = async (faults) => {
    await put(`${gitlabUrl}/-/sandbox/faults`, faults.gitlab);
    await put(`${slackUrl}/-/sandbox/faults`, faults.chat);
  };
  return {
    slackUrl,
    gitlabUrl,
    misbehave,
    behave: () => misbehave({ gitlab: { seed: 0 }, chat: { seed: 0 } }),
    gitlabLedger: () => json(`${gitlabUrl}/-/sandbox/ledger`),
    chatLedger: () => json(`${slackUrl}/-/sandbox/ledger`),
    close: async () => {
      program.signal('SIGTERM');
      await program.ended;
    },
  };
};
