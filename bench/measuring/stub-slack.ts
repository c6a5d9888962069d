import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Slack that takes everything and remembers only how often. */
export interface StubSlack {
  readonly url: string;
  /** How often each method was called. */
  readonly calls: Map<string, number>;
  /** Hears every call as it arrives: its method and its form. */
  hear: (method: string, form: URLSearchParams) => void;
  close(): void;
}

/** Starts it on a free loopback port. */
export const startStubSlack = async (): Promise<StubSlack> => {
  let posted = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = (request.url ?? '').split('/').at(-1) ?? '';
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      stub.calls.set(method, (stub.calls.get(method) ?? 0) + 1);
      posted += 1;
      const ts = form.get('ts') ?? `1700000000.${String(posted).padStart(6, '0')}`;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, channel: form.get('channel'), ts }));
      stub.hear(method, form);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: StubSlack = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: new Map(),
    hear: () => undefined,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
};
