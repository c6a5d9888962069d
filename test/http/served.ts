import { connect } from 'node:net';
import type { Test } from 'tap';
import { createSlackEndpoint } from '../../src/chat/slack/endpoint.ts';
import type { Invocation, Press } from '../../src/core/invocation.ts';
import type { Reply, Sent } from '../../src/core/reply.ts';
import { createHttp, type HttpParts } from '../../src/http/app.ts';
import { createLog } from '../../src/http/log.ts';
import { slackHeaders } from '../chat/slack/signed.ts';

/** The test's clock in Unix milliseconds; it stands. */
export const now = 1_700_000_000_000;
export const secret = 'slack-signing-secret';

export const refusal: Reply = {
  tone: 'refused',
  title: [{ text: 'No such command' }],
  parts: [],
  audience: 'caller',
  final: true,
};

export const fields = {
  team_id: 'T1',
  user_id: 'U1',
  channel_id: 'C1',
  text: 'lb weight web 10',
  trigger_id: '1.2.x',
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
};

export const formOf = (values: Readonly<Record<string, string>>) => new URLSearchParams(values).toString();
export const slashCommand = formOf(fields);

export const pressOf = (user: string) =>
  formOf({
    payload: JSON.stringify({
      type: 'block_actions',
      trigger_id: '3.4.y',
      team: { id: 'T1' },
      user: { id: user },
      channel: { id: 'C1' },
      response_url: fields.response_url,
      actions: [{ action_id: 'chatops.cancel', value: 'r1' }],
    }),
  });

/** A request as Slack would send it, to be given to `inject`. */
export const signedPost = (body: string | Buffer, url = '/slack/commands', seconds = now / 1000) => ({
  method: 'POST' as const,
  url,
  headers: slackHeaders(secret, String(seconds), body),
  payload: body,
});

interface Answers {
  receive?: (invocation: Invocation) => Promise<Reply | null>;
  press?: (press: Press) => Promise<Reply | null>;
  firstTime?: (key: string) => Promise<boolean>;
  send?: () => Promise<boolean>;
}

/** The web side with a real Slack endpoint before a gateway that only remembers. */
export function serve(t: Test, answers: Answers = {}, more: Partial<HttpParts> = {}) {
  const lines: Record<string, unknown>[] = [];
  const received: (Invocation | Press)[] = [];
  const told: Reply[] = [];
  const refused: string[] = [];
  const keys = new Set<string>();
  const counter = { requests: 0 };
  const log = createLog({ level: 'info', stream: { write: (line) => void lines.push(JSON.parse(line)) } });
  const sender = {
    send: async (address: Invocation['replyTo'], reply: Reply): Promise<Sent> => {
      const sent = answers.send === undefined || (await answers.send());
      if (!sent) return { sent, tryAgainAfterMs: 1, problem: 'Slack is away', address };
      told.push(reply);
      return { sent, address };
    },
  };
  const endpoint = createSlackEndpoint({
    secrets: [secret],
    now: () => now,
    seal: (plain) => plain,
    hosts: [{ protocol: 'https:', hostname: 'hooks.slack.com', port: '' }],
    log,
    sender,
  });
  const app = createHttp({
    log,
    newRequestId: () => {
      counter.requests += 1;
      return `req-${counter.requests}`;
    },
    chat: {
      endpoints: [endpoint],
      gateway: {
        receive: async (invocation) => {
          received.push(invocation);
          return answers.receive === undefined ? refusal : answers.receive(invocation);
        },
        press: async (press) => {
          received.push(press);
          return answers.press === undefined ? null : answers.press(press);
        },
      },
      firstTime: async (key) => {
        if (answers.firstTime !== undefined) return answers.firstTime(key);
        const first = !keys.has(key);
        keys.add(key);
        return first;
      },
      answerWithinMs: 200,
      bodyLimit: 65_536,
    },
    operations: {
      ready: [],
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
      version: () => ({ name: 'chatops-gateway', version: '0.1.0', policyRevision: 'ab12cd3' }),
      keys: () => ({ keys: [] }),
    },
    onRefused: (code, route) => refused.push(`${code} ${route}`),
    ...more,
  });
  t.teardown(() => app.close());
  return { app, lines, received, told, refused, keys };
}

/** A promise that the test settles. */
export function deferred<T>() {
  const hands: { resolve: (value: T) => void; reject: (reason: Error) => void } = {
    resolve() {},
    reject() {},
  };
  const promise = new Promise<T>((resolve, reject) => Object.assign(hands, { resolve, reject }));
  return {
    promise,
    resolve: (value: T) => hands.resolve(value),
    reject: (reason: Error) => hands.reject(reason),
  };
}

/** Writes these very bytes to a server and reads until it hangs up. */
export const exchange = (port: number, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
