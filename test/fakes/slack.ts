import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it stands in the fake's channels now. */
export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly onlyFor: string | null;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly edits: number;
}

/** What goes wrong at the next call of a method. `hangUp`: the line breaks, after the message was shown or before. */
export type Fault =
  | { readonly error: string }
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly hangUp: 'after' | 'before' };

/** A small Slack over HTTP that remembers what people see. */
export interface FakeSlack {
  readonly apiUrl: string;
  readonly host: string;
  /** Channels that the bot is a member of. */
  readonly botIn: Set<string>;
  readonly messages: FakeMessage[];
  /** Methods called, in order. */
  readonly calls: string[];
  /** The next calls of this method (or `response_url`) fail like this, in order. */
  readonly faults: Map<string, Fault[]>;
  /** A new response_url for this person in this channel. */
  responseUrl(channel: string, user: string): string;
  close(): Promise<void>;
}

type Fields = Readonly<Record<string, string>>;
type Said =
  | { readonly ok: true; readonly [key: string]: unknown }
  | { readonly ok: false; readonly error: string };

type UrlGrant = { readonly channel: string; readonly user: string; uses: number };

/** What people see and how Slack changes it; no HTTP here. */
function createWorld() {
  const botIn = new Set<string>();
  const messages: FakeMessage[] = [];
  const urls = new Map<string, UrlGrant>();
  const show = (message: Omit<FakeMessage, 'ts' | 'edits'>): string => {
    const ts = `${messages.length + 1}.000100`;
    messages.push({ ...message, ts, edits: 0 });
    return ts;
  };
  const respond = (path: string, body: { text: string; response_type: string; blocks?: unknown[] }): Said => {
    const url = urls.get(path);
    if (url === undefined) return { ok: false, error: 'expired_url' };
    if (url.uses >= 5) return { ok: false, error: 'used_url' };
    url.uses += 1;
    const onlyFor = body.response_type === 'in_channel' ? null : url.user;
    show({ channel: url.channel, onlyFor, text: body.text, blocks: body.blocks ?? [] });
    return { ok: true };
  };
  const edit = ({ channel, ts, text = '' }: Fields, blocks: readonly unknown[]): Said => {
    const at = messages.findIndex((each) => each.ts === ts && each.channel === channel);
    const old = messages[at];
    if (old === undefined) return { ok: false, error: 'message_not_found' };
    messages[at] = { ...old, text, blocks, edits: old.edits + 1 };
    return { ok: true, channel, ts };
  };
  const call = (method: string, fields: Fields): Said => {
    const { channel = '', user = '', users = '', text = '' } = fields;
    const blocks = JSON.parse(fields.blocks ?? '[]') as unknown[];
    if (method === 'conversations.open') {
      botIn.add(`D${users}`);
      return { ok: true, channel: { id: `D${users}` } };
    }
    if (!botIn.has(channel)) return { ok: false, error: 'not_in_channel' };
    if (method === 'chat.update') return edit(fields, blocks);
    const onlyFor = method === 'chat.postEphemeral' ? user : null;
    const ts = show({ channel, onlyFor, text, blocks });
    return onlyFor === null ? { ok: true, channel, ts } : { ok: true, message_ts: ts };
  };
  const act = (method: string, path: string, body: string): Said =>
    method === 'response_url'
      ? respond(path, JSON.parse(body))
      : call(method, Object.fromEntries(new URLSearchParams(body)));
  return { botIn, messages, urls, act };
}

/** Starts the fake on a free port. */
export async function startFakeSlack(): Promise<FakeSlack> {
  const { botIn, messages, urls, act } = createWorld();
  const calls: string[] = [];
  const faults = new Map<string, Fault[]>();
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const path = request.url ?? '';
    const method = path.startsWith('/api/') ? path.slice('/api/'.length) : 'response_url';
    calls.push(method);
    const fault = faults.get(method)?.shift();
    if (fault !== undefined && 'hangUp' in fault) {
      if (fault.hangUp === 'after') act(method, path, body);
      return request.socket.destroy();
    }
    if (fault !== undefined && 'status' in fault) {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return response.writeHead(fault.status, headers).end('{"ok":false,"error":"ratelimited"}');
    }
    const said: Said = fault === undefined ? act(method, path, body) : { ok: false, error: fault.error };
    const status = said.ok || method !== 'response_url' ? 200 : 404;
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const responseUrl = (channel: string, user: string) => {
    const path = `/commands/${urls.size + 1}`;
    urls.set(path, { channel, user, uses: 0 });
    return `http://${host}${path}`;
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { apiUrl: `http://${host}/api/`, host, botIn, messages, calls, faults, responseUrl, close };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
