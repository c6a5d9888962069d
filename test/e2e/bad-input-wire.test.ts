import { createConnection } from 'node:net';
import t from 'tap';
import { type Answer, commandFields, formOf, signed, unsigned } from '../support/slack-request.ts';
import { ana, startWatchedGateway } from '../support/watched-gateway.ts';

const gateway = await startWatchedGateway(t);
const command = signed(unsigned(formOf(commandFields(ana, 'lb weight web 10'))), gateway.secret);

/** Sends bytes as they are and reads whatever comes back until the gateway hangs up. */
const sendBytes = (bytes: readonly (Buffer | string)[]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(gateway.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      const type = /^content-type: *(.*)$/im.exec(head)?.[1] ?? '';
      resolve({ status: Number(head.split(' ')[1]), type, text: body });
    });
    for (const each of bytes) socket.write(each);
  });

const headOf = (headers: Readonly<Record<string, string>>, ...more: readonly string[]): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    'POST /slack/commands HTTP/1.1',
    'host: gateway',
    'connection: close',
    ...lines,
    ...more,
    '',
    '',
  ].join('\r\n');
};

const length = (bytes: Buffer): string => `content-length: ${bytes.length}`;
const { headers, body } = command;
const other = signed(unsigned(body), 'another secret').headers['x-slack-signature'] ?? '';
const chunk = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;

const refused: Readonly<Record<string, readonly [readonly (Buffer | string)[], number, string]>> = {
  'bytes that are not HTTP': [[Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])], 400, 'request.malformed'],
  'a header without a colon': [[`${headOf({}).trimEnd()}\r\nnonsense\r\n\r\n`], 400, 'request.malformed'],
  'a body with a length and in chunks': [
    [headOf(headers, length(body), 'transfer-encoding: chunked'), body],
    400,
    'request.malformed',
  ],
  'two lengths': [[headOf(headers, length(body), 'content-length: 5'), body], 400, 'request.malformed'],
  'two signatures, the right one first': [
    [headOf(headers, `x-slack-signature: ${other}`, length(body)), body],
    401,
    'request.unverified',
  ],
  'two timestamps': [
    [headOf(headers, 'x-slack-request-timestamp: 1', length(body)), body],
    401,
    'request.unverified',
  ],
  'chunks that go over the limit': [
    [headOf(headers, 'transfer-encoding: chunked'), chunk(200_000), chunk(200_000), '0\r\n\r\n'],
    413,
    'request.too-large',
  ],
  'a length over the limit, and no body': [
    [headOf(headers, 'content-length: 300000')],
    413,
    'request.too-large',
  ],
  'headers without end': [[headOf({ 'x-long': 'x'.repeat(20_000) })], 400, 'request.malformed'],
};

for (const [name, [bytes, status, code]] of Object.entries(refused)) {
  t.test(`${name}: answered ${status}, one line in the log, and the connection is closed`, async (t) => {
    const { answer, warned, ...left } = await gateway.follow(() => sendBytes(bytes));
    t.match(answer, { status, type: /^application\/problem\+json/ });
    t.match(JSON.parse(answer.text), { status, code });
    t.match(warned, [{ level: 40, code, because: /./ }]);
    t.equal(warned.length, 1);
    t.same(left, { stored: [], audited: [], pipelines: 0 });
  });
}

t.test('the same request, sent as it should be, is taken', async (t) => {
  const { answer, audited } = await gateway.follow(() => sendBytes([headOf(headers, length(body)), body]));
  t.equal(answer.status, 200);
  t.match(audited[0], { kind: 'decision', allowed: true });
});
