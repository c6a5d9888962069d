import type { Test } from 'tap';
import { request } from 'undici';
import { type SlackOptions, type SlackSandbox, startSlack } from '../../../src/sandbox/slack/server.ts';
import type { Message } from '../../../src/sandbox/slack/types.ts';
import { type FakeGateway, startFakeGateway } from './fake-gateway.ts';

export const botToken = 'xoxb-sandbox-token-0001';
export const signingSecret = 'a signing secret for tests';

/** A Slack with a fake gateway behind it and a clock that only the test moves. */
export interface Started {
  readonly slack: SlackSandbox;
  readonly gateway: FakeGateway;
  readonly clock: { now: number };
  /** Posts JSON to a path of the Slack or to a whole address. */
  post(where: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Calls a Web API method with the bot's token. */
  call(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  type(as: string, channel: string, text: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Starts both; they end with the test. */
export async function start(t: Test, changed: Partial<SlackOptions> = {}): Promise<Started> {
  const gateway = await startFakeGateway(signingSecret);
  const clock = { now: 1_700_000_000_000 };
  const slack = await startSlack({ ...defaults(gateway, clock), ...changed });
  t.teardown(async () => {
    await slack.close();
    await gateway.close();
  });
  const post: Started['post'] = (where, body, headers = {}) =>
    postJson(new URL(where, slack.url).href, body, headers);
  return {
    slack,
    gateway,
    clock,
    post,
    async call(method, args) {
      return JSON.parse((await post(`/api/${method}`, args, { authorization: `Bearer ${botToken}` })).body);
    },
    async type(as, channel, text) {
      const answer = await post('/sandbox/type', { as, channel, text });
      await slack.settled();
      return answer;
    },
  };
}

/** What can be seen of messages, without ids. */
export function seen(messages: readonly Message[]): string[] {
  return messages.map(
    (each) => `${each.from} ${each.user}${each.onlyFor ? ` only ${each.onlyFor}` : ''}: ${each.text}`,
  );
}

function defaults(gateway: FakeGateway, clock: { now: number }): SlackOptions {
  let count = 0;
  return {
    port: 0,
    host: '127.0.0.1',
    now: () => clock.now,
    random: () => {
      count += 1;
      return `word${String(count).padStart(4, '0')}-unguessable-here`;
    },
    gatewayUrl: () => gateway.url,
    signingSecret,
    botToken,
    assetsDir: '/nonexistent',
    links: [{ label: 'GitLab', url: 'http://127.0.0.1:1/' }],
    suggestions: [{ text: '/chatops help', hint: 'what you may run here' }],
  };
}

async function postJson(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, body: await answer.body.text(), headers: answer.headers };
}
