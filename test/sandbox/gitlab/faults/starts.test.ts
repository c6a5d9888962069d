import { connect } from 'node:net';
import t from 'tap';
import { startFaulty, until } from './faulty.ts';

const cases: readonly (readonly [
  name: string,
  fault: string,
  seen: { readonly status: number; readonly type: string; readonly error: string },
  made: number,
])[] = [
  [
    'errorBefore: 500, nothing made',
    'errorBefore',
    { status: 500, type: 'application/json; charset=utf-8', error: '' },
    0,
  ],
  [
    'resetBefore: the connection breaks, nothing made',
    'resetBefore',
    { status: 0, type: '', error: 'ECONNRESET' },
    0,
  ],
  ['tooMany: 429, nothing made', 'tooMany', { status: 429, type: 'text/plain; charset=utf-8', error: '' }, 0],
  [
    "errorAfter: made, then a proxy's 502",
    'errorAfter',
    { status: 502, type: 'text/html; charset=utf-8', error: '' },
    1,
  ],
  [
    'resetAfter: made, then the connection breaks',
    'resetAfter',
    { status: 0, type: '', error: 'ECONNRESET' },
    1,
  ],
  [
    'html: made, then a page with 201',
    'html',
    { status: 201, type: 'text/html; charset=utf-8', error: '' },
    1,
  ],
  [
    'late: made and answered later',
    'late',
    { status: 201, type: 'application/json; charset=utf-8', error: '' },
    1,
  ],
  [
    'slow: made, answered later',
    'slow',
    { status: 201, type: 'application/json; charset=utf-8', error: '' },
    1,
  ],
];

for (const [name, fault, wanted, made] of cases) {
  t.test(name, async (t) => {
    const gitlab = await startFaulty(t);
    await gitlab.put({ start: { [fault]: 1 }, lateMs: [20, 20], slowMs: [20, 20] });
    const { status, type, error, headers } = await gitlab.start();
    t.strictSame({ status, type, error }, wanted);
    t.equal(headers['retry-after'], fault === 'tooMany' ? '1' : undefined);
    const { pipelines, faults, starts } = await gitlab.ledger();
    t.equal(pipelines.length, made);
    t.strictSame(faults, { [`start.${fault}`]: 1 });
    t.equal(starts, 1);
  });
}

t.test('nothing goes wrong before the first settings, and after empty ones', async (t) => {
  const gitlab = await startFaulty(t);
  t.equal((await gitlab.start()).status, 201);
  await gitlab.put({ start: { errorBefore: 1 } });
  t.equal((await gitlab.start()).status, 500);
  await gitlab.put({});
  t.equal((await gitlab.start()).status, 201);
  const { pipelines, starts } = await gitlab.ledger();
  t.same([pipelines.length, starts], [2, 3]);
});

t.test('a refused start keeps its refusal: there is no pipeline whose answer could go wrong', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ start: { errorAfter: 1 } });
  const reply = await gitlab.call('POST', '/projects/104/pipeline', { json: { ref: 'mian' } });
  t.equal(reply.status, 400);
  t.strictSame((await gitlab.ledger()).faults, {});
});

t.test('a late pipeline is made although the client has gone', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ start: { late: 1 }, lateMs: [250, 250], requestLifeMs: 60_000 });
  const leaving = new AbortController();
  const outcome = gitlab.start(leaving.signal);
  await until(gitlab.ledger, ({ starts }) => starts === 1);
  leaving.abort();
  t.equal((await outcome).error, 'gone');
  t.same((await gitlab.ledger()).pipelines, [], 'not made while the client waited');
  const { pipelines } = await until(gitlab.ledger, (ledger) => ledger.pipelines.length > 0);
  t.match(pipelines, [{ project: 'ops/legacy', run: /.+/, user: 'chatops-bot' }]);
});

t.test('a request that has grown too old makes nothing', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ start: { late: 1 }, lateMs: [150, 150], requestLifeMs: 100 });
  t.equal((await gitlab.start()).status, 500);
  const { pipelines, faults } = await gitlab.ledger();
  t.same(pipelines, []);
  t.strictSame(faults, { 'start.late': 1, 'start.late-dropped': 1 });
});

t.test('a request that lay unread while the process was starved is as old as it can be', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ requestLifeMs: 300 });
  const body = JSON.stringify({ ref: 'main' });
  const head = `POST /api/v4/projects/104/pipeline HTTP/1.1\r\nhost: x\r\nprivate-token: glpat-sandbox-gateway\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const { hostname, port } = new URL(gitlab.gitlab.url);
  const socket = connect(Number(port), hostname);
  t.teardown(() => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  // The server has taken the connection once another request was answered.
  await gitlab.ledger();
  const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
  socket.write(head + body);
  const from = performance.now();
  while (performance.now() - from < 450);
  t.match(await answer, /^HTTP\/1\.1 500 /);
  const { pipelines, faults } = await gitlab.ledger();
  t.same(pipelines, []);
  t.strictSame(faults, { 'start.late-dropped': 1 });
});

t.test('a closed GitLab makes nothing of what it held', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ start: { late: 1 }, lateMs: [60, 60] });
  const outcome = gitlab.start();
  await until(gitlab.ledger, ({ starts }) => starts === 1);
  await gitlab.gitlab.close();
  t.not((await outcome).error, '');
  await new Promise((resolve) => setTimeout(resolve, 90));
  t.same(gitlab.ci.orders, []);
});

t.test('one seed, one fate for each start, whatever is asked in between', async (t) => {
  const knobs = { seed: 11, start: { errorAfter: 0.3, errorBefore: 0.3, tooMany: 0.2 } };
  const fates = async (between: boolean): Promise<readonly number[]> => {
    const gitlab = await startFaulty(t);
    await gitlab.put({ ...knobs, reads: { fail: between ? 0.5 : 0 } });
    const seen: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      if (between) await gitlab.call('GET', '/user').catch(() => 'reset');
      seen.push((await gitlab.start()).status);
    }
    return seen;
  };
  const alone = await fates(false);
  t.strictSame(await fates(true), alone);
  t.strictSame([...new Set(alone)].toSorted(), [201, 429, 500, 502]);
});
