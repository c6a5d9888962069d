import t from 'tap';
import { request } from 'undici';
import { type Faulty, startFaulty } from './faulty.ts';

const token = { 'private-token': 'glpat-sandbox-gateway' };

/** The status, or the code of a connection that broke. */
const get = async (gitlab: Faulty, path: string): Promise<number | string> => {
  try {
    const answer = await request(`${gitlab.gitlab.url}/api/v4${path}`, { headers: token });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

const inTurn = async (gitlab: Faulty, path: string): Promise<readonly (number | string)[]> => [
  await get(gitlab, path),
  await get(gitlab, path),
  await get(gitlab, path),
  await get(gitlab, path),
];

t.test('lists fail in turn, and nothing else does', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ lists: { fail: 1 } });
  t.strictSame(await inTurn(gitlab, '/projects/104/pipelines'), [500, 502, 'ECONNRESET', 500]);
  t.equal(await get(gitlab, '/user'), 200);
  t.equal((await gitlab.start()).status, 201);
  t.strictSame((await gitlab.ledger()).faults, { 'lists.fail': 4 });
});

t.test('other reads fail in turn, and lists do not', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ reads: { fail: 1 } });
  t.strictSame(await inTurn(gitlab, '/projects/104'), [500, 502, 'ECONNRESET', 500]);
  t.equal(await get(gitlab, '/projects/104/pipelines'), 200);
  t.strictSame((await gitlab.ledger()).faults, { 'reads.fail': 4 });
});

t.test('the pages for people never fail', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.put({ reads: { fail: 1 }, lists: { fail: 1 } });
  const page = await fetch(`${gitlab.gitlab.url}/ops/legacy`);
  t.equal(page.status, 200);
});

t.test('a list lags behind: what is younger is missing there, and nowhere else', async (t) => {
  const gitlab = await startFaulty(t);
  await gitlab.start();
  gitlab.clock.at += 200;
  await gitlab.start();
  await gitlab.put({ lists: { lagMs: [150, 150] } });
  const ids = async (query = ''): Promise<unknown> => {
    const { body, headers } = await gitlab.call('GET', `/projects/104/pipelines${query}`);
    return [headers.get('x-total'), Array.isArray(body) && body.map((each) => each.id)];
  };
  const [older, younger] = (await gitlab.ledger()).pipelines.map(({ id }) => id);
  t.strictSame(await ids(), ['1', [older]]);
  t.strictSame(await ids('?ref=nowhere'), ['0', []]);
  t.strictSame((await gitlab.ledger()).faults, { 'lists.lag': 1 }, 'counted where it hid something');
  t.equal((await gitlab.call('GET', `/projects/104/pipelines/${younger}`)).status, 200);
  gitlab.clock.at += 200;
  t.strictSame(await ids(), ['2', [younger, older]]);
});
