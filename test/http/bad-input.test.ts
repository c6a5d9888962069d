import t from 'tap';
import { exchange, fields, formOf, now, pressOf, secret, serve, signedPost, slashCommand } from './served.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const signed = signedPost(slashCommand);
const invalidUtf8 = Buffer.concat([Buffer.from(`${slashCommand}&x=`), Buffer.from([0xc3, 0x28])]);

const refused = {
  'no signature': [{ ...signed, headers: form }, 401, 'request.unverified'],
  'a wrong signature': [
    { ...signed, headers: { ...signed.headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` } },
    401,
    'request.unverified',
  ],
  'a body changed after signing': [{ ...signed, payload: `${slashCommand}&x=1` }, 401, 'request.unverified'],
  'a stale timestamp': [signedPost(slashCommand, undefined, now / 1000 - 301), 401, 'request.stale'],
  'a future timestamp': [signedPost(slashCommand, undefined, now / 1000 + 301), 401, 'request.stale'],
  'a body over the limit': [
    signedPost(formOf({ ...fields, text: 'x'.repeat(70_000) })),
    413,
    'request.too-large',
  ],
  'a repeated field': [signedPost(`${slashCommand}&text=other`), 400, 'request.malformed'],
  'invalid UTF-8': [signedPost(invalidUtf8), 400, 'request.malformed'],
  'a broken percent-encoding': [signedPost(`${slashCommand}&x=%E0%A4%A`), 400, 'request.malformed'],
  'a missing user': [signedPost(formOf({ ...fields, user_id: '' })), 400, 'request.malformed'],
  'a payload that is not JSON': [
    signedPost(formOf({ payload: '{' }), '/slack/interactions'),
    400,
    'request.malformed',
  ],
  'JSON instead of a form': [
    { ...signed, headers: { ...signed.headers, 'content-type': 'application/json' } },
    415,
    'request.media-type',
  ],
  'another character set': [
    {
      ...signed,
      headers: { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded; charset=latin1' },
    },
    415,
    'request.media-type',
  ],
  'a smuggled ssl_check that is not 1': [
    { ...signed, headers: form, payload: 'ssl_check=true' },
    401,
    'request.unverified',
  ],
  'a route that does not exist': [
    { ...signed, url: '/mattermost/commands?token=x' },
    404,
    'request.unknown-route',
  ],
  'a GET of a command route': [
    { method: 'GET' as const, url: '/slack/commands?a=1' },
    404,
    'request.unknown-route',
  ],
} as const;

for (const [name, [request, status, code]] of Object.entries(refused)) {
  t.test(`${name} is answered ${status}, logged in one line, and goes no further`, async (t) => {
    const { app, lines, received, told, keys, refused } = serve(t);
    const response = await app.inject(request);
    t.equal(response.statusCode, status);
    t.match(response.headers['content-type'], /^application\/problem\+json/);
    t.match(response.json(), { status, code, title: String, type: `urn:chatops-gateway:${code}` });
    t.match(lines, [{ msg: 'request refused', code, route: String, because: String }]);
    t.equal(lines.length, 1);
    t.equal(refused.length, 1);
    t.notMatch(JSON.stringify(lines), secret);
    t.notMatch(JSON.stringify(lines), 'token=x');
    t.same([received.length, told.length, keys.size], [0, 0, 0], 'nothing done, said or stored');
  });
}

for (const [name, body, url] of [
  ['slash command', slashCommand, '/slack/commands'],
  ['press', pressOf('U2'), '/slack/interactions'],
] as const) {
  t.test(`a replayed ${name} is refused and reaches the gateway once`, async (t) => {
    const { app, lines, received } = serve(t);
    t.equal((await app.inject(signedPost(body, url))).statusCode, 200);
    const again = await app.inject(signedPost(body, url));
    t.equal(again.statusCode, 401);
    t.match(again.json(), { code: 'request.replayed' });
    t.match(lines, [{ msg: 'request refused', code: 'request.replayed' }]);
    t.equal(received.length, 1);
  });
}

const listening = async (t: Parameters<typeof serve>[0]) => {
  const served = serve(t);
  await served.app.listen({ port: 0, host: '127.0.0.1' });
  served.lines.length = 0;
  const address = served.app.server.address();
  return { ...served, port: typeof address === 'object' && address !== null ? address.port : 0 };
};

t.test('a body announced as too long is refused before it is sent', async (t) => {
  const { port, lines, received } = await listening(t);
  const head =
    'POST /slack/commands HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n';
  const answer = await exchange(port, `${head}content-length: 65537\r\nconnection: close\r\n\r\n`);
  t.match(answer, /^HTTP\/1.1 413 /);
  t.match(lines, [{ code: 'request.too-large' }]);
  t.equal(lines.length, 1);
  t.equal(received.length, 0);
});

t.test('a body that grows too long on the way is refused', async (t) => {
  const { port, lines, received } = await listening(t);
  const head =
    'POST /slack/commands HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n';
  const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
  const answer = await exchange(
    port,
    `${head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`,
  );
  t.match(answer, /^HTTP\/1.1 413 /);
  t.match(lines, [{ code: 'request.too-large' }]);
  t.equal(lines.length, 1);
  t.equal(received.length, 0);
});

t.test('bytes that are not HTTP are answered 400 and logged in one line', async (t) => {
  const { port, lines } = await listening(t);
  t.match(await exchange(port, Buffer.from([0xff, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a])), /^HTTP\/1.1 400 /);
  t.match(lines, [{ msg: 'request refused', code: 'request.malformed' }]);
});

t.test('a signature header sent twice is refused', async (t) => {
  const { port, received } = await listening(t);
  const { headers } = signed;
  const twice = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(slashCommand)),
    host: 'x',
  })
    .concat([
      ['x-slack-signature', headers['x-slack-signature']],
      ['connection', 'close'],
    ])
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  t.match(
    await exchange(port, `POST /slack/commands HTTP/1.1\r\n${twice}\r\n${slashCommand}`),
    /^HTTP\/1.1 401 /,
  );
  t.equal(received.length, 0);
});
