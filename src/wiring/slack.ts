import { createSlackClient } from '../chat/slack/client.ts';
import { createSlackEndpoint } from '../chat/slack/endpoint.ts';
import { readAllowedHosts } from '../chat/slack/hosts.ts';
import { renderSlack } from '../chat/slack/render.ts';
import { createSlackSender } from '../chat/slack/send.ts';
import type { SlackConfig } from '../config.ts';
import { GatewayError } from '../core/errors.ts';
import type { Reply } from '../core/reply.ts';

/** What the Slack adapter is built from. */
export interface SlackWiring {
  readonly slack: SlackConfig;
  readonly now: () => number;
  readonly seal: (plain: string) => string;
  readonly open: (sealed: string) => string | undefined;
  readonly log: { readonly warn: (fields: object, message: string) => void };
}

/** Slack as the routes and the reports need it. */
export const wireSlack = ({ slack, now, seal, open, log }: SlackWiring) => {
  const read = readAllowedHosts(slack.responseUrlHosts);
  if (!read.ok)
    throw new GatewayError('config.invalid', `SLACK_RESPONSE_URL_HOSTS: ${read.problems.join('; ')}`);
  const { botToken: token, apiUrl } = slack;
  const client = token === undefined ? undefined : createSlackClient({ token, apiUrl });
  const sender = createSlackSender({ client, fetch, now, open, hosts: read.hosts, log });
  const endpoint = createSlackEndpoint({
    secrets: slack.signingSecrets,
    sender,
    now,
    seal,
    hosts: read.hosts,
    log,
  });
  /** Shows something in a channel that nobody asked in; whether it was shown. */
  const post = async (channel: string, reply: Reply): Promise<boolean> => {
    const { text, blocks } = renderSlack(reply);
    const answer = await client?.call('chat.postMessage', { channel, text, blocks, unfurl_links: false });
    return answer?.answer === 'ok';
  };
  return { ...endpoint, post };
};
