import type { Test } from 'tap';
import { freshAddress, type SlackAddress, toReplyAddress } from '../../../src/chat/slack/address.ts';
import { createSlackClient } from '../../../src/chat/slack/client.ts';
import { readAllowedHosts } from '../../../src/chat/slack/hosts.ts';
import { createSlackSender } from '../../../src/chat/slack/send.ts';
import type { ReplyAddress } from '../../../src/core/invocation.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { startFakeSlack } from '../../fakes/slack.ts';

/** A reply with these words as its title. */
export const saying = (words: string, more: Partial<Reply> = {}): Reply => ({
  tone: 'note',
  title: [{ text: words }],
  parts: [],
  audience: 'channel',
  final: false,
  ...more,
});

/** A sender before a fake Slack. `bot: false`: there is no token. The clock stands until `clock.now` is set. */
export async function beforeFakeSlack(t: Test, { bot }: { readonly bot: boolean }) {
  const slack = await startFakeSlack();
  t.teardown(() => slack.close());
  const read = readAllowedHosts([`http://${slack.host}`]);
  const clock = { now: 0 };
  const warnings: string[] = [];
  const sender = createSlackSender({
    client: bot ? createSlackClient({ token: 'xoxb-1', apiUrl: slack.apiUrl }) : undefined,
    fetch,
    now: () => clock.now,
    open: (sealed) => sealed.replace(/^sealed:/, ''),
    hosts: read.ok ? read.hosts : [],
    log: { warn: (fields, message) => warnings.push(`${message} ${JSON.stringify(fields)}`) },
  });
  const addressAt = (change: Partial<SlackAddress> = {}): ReplyAddress => {
    const responseUrl = `sealed:${slack.responseUrl('C1', 'U1')}`;
    return toReplyAddress({
      ...freshAddress({ team: 'T1', channel: 'C1', user: 'U1', responseUrl }, 0),
      ...change,
    });
  };
  /** Sends one after the other, each with the address that the one before gave back, and when it asked to be tried again. */
  const sendAll = async (from: ReplyAddress, replies: readonly Reply[]) => {
    let address = from;
    const results = [];
    for (const reply of replies) {
      const sent = await sender.send(address, reply);
      address = sent.address;
      if (!sent.sent) clock.now += sent.tryAgainAfterMs ?? 0;
      results.push(sent);
    }
    return results;
  };
  const seen = () =>
    slack.messages.map(({ channel, onlyFor, text }) => [channel, onlyFor, text.replace('ℹ️ ', '')]);
  return { slack, sender, clock, warnings, addressAt, sendAll, seen };
}
