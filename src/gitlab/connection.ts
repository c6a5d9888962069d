import { EventEmitter } from 'node:events';
import { buildConnector, Pool } from 'undici';

/** One HTTP request to GitLab, as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Which end of a long body is kept: `all` refuses what is over the limit, `tail` cuts the beginning off. */
  readonly keep: 'all' | 'tail';
}

/** What came back, whatever it is. Header names are in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** No whole answer arrived. `sent: false`: the request provably never left; otherwise it may have been carried out. */
export class WireFailure extends Error {
  readonly sent: boolean;

  constructor(message: string, sent: boolean) {
    super(message);
    this.name = 'WireFailure';
    this.sent = sent;
  }
}

/** Limits of a connection: times in milliseconds, sizes in bytes. */
export interface WireLimits {
  readonly connectMs: number;
  readonly readMs: number;
  readonly writeMs: number;
  readonly bodyBytes: number;
  readonly tailBytes: number;
}

export const usualLimits: WireLimits = {
  connectMs: 5_000,
  readMs: 10_000,
  writeMs: 20_000,
  bodyBytes: 20 * 1024 * 1024,
  tailBytes: 4 * 1024 * 1024,
};

/** Sends requests to one origin and never follows a redirect, never repeats a request. Rejects with WireFailure only. */
export interface Connection {
  send(request: WireRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** Opens the way to the origin of `url`: kept-alive connections for reading, a fresh one for every write. */
export const createConnection = (url: string, limits: WireLimits = usualLimits): Connection => {
  const { origin } = new URL(url);
  const connect = markingConnector(limits.connectMs);
  const reading = new Pool(origin, { connect, connections: 64, keepAliveTimeout: 30_000 });
  // A kept-alive connection may be closed under a write, and then nobody knows what became of it.
  // On a fresh one every failure to connect is known to be "not sent". Zero pipelining switches keep-alive off.
  const writing = new Pool(origin, { connect, pipelining: 0 });
  return {
    send: (request) =>
      request.method === 'GET'
        ? exchange(reading, request, limits.readMs, limits)
        : exchange(writing, request, limits.writeMs, limits),
    close: async () => {
      await Promise.all([reading.destroy(), writing.destroy()]);
    },
  };
};

/** An undici connector whose every failure says that nothing was sent. */
const markingConnector = (timeout: number): buildConnector.connector => {
  const connect = buildConnector({ timeout });
  return (options, done) =>
    connect(options, (...[error, socket]) =>
      error === null ? done(null, socket) : done(new WireFailure(wordsOf(error), false), null),
    );
};

const exchange = async (
  pool: Pool,
  request: WireRequest,
  withinMs: number,
  limits: WireLimits,
): Promise<WireAnswer> => {
  // An emitter and one timer cost a fraction of AbortSignal.timeout().
  const signal = new EventEmitter();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    signal.emit('abort');
  }, withinMs);
  try {
    const { path, method, headers, body = null } = request;
    const answer = await pool.request({ path, method, headers, body, signal });
    const text = await bodyText(answer.body, request.keep, limits);
    return { status: answer.statusCode, headers: flat(answer.headers), text };
  } catch (thrown) {
    if (thrown instanceof WireFailure) throw thrown;
    throw new WireFailure(late ? `no answer within ${withinMs / 1000} s` : wordsOf(thrown), true);
  } finally {
    clearTimeout(timer);
  }
};

const bodyText = async (
  body: AsyncIterable<Buffer>,
  keep: WireRequest['keep'],
  limits: WireLimits,
): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (keep === 'all' && size > limits.bodyBytes) {
      throw new WireFailure(`the answer is longer than ${limits.bodyBytes} bytes`, true);
    }
    while (keep === 'tail' && size - (chunks[0]?.length ?? 0) >= limits.tailBytes) {
      size -= chunks.shift()?.length ?? 0;
      cut = true;
    }
  }
  const whole = Buffer.concat(chunks);
  const over = whole.length - limits.tailBytes;
  if (keep === 'all' || (!cut && over <= 0)) return whole.toString('utf8');
  // The first line kept is incomplete, possibly in the middle of a character.
  const from = Math.max(over, 0);
  return whole.subarray(whole.indexOf(10, from) + 1 || from).toString('utf8');
};

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const wordsOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return 'the connection failed';
  const first = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  if (first instanceof Error && first !== thrown) return wordsOf(first);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return thrown.message.includes(code) ? thrown.message || thrown.name : `${thrown.message} (${code})`;
};
