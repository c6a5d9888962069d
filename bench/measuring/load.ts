import { once } from 'node:events';
import { createConnection } from 'node:net';
import { commandFields, formOf, signed, unsigned } from '../../test/support/slack-request.ts';
import { channel, team, userName } from './policies.ts';
import { signingSecret } from './programs.ts';

/** One kept-open connection that carries one request at a time. */
export interface Line {
  /** Sends the bytes of a whole request; answers the status. */
  exchange(request: Buffer): Promise<number>;
  close(): void;
}

/** The status of an answer that is there whole, else undefined. */
const statusOf = (answer: Buffer): number | undefined => {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = answer.toString('latin1', 0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return answer.length >= end + 4 + length ? Number(head.slice(9, 12)) : undefined;
};

const openLine = async (url: URL): Promise<Line> => {
  const socket = createConnection({ host: url.hostname, port: Number(url.port), noDelay: true });
  let rest: Buffer = Buffer.alloc(0);
  let answered: (status: number) => void = () => undefined;
  socket.on('data', (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const status = statusOf(rest);
    if (status === undefined) return;
    rest = Buffer.alloc(0);
    answered(status);
  });
  // A broken line counts as an answer that is none.
  socket.on('error', () => undefined);
  socket.on('close', () => answered(0));
  await once(socket, 'connect');
  return {
    exchange: (request) =>
      new Promise((resolve) => {
        answered = resolve;
        if (socket.destroyed) resolve(0);
        else socket.write(request);
      }),
    close: () => socket.destroy(),
  };
};

/** Opens that many connections. */
export const openLines = (url: string, count: number): Promise<readonly Line[]> =>
  Promise.all(Array.from({ length: count }, () => openLine(new URL(url))));

/** Who types what: so many people in turn, and what is typed the nth time. Slack is where the response_url points. */
export interface Typing {
  readonly users: number;
  readonly slackUrl: string;
  readonly text: (at: number) => string;
}

/** Signed slash commands, each with its own trigger_id, as bytes on the wire. */
export const slashCommands = (count: number, { users, slackUrl, text }: Typing): readonly Buffer[] =>
  Array.from({ length: count }, (_, at) => {
    const by = {
      team,
      channel,
      user: userName(at % users),
      responseUrl: `${slackUrl}/commands/T1/1/x`,
    };
    const { path, headers, body } = signed(unsigned(formOf(commandFields(by, text(at)))), signingSecret);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });

/** What a load came to. Milliseconds. */
export interface Measured {
  readonly perSecond: number;
  readonly latencies: readonly number[];
  /** Answers that were not 200. */
  readonly bad: number;
}

/** Every connection sends its next request when it has the answer to the last. */
export const closedLoop = async (lines: readonly Line[], requests: readonly Buffer[]): Promise<Measured> => {
  const latencies: number[] = [];
  let next = 0;
  let bad = 0;
  const began = performance.now();
  const keepOn = async (line: Line): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const sent = performance.now();
      if ((await line.exchange(request)) !== 200) bad += 1;
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(lines.map(keepOn));
  return { perSecond: (requests.length / (performance.now() - began)) * 1000, latencies, bad };
};

/** Requests arrive at a fixed rate whether or not the last were answered; latency counts from when a request was to be sent. */
export const openLoop = (
  lines: readonly Line[],
  requests: readonly Buffer[],
  perSecond: number,
): Promise<Measured> =>
  new Promise((resolve) => {
    const free = [...lines];
    const latencies: number[] = [];
    const began = performance.now();
    let next = 0;
    let bad = 0;
    const send = (line: Line, request: Buffer, due: number): void => {
      void line.exchange(request).then((status) => {
        if (status !== 200) bad += 1;
        latencies.push(performance.now() - due);
        free.push(line);
        if (latencies.length === requests.length)
          resolve({ perSecond: (latencies.length / (performance.now() - began)) * 1000, latencies, bad });
        else sendDue();
      });
    };
    const sendDue = (): void => {
      for (;;) {
        const due = began + (next / perSecond) * 1000;
        const request = requests[next];
        if (request === undefined || due > performance.now()) return;
        const line = free.pop();
        if (line === undefined) return;
        next += 1;
        send(line, request, due);
      }
    };
    const timer = setInterval(() => {
      sendDue();
      if (next >= requests.length) clearInterval(timer);
    }, 1);
  });
