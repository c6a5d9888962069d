import t from 'tap';
import { beforeFakeSlack, saying } from './sending.ts';

const last = { final: true } as const;

t.test('a channel that Slack wants left alone is not called for other runs either', async (t) => {
  const { slack, sender, clock, addressAt, seen } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1').add('C2');
  slack.faults.set('chat.postMessage', [{ status: 429, retryAfter: 7 }]);
  t.match(await sender.send(addressAt(), saying('one', last)), { sent: false, tryAgainAfterMs: 7000 });
  clock.now = 2000;
  const held = {
    sent: false,
    tryAgainAfterMs: 5000,
    problem: 'chat.postMessage: the channel is left alone for now',
  };
  t.match(await sender.send(addressAt(), saying('two', last)), held);
  t.match(await sender.send(addressAt({ channel: 'C2' }), saying('three', last)), { sent: true });
  t.match(await sender.send(addressAt({ team: 'T2' }), saying('four', last)), { sent: true });
  t.same(slack.calls, ['chat.postMessage', 'chat.postMessage', 'chat.postMessage']);
  clock.now = 7000;
  t.match(await sender.send(addressAt(), saying('two', last)), { sent: true });
  t.match(await sender.send(addressAt(), saying('one', last)), { sent: true });
  t.same(
    seen().map(([channel, , words]) => [channel, words]),
    [
      ['C2', 'three'],
      ['C1', 'four'],
      ['C1', 'two'],
      ['C1', 'one'],
    ],
  );
});

for (const fault of [{ status: 502 }, { hangUp: 'before' }, { error: 'internal_error' }] as const) {
  t.test(`after ${JSON.stringify(fault)} other runs wait before they call there`, async (t) => {
    const { slack, sender, addressAt } = await beforeFakeSlack(t, { bot: true });
    slack.botIn.add('C1');
    slack.faults.set('chat.postMessage', [fault]);
    await sender.send(addressAt(), saying('one', last));
    t.match(await sender.send(addressAt(), saying('two')), { sent: false });
    t.match(await sender.send(addressAt(), saying('three', last)), { sent: false, tryAgainAfterMs: 2000 });
    t.same(slack.calls, ['chat.postMessage']);
  });
}

t.test('when a channel opens again, a verdict is sent before progress', async (t) => {
  const { slack, sender, clock, addressAt, seen } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ status: 429, retryAfter: 7 }]);
  await sender.send(addressAt(), saying('progress'));
  await sender.send(addressAt(), saying('verdict', last));
  clock.now = 7000;
  t.match(await sender.send(addressAt(), saying('progress')), { sent: false, tryAgainAfterMs: 3000 });
  t.match(await sender.send(addressAt(), saying('verdict', last)), { sent: true });
  t.match(await sender.send(addressAt(), saying('progress')), { sent: true });
  t.same(seen(), [
    ['C1', null, 'verdict'],
    ['C1', null, 'progress'],
  ]);
});

t.test('a held response_url is neither called nor used up', async (t) => {
  const { slack, sender, clock, addressAt } = await beforeFakeSlack(t, { bot: false });
  slack.faults.set('response_url', [{ status: 429, retryAfter: 7 }]);
  await sender.send(addressAt(), saying('one', last));
  const address = addressAt({ usesLeft: 1 });
  const held = await sender.send(address, saying('two', last));
  t.match(held, { sent: false, tryAgainAfterMs: 7000, address: { to: { usesLeft: 1 } } });
  clock.now = 7000;
  t.match(await sender.send(held.address, saying('two', last)), { sent: true });
  t.same(slack.calls, ['response_url', 'response_url']);
});

t.test('a message that the channel does not take now still finds its other way at once', async (t) => {
  const { slack, sender, clock, addressAt, seen } = await beforeFakeSlack(t, { bot: true });
  slack.botIn.add('C1');
  slack.faults.set('chat.postMessage', [{ status: 504 }, { status: 504 }]);
  const first = await sender.send(addressAt(), saying('one', last));
  clock.now = 2000;
  t.match(await sender.send(first.address, saying('one', last)), { sent: true });
  t.same(slack.calls, ['chat.postMessage', 'chat.postMessage', 'response_url']);
  t.same(seen(), [['C1', null, 'one']]);
});
