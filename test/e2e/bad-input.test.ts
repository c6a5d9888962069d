import t from 'tap';
import { commandFields, formOf, type SlackRequest, signed, unsigned } from '../support/slack-request.ts';
import { ana, startWatchedGateway } from '../support/watched-gateway.ts';

const gateway = await startWatchedGateway(t);
const { secret } = gateway;
const wanted = commandFields(ana, 'lb weight web 10');
const command = formOf(wanted);
const genuine = (body: Buffer | string = command): SlackRequest => signed(unsigned(body), secret);
const now = (): number => Math.floor(Date.now() / 1000);
const withHeaders = (headers: Record<string, string>, request = genuine()): SlackRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
const without = (name: string, request = genuine()): SlackRequest => ({
  ...request,
  headers: Object.fromEntries(Object.entries(request.headers).filter(([each]) => each !== name)),
});

const refused: Readonly<Record<string, readonly [() => SlackRequest, number, string]>> = {
  'no signature and no timestamp': [() => unsigned(command), 401, 'request.unverified'],
  'a timestamp without a signature': [() => without('x-slack-signature'), 401, 'request.unverified'],
  'a signature without a timestamp': [() => without('x-slack-request-timestamp'), 401, 'request.unverified'],
  'a signature of zeros': [
    () => withHeaders({ 'x-slack-signature': `v0=${'0'.repeat(64)}` }),
    401,
    'request.unverified',
  ],
  "a signature made with somebody else's secret": [
    () => signed(unsigned(command), 'another secret'),
    401,
    'request.unverified',
  ],
  'a signature made with an empty secret': [() => signed(unsigned(command), ''), 401, 'request.unverified'],
  'a signature of another version': [
    () =>
      withHeaders({
        'x-slack-signature': genuine().headers['x-slack-signature']?.replace('v0=', 'v1=') ?? '',
      }),
    401,
    'request.unverified',
  ],
  'a body that was changed after it was signed': [
    () => ({ ...genuine(), body: formOf({ ...wanted, text: 'lb weight web 99' }) }),
    401,
    'request.unverified',
  ],
  'a timestamp that was moved after it was signed': [
    () =>
      withHeaders(
        { 'x-slack-request-timestamp': String(now() - 1) },
        signed(unsigned(command), secret, now()),
      ),
    401,
    'request.unverified',
  ],
  'a timestamp that is no number': [
    () => withHeaders({ 'x-slack-request-timestamp': '0x7fffffff' }),
    401,
    'request.unverified',
  ],
  'a timestamp ten minutes old': [() => signed(unsigned(command), secret, now() - 600), 401, 'request.stale'],
  'a timestamp ten minutes ahead': [
    () => signed(unsigned(command), secret, now() + 600),
    401,
    'request.stale',
  ],
  'a body over the limit': [
    () => genuine(formOf({ ...wanted, text: 'x'.repeat(256 * 1024) })),
    413,
    'request.too-large',
  ],
  'a field that is there twice': [() => genuine(`${command}&user_id=UEVE`), 400, 'request.malformed'],
  'the text twice, once escaped': [() => genuine(`${command}&te%78t=lb`), 400, 'request.malformed'],
  'bytes that are not UTF-8': [
    () => genuine(Buffer.concat([command, Buffer.from('&x='), Buffer.from([0xc3, 0x28])])),
    400,
    'request.malformed',
  ],
  'escapes that are not UTF-8': [() => genuine(`${command}&x=%C3%28`), 400, 'request.malformed'],
  'an overlong escape': [() => genuine(`${command}&x=%C0%AF`), 400, 'request.malformed'],
  'a percent sign that escapes nothing': [() => genuine(`${command}&x=100%`), 400, 'request.malformed'],
  'no user': [() => genuine(formOf({ ...wanted, user_id: '' })), 400, 'request.malformed'],
  'a user id that carries a separator': [
    () => genuine(formOf({ ...wanted, user_id: 'UANA/T2' })),
    400,
    'request.malformed',
  ],
  'an empty body': [() => genuine(''), 400, 'request.malformed'],
  'JSON in place of a form': [
    () => withHeaders({ 'content-type': 'application/json' }),
    415,
    'request.media-type',
  ],
  'a form in another character set': [
    () => withHeaders({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' }),
    415,
    'request.media-type',
  ],
  'a route that does not exist': [
    () => ({ ...genuine(), path: '/slack/commands/all' }),
    404,
    'request.unknown-route',
  ],
  'a path that is no path': [() => ({ ...genuine(), path: '/%C3%28' }), 400, 'request.malformed'],
  'ssl_check=true, unsigned': [
    () => unsigned(formOf({ ...wanted, ssl_check: 'true' })),
    401,
    'request.unverified',
  ],
  'ssl_check=1 said twice, unsigned': [
    () => unsigned(`${formOf({ ...wanted, ssl_check: '0' })}&ssl_check=1`),
    401,
    'request.unverified',
  ],
};

for (const [name, [request, status, code]] of Object.entries(refused)) {
  t.test(`${name} is answered ${status} and leaves one line in the log`, async (t) => {
    const { answer, warned, ...left } = await gateway.send(request());
    t.match(answer, { status, type: /^application\/problem\+json/ });
    t.match(JSON.parse(answer.text), { status, code, type: `urn:chatops-gateway:${code}` });
    t.match(warned, [{ level: 40, code, because: /./ }]);
    t.equal(warned.length, 1);
    t.same(left, { stored: [], audited: [], pipelines: 0 });
    t.notMatch(answer.text + JSON.stringify(warned), 'lb weight', 'nothing of the request is told');
  });
}

const handshakes: Readonly<Record<string, string>> = {
  'the handshake': 'ssl_check=1&token=x',
  'a handshake with a command inside': formOf({ ...wanted, ssl_check: '1' }).toString(),
};

for (const [name, body] of Object.entries(handshakes)) {
  t.test(`${name} is answered 200, signed or not, and does nothing`, async (t) => {
    for (const request of [unsigned(body), genuine(body)]) {
      const { answer, ...left } = await gateway.send(request);
      t.match([answer.status, answer.text], [200, '']);
      t.same(left, { warned: [], stored: [], audited: [], pipelines: 0 });
    }
  });
}

t.test('the very same request a second time is refused, and there is one run and one pipeline', async (t) => {
  const request = genuine();
  t.equal((await gateway.send(request)).answer.status, 200);
  while (gateway.gitlab.pipelines.length === 0) await new Promise((next) => setTimeout(next, 20));
  const again = await gateway.send(request);
  t.match(again.answer, { status: 401, type: /^application\/problem\+json/ });
  t.match(JSON.parse(again.answer.text), { code: 'request.replayed' });
  t.match(again.warned, [{ code: 'request.replayed' }]);
  t.equal(again.warned.length, 1);
  t.notOk(again.audited.some(({ kind }) => kind === 'decision'));
  const elsewhere = await gateway.send({ ...request, path: '/slack/interactions' });
  t.equal(elsewhere.answer.status, 400, 'nor is it good for another route');
  t.equal((await gateway.runs()).length, 1);
  t.equal(gateway.gitlab.pipelines.length, 1);
});

t.test('no secret was printed', async (t) => {
  t.notMatch(gateway.printed(), secret);
  t.notMatch(gateway.printed(), /glpat-|xoxb-/);
});
