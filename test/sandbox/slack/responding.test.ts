import t from 'tap';
import { request } from 'undici';
import { type Started, seen, start } from './start.ts';

const random = 'C0RANDOM';

/** The response_url of a command that Ana typed where the app is not a member. */
async function responseUrl({ type, gateway }: Started): Promise<string> {
  await type('U0ANA', random, '/chatops help');
  return gateway.received.at(-1)?.fields.get('response_url') ?? '';
}

t.test('a sixth use is refused', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  for (let at = 1; at <= 5; at += 1) {
    const answer = await started.post(url, { text: `use ${at}` });
    t.same([answer.status, answer.body], [200, 'ok']);
  }
  const sixth = await started.post(url, { text: 'use 6' });
  t.same([sixth.status, sixth.body], [404, 'used_url']);
  t.equal(started.slack.messages().length, 5);
});

t.test('after thirty minutes it has expired', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  started.clock.now += 30 * 60_000 - 1;
  t.equal((await started.post(url, { text: 'just in time' })).status, 200);
  started.clock.now += 1;
  const late = await started.post(url, { text: 'late' });
  t.same([late.status, late.body], [404, 'expired_url']);
  t.equal(started.slack.messages().length, 1);
});

t.test('a guessed address is no address', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  t.equal((await started.post(`${url}x`, { text: 'x' })).status, 404);
  t.equal((await started.post(`${url}?x=1`, { text: 'x' })).status, 404);
  t.equal((await started.post(url.replace('/commands/', '/actions/'), { text: 'x' })).status, 404);
  t.same(started.slack.messages(), []);
});

t.test('what cannot be shown is refused and costs no use', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  const refused = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await started.post(url, body, headers);
    return [answer.status, answer.body.split('\n')[0]];
  };
  t.same(await refused('text=x', { 'content-type': 'application/x-www-form-urlencoded' }), [
    400,
    'invalid_payload',
  ]);
  t.same(await refused('{'), [400, 'invalid_payload']);
  t.same(await refused([]), [400, 'invalid_payload']);
  t.same(await refused({}), [400, 'no_text']);
  t.same(await refused({ text: 'x', blocks: [{ type: 'plan' }] }), [400, 'invalid_blocks']);
  t.same(await refused({ delete_original: true }), [400, 'no_text']);
  t.same(started.slack.messages(), []);
  for (let at = 1; at <= 5; at += 1) t.equal((await started.post(url, { text: 'x' })).status, 200);
});

t.test('it is only served by POST', async (t) => {
  const started = await start(t);
  t.equal((await request(await responseUrl(started))).statusCode, 404);
});

t.test('an answer is for the person unless it says otherwise', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  await started.post(url, { text: 'for you' });
  await started.post(url, { text: 'for all', response_type: 'in_channel' });
  t.same(seen(started.slack.messagesFor('U0BO')), ['app U0CHATOPS: for all']);
  t.same(seen(started.slack.messagesFor('U0ANA')), [
    'app U0CHATOPS only U0ANA: for you',
    'app U0CHATOPS: for all',
  ]);
});

t.test('for a slash command replace_original makes a new message', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  await started.post(url, { text: 'one' });
  await started.post(url, { text: 'two', replace_original: true });
  await started.post(url, { text: 'three', delete_original: true });
  t.same(
    started.slack.messages().map((each) => each.text),
    ['one', 'two', 'three'],
  );
});

t.test('a post is told with its outcome, without the secret', async (t) => {
  const started = await start(t);
  const url = await responseUrl(started);
  await started.post(url, { text: 'x' });
  t.match(started.slack.exchanges().at(-1), {
    direction: 'from app',
    what: 'response_url',
    status: 200,
    note: 'ok',
  });
  t.notOk(JSON.stringify(started.slack.exchanges()).includes(url.split('/').at(-1) ?? url));
});
