import t from 'tap';
import { readReplyAddress } from '../../../src/chat/slack/address.ts';
import { beforeFakeSlack, saying } from './sending.ts';

const caller = { audience: 'caller' } as const;
const last = { final: true } as const;
const progress = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((words) => saying(words));

t.test('an address of another app is not sent to', async (t) => {
  const { sender, slack } = await beforeFakeSlack(t, { bot: true });
  const sent = await sender.send({ app: 'terminal', to: {} }, saying('hello'));
  t.match(sent, { sent: false, tryAgainAfterMs: null });
  t.same(slack.calls, []);
});

t.test('a run is one message in the channel, edited in place', async (t) => {
  const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  const sent = await sendAll(addressAt(), [saying('running'), saying('still'), saying('done', last)]);
  t.ok(sent.every((each) => each.sent));
  t.match(slack.messages, [{ channel: 'C1', text: 'ℹ️ done', edits: 2, onlyFor: null }]);
});

t.test('a message that was deleted is posted anew', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  const [first] = await sendAll(addressAt(), [saying('running')]);
  slack.messages.length = 0;
  await sendAll(first?.address ?? addressAt(), [saying('done', last)]);
  t.same(seen(), [['C1', null, 'done']]);
});

t.test('where the bot is no member, the first and the final reply come by the response_url', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  const sent = await sendAll(addressAt(), [...progress, saying('done', last)]);
  t.ok(sent.every((each) => each.sent));
  t.same(seen(), [
    ['C1', null, 'one'],
    ['C1', null, 'done'],
  ]);
  t.equal(slack.calls.filter((each) => each === 'chat.postMessage').length, 1, 'asked once per run');
});

t.test('without a bot token, the first and the final reply come by the response_url', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
  await sendAll(addressAt(), [...progress, saying('done', last)]);
  t.same(seen(), [
    ['C1', null, 'one'],
    ['C1', null, 'done'],
  ]);
  t.same(slack.calls, ['response_url', 'response_url']);
});

t.test('the last use of a response_url is kept for the final reply', async (t) => {
  const { seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
  await sendAll(addressAt({ usesLeft: 1 }), [saying('running'), saying('done', last)]);
  t.same(seen(), [['C1', null, 'done']]);
});

t.test('when the response_url is too old, the caller is told directly', async (t) => {
  const { slack, clock, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  clock.now = 30 * 60_000;
  await sendAll(addressAt(), [saying('running'), saying('done', last)]);
  t.same(seen(), [['DU1', null, 'done']]);
  t.match(slack.messages, [{ edits: 1 }]);
});

t.test('when Slack says that the response_url is used up, the caller is told directly', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.faults.set('response_url', [{ error: 'used_url' }]);
  await sendAll(addressAt(), [saying('done', last)]);
  t.same(seen(), [['DU1', null, 'done']]);
});

t.test('when no route is open, that is said and not tried again', async (t) => {
  const { clock, warnings, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
  clock.now = 30 * 60_000;
  const sent = await sendAll(addressAt(), [saying('done', last)]);
  t.match(sent, [{ sent: false, tryAgainAfterMs: null, problem: /nobody could be told/ }]);
  t.match(warnings, [/no route to people is open/]);
  t.same(seen(), []);
});

t.test('what is for the caller alone is never seen by others', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  await sendAll(addressAt({ message: { channel: 'C1', ts: '1.1', direct: false } }), [
    saying('denied', { ...caller, ...last }),
  ]);
  await sendAll(addressAt({ usesLeft: 0 }), [saying('denied again', { ...caller, ...last })]);
  slack.botIn.delete('C1');
  await sendAll(addressAt({ usesLeft: 0 }), [saying('denied thrice', { ...caller, ...last })]);
  t.same(seen(), [
    ['C1', 'U1', 'denied'],
    ['C1', 'U1', 'denied again'],
    ['DU1', null, 'denied thrice'],
  ]);
});

t.test('a private answer never replaces the message that everybody reads', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  await sendAll(addressAt(), [saying('running'), saying('only for you', { ...caller, ...last })]);
  t.same(seen(), [
    ['C1', null, 'running'],
    ['C1', 'U1', 'only for you'],
  ]);
});

t.test('a response_url whose host is no longer allowed is not called', async (t) => {
  const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
  const sent = await sendAll(addressAt({ responseUrl: 'sealed:https://evil.example/x' }), [
    saying('done', last),
  ]);
  t.match(sent, [{ sent: false, tryAgainAfterMs: null }]);
  t.same(slack.calls, []);
});

t.test('Slack asking to slow down is heeded, without waiting here', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ status: 429, retryAfter: 7 }]);
  t.match(await sendAll(addressAt(), [saying('done', last)]), [{ sent: false, tryAgainAfterMs: 7000 }]);
  t.same(slack.calls, ['chat.postMessage'], 'one call, the library repeats nothing');
  t.same(seen(), []);
});

t.test('a failing Slack is tried again in two seconds, and no library repeats the call', async (t) => {
  const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ status: 503 }]);
  t.match(await sendAll(addressAt(), [saying('done', last)]), [{ sent: false, tryAgainAfterMs: 2000 }]);
  t.same(slack.calls, ['chat.postMessage']);
});

