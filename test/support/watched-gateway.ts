import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { connectRedis } from '../../src/store/redis-client.ts';
import { startFakeGitLab } from '../fakes/gitlab.ts';
import { startFakeSlack } from '../fakes/slack.ts';
import { freePort, gatewayEnv, startGatewayProcess } from './gateway-process.ts';
import { startRedis } from './redis.ts';
import {
  type Answer,
  commandFields,
  formOf,
  type SlackRequest,
  send,
  signed,
  type Typist,
  unsigned,
} from './slack-request.ts';

/** Milliseconds that a note may take to be written on a busy machine; most take a few. */
const notedWithinMs = 1500;

/** The model that every policy folder holds. */
export const modelFile = readFileSync(join(import.meta.dirname, '../../policies/model.conf'), 'utf8');

/** Ana may do everything in #ops, Bo a little in #dev, and nobody may overload production. */
const policyFiles = {
  'model.conf': modelFile,
  'policy.csv': `g, slack:T1/UANA, role:sre
g, slack:T1/UBO, role:dev
g2, slack:T1/COPS, channels:ops
g2, slack:T1/CDEV, channels:dev
p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow
p, *, *, lb weight, env = production and weight > 50, deny
`,
  commands: {
    'lb-weight.yml': `name: lb weight
summary: { en: Change the share of traffic a backend gets }
mode: wait
inputs:
  backend: { type: string, options: [web, api] }
  weight: { type: integer, min: 0, max: 100 }
  env: { type: string, options: [staging, production], default: staging }
pipeline: { project: ops/ansible, ref: main, pass: variables }
`,
  },
};

export const ana = { team: 'T1', user: 'UANA', channel: 'COPS' } as const;
export const bo = { team: 'T1', user: 'UBO', channel: 'CDEV' } as const;

/** All that followed from one thing that was done to the gateway. */
export interface Followed {
  readonly answer: Answer;
  /** Log lines of level warn and above. */
  readonly warned: readonly Record<string, unknown>[];
  /** Keys that Redis has now and had not before; the queue's own are left out. */
  readonly stored: readonly string[];
  readonly audited: readonly Record<string, unknown>[];
  /** Pipelines that GitLab has more than before. */
  readonly pipelines: number;
}

type Line = Record<string, unknown>;

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

const keysIn = async (client: { keys(pattern: string): Promise<string[]> }): Promise<readonly string[]> =>
  (await client.keys('*')).filter((key) => !key.startsWith('{chatops}:chatops-wake:'));

/** A gateway process over a real Redis, with a small Slack and GitLab beside it, of which every consequence can be seen. */
export const startWatchedGateway = async (t: Test, given: Readonly<Record<string, string>> = {}) => {
  const [redis, slack, gitlab, port] = await Promise.all([
    startRedis(t),
    startFakeSlack(),
    startFakeGitLab(),
    freePort(),
  ]);
  const dir = t.testdir({ policies: policyFiles });
  const auditFile = join(dir, 'audit.jsonl');
  const slackUrl = slack.apiUrl.replace(/\/api\/$/, '');
  const gateway = await startGatewayProcess({
    ...gatewayEnv({ slackUrl, gitlabUrl: gitlab.url }, port),
    GITLAB_TOKEN: gitlab.token,
    REDIS_URL: redis.url,
    POLICIES: join(dir, 'policies'),
    AUDIT_FILE: auditFile,
    ...given,
  });
  const { client, close } = connectRedis(redis.url, () => undefined);
  t.teardown(async () => {
    await gateway.kill();
    await close();
    await Promise.all([slack.close(), gitlab.close()]);
  });
  for (const channel of ['COPS', 'CDEV']) slack.botIn.add(channel);

  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const audit = (): readonly Line[] =>
    existsSync(auditFile) ? linesOf(readFileSync(auditFile, 'utf8')) : [];
  const warnings = (): readonly Line[] =>
    linesOf(gateway.printed()).filter(({ level }) => Number(level) >= 40);

  /** Everything logged before is printed when this is over: log lines keep their order. */
  let fences = 0;
  const fence = async (): Promise<number> => {
    const path = `/fence-${++fences}`;
    await fetch(`${gateway.url}${path}`);
    await gateway.says(new RegExp(`"route":"${path}"[^\n]*\n`));
    return warnings().findIndex(({ route }) => route === path);
  };

  const noted = async (before: number): Promise<void> => {
    const end = Date.now() + notedWithinMs;
    while (audit().length === before && Date.now() < end) await sleep(10);
  };

  /** Does it, and tells all that followed. */
  const follow = async (act: () => Promise<Answer>): Promise<Followed> => {
    const from = await fence();
    const before = { keys: await keysIn(client), audit: audit().length, pipelines: gitlab.pipelines.length };
    const answer = await act();
    const to = await fence();
    // What is only noted is written after the answer.
    if (answer.status === 200) await noted(before.audit);
    const keys = await keysIn(client);
    return {
      answer,
      warned: warnings().slice(from + 1, to),
      stored: keys.filter((key) => !before.keys.includes(key)),
      audited: audit().slice(before.audit),
      pipelines: gitlab.pipelines.length - before.pipelines,
    };
  };
  return {
    url: gateway.url,
    printed: gateway.printed,
    secret,
    slack,
    gitlab,
    /** The ids of all runs that are stored. */
    runs: async () => (await client.keys('{chatops}:run:*')).map((key) => key.slice('{chatops}:run:'.length)),
    send: (request: SlackRequest) => follow(() => send(gateway.url, request)),
    type: (by: Typist, text: string) =>
      follow(() => send(gateway.url, signed(unsigned(formOf(commandFields(by, text))), secret))),
    follow,
  };
};
