import { WebClient } from '@slack/web-api';
import t from 'tap';
import { botToken, seen, start } from './start.ts';

const ops = 'C0OPSPROD';

/** What a call fails with; null when it succeeds. */
function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

t.test("Slack's own client understands every answer", async (t) => {
  const { slack } = await start(t, { rate: { burst: 3, perSecond: 1 } });
  const options = {
    slackApiUrl: `${slack.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
  const client = new WebClient(botToken, options);

  t.match(await errorOf(new WebClient('xoxb-wrong', options).auth.test()), {
    data: { error: 'invalid_auth' },
  });
  t.match(await errorOf(client.chat.postMessage({ channel: 'C0NONE', text: 'x' })), {
    data: { error: 'channel_not_found' },
  });
  t.match(
    await errorOf(
      client.chat.postMessage({
        channel: ops,
        text: 'x',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: '' } }],
      }),
    ),
    {
      data: { error: 'invalid_blocks', response_metadata: { messages: [/more than 0 characters/] } },
    },
  );

  t.match(await client.auth.test(), { ok: true, user_id: 'U0CHATOPS', team_id: 'T0SANDBOX' });
  t.match(await client.team.info(), { team: { name: 'Acme' } });
  t.match(await client.users.info({ user: 'U0ANA', include_locale: true }), { user: { locale: 'en-US' } });
  t.match(await client.conversations.info({ channel: 'C0RANDOM' }), {
    channel: { name: 'random', is_member: false },
  });
  t.match(await client.conversations.open({ users: 'U0ANA' }), { channel: { id: 'D0ANA' } });

  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*one*' } }];
  const { ts = '' } = await client.chat.postMessage({ channel: ops, text: 'one', blocks });
  t.match(await client.chat.update({ channel: ops, ts, text: 'two' }), { ok: true, ts });
  await client.chat.postEphemeral({ channel: ops, user: 'U0BO', text: 'psst' });
  t.same(seen(slack.messages()), ['app U0CHATOPS: two', 'app U0CHATOPS only U0BO: psst']);
  await client.chat.delete({ channel: ops, ts });
  t.same(slack.messagesFor('U0ANA'), []);
});

t.test("Slack's own client hears how long to wait", async (t) => {
  const { slack } = await start(t, { rate: { burst: 1, perSecond: 0.1 } });
  const client = new WebClient(botToken, { slackApiUrl: `${slack.url}/api/`, rejectRateLimitedCalls: true });
  await client.chat.postMessage({ channel: ops, text: 'x' });
  t.match(await errorOf(client.chat.postMessage({ channel: ops, text: 'x' })), { retryAfter: 10 });
});