t.test('a Slack that says when to come back after a 503 is heeded', async (t) => {
  const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', Array(5).fill({ status: 503, retryAfter: 9 }));
  const sent = await sendAll(addressAt(), Array(5).fill(saying('done', last)));
  t.same(
    sent.map((each) => !each.sent && each.tryAgainAfterMs),
    [9000, 9000, 9000, 9000, 9000],
  );
  t.same(new Set(slack.calls), new Set(['chat.postMessage']), 'nothing was shown, so the route stays');
});

for (const fault of [{ status: 500 }, { status: 503 }, { status: 504 }, { status: 504, retryAfter: 9 }]) {
  t.test(
    `a post answered ${JSON.stringify(fault)} may have arrived, so it is made twice at most`,
    async (t) => {
      const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
      slack.botIn.add('C1');
      slack.faults.set('chat.postMessage', Array(5).fill(fault));
      const sent = await sendAll(addressAt(), [saying('done', last), saying('done', last)]);
      t.match(sent, [{ sent: false, tryAgainAfterMs: 2000 }, { sent: true }]);
      t.same(slack.calls, ['chat.postMessage', 'chat.postMessage', 'response_url']);
    },
  );

  t.test(
    `a response_url answered ${JSON.stringify(fault)} may have shown it, so it is called twice at most`,
    async (t) => {
      const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
      slack.faults.set('response_url', Array(5).fill(fault));
      const sent = await sendAll(addressAt(), [saying('done', last), saying('done', last)]);
      t.match(sent, [
        { sent: false, tryAgainAfterMs: 2000 },
        { sent: false, tryAgainAfterMs: null },
      ]);
      t.same(slack.calls, ['response_url', 'response_url']);
    },
  );
}

t.test('a 503 of the response_url that says when to come back is heeded', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: false });
  slack.faults.set('response_url', Array(3).fill({ status: 503, retryAfter: 9 }));
  const sent = await sendAll(addressAt(), Array(4).fill(saying('done', last)));
  t.same(
    sent.map((each) => each.sent || each.tryAgainAfterMs),
    [9000, 9000, 9000, true],
  );
  t.same(seen(), [['C1', null, 'done']]);
});

for (const error of ['internal_error', 'fatal_error']) {
  t.test(`a post answered ${error} may have arrived, so it is made twice at most`, async (t) => {
    const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
    slack.botIn.add('C1');
    slack.faults.set('chat.postMessage', Array(5).fill({ error }));
    const sent = await sendAll(addressAt(), [saying('done', last), saying('done', last)]);
    t.match(sent, [{ sent: false, tryAgainAfterMs: 2000 }, { sent: true }]);
    t.same(slack.calls, ['chat.postMessage', 'chat.postMessage', 'response_url']);
  });
}

t.test('a post that may have arrived is tried once more by the same route, then by the next', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ hangUp: 'after' }, { hangUp: 'before' }]);
  const sent = await sendAll(addressAt(), [saying('done', last), saying('done', last)]);
  t.match(sent, [{ sent: false, tryAgainAfterMs: 2000 }, { sent: true }]);
  t.same(slack.calls, ['chat.postMessage', 'chat.postMessage', 'response_url']);
  t.same(seen(), [
    ['C1', null, 'done'],
    ['C1', null, 'done'],
  ]);
});

t.test('an edit that may have arrived is simply repeated', async (t) => {
  const { slack, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.update', [{ hangUp: 'after' }, { hangUp: 'after' }, { hangUp: 'before' }]);
  const replies = ['a', 'b', 'b', 'b', 'b'].map((words) => saying(words));
  const sent = await sendAll(addressAt(), replies);
  t.same(
    sent.map((each) => each.sent),
    [true, false, false, false, true],
  );
  t.match(slack.messages, [{ text: 'ℹ️ b' }]);
});

t.test('blocks that Slack refuses are sent as text alone', async (t) => {
  const { slack, warnings, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ error: 'invalid_blocks' }]);
  await sendAll(addressAt(), [saying('done', { ...last, parts: [{ part: 'code', text: 'all of it' }] })]);
  t.match(slack.messages, [{ blocks: [], text: /all of it/ }]);
  t.match(warnings, [/invalid_blocks/]);
});

t.test('a revoked token leaves the response_url', async (t) => {
  const { slack, seen, sendAll, addressAt } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ error: 'token_revoked' }]);
  const [sent] = await sendAll(addressAt(), [saying('done', last)]);
  t.same(seen(), [['C1', null, 'done']]);
  t.equal(sent && readReplyAddress(sent.address)?.channelClosed, false, 'the channel is not to blame');
});

t.test('a Slack that is not there is tried again, and nothing is thrown', async (t) => {
  const { slack, sender, addressAt } = await beforeFakeSlack(t, { bot: true });
  const address = addressAt();
  await slack.close();
  t.match(await sender.send(address, saying('done', last)), { sent: false, tryAgainAfterMs: 2000 });
});
