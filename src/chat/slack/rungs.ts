import type { Reply } from '../../core/reply.ts';
import type { SlackAddress } from './address.ts';
import { isAboutBlocks, isAboutChannel, isAboutToken, type SlackAnswer } from './answer.ts';
import type { SlackClient } from './client.ts';
import { type AllowedHost, isAllowed } from './hosts.ts';
import type { Log } from './log.ts';
import { renderPlain, renderSlack, type SlackMessage } from './render.ts';
import { type Fetch, postToResponseUrl } from './response-url.ts';

/** What sending needs from outside. Without a bot token there is no `client`. */
export interface SendingParts {
  readonly client: SlackClient | undefined;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Reads what `seal` hid; undefined when it cannot. */
  readonly open: (sealed: string) => string | undefined;
  readonly hosts: readonly AllowedHost[];
  readonly log: Log;
}

/** What one reply is sent with: `call` leaves a place alone that must be, and then says `later` without calling. */
export interface Sending extends SendingParts {
  readonly call: (place: string, made: () => Promise<SlackAnswer>) => Promise<SlackAnswer>;
}

/** One try at one route. `next`: this route is closed. `later`: the same again after a while. */
export type Step =
  | { readonly step: 'shown'; readonly address: SlackAddress }
  | { readonly step: 'next'; readonly address: SlackAddress; readonly because: string }
  | {
      readonly step: 'later';
      readonly address: SlackAddress;
      readonly afterMs: number;
      readonly because: string;
      readonly held?: true;
    };

/** A route to people. */
export type Rung = (parts: Sending, reply: Reply, address: SlackAddress) => Promise<Step>;

const next = (address: SlackAddress, because: string): Step => ({ step: 'next', address, because });
const noToken = 'there is no bot token';

/** Edits the message that already stands there. */
export const editOwn: Rung = async (parts, reply, address) => {
  const { client, log } = parts;
  const { message } = address;
  if (client === undefined) return next(address, noToken);
  if (message === null || (reply.audience === 'caller' && !message.direct))
    return next(address, 'no message');
  const where = { channel: message.channel, ts: message.ts };
  const answer = await plainIfRefused(log, reply, ({ text, blocks }) =>
    client.call('chat.update', { ...where, text, blocks, ...quiet }),
  );
  // An edit can be repeated: the same words twice are the same message.
  if (answer.answer === 'unknown') return { step: 'later', address, afterMs: 2000, because: answer.because };
  const gone = answer.answer === 'refused' && !isAboutToken(answer.error);
  return stepOf(answer, gone ? { ...address, message: null } : address, 'chat.update');
};

/** Posts as the bot in the channel of the command; the message can be edited later. */
export const postInChannel: Rung = async (parts, reply, address) => {
  const { client, log } = parts;
  if (client === undefined) return next(address, noToken);
  if (address.channelClosed) return next(address, 'the bot cannot write in the channel');
  const answer = await post(client, log, reply, address.channel);
  const closed = answer.answer === 'refused' && isAboutChannel(answer.error);
  const known = withMessage({ ...address, channelClosed: closed }, answer, false);
  return stepOf(answer, known, 'chat.postMessage');
};

/** Uses the response_url, which needs no token and no membership, but takes few messages and edits none. */
export const byResponseUrl: Rung = async (parts, reply, address) => {
  const url = openUrl(parts, address);
  if (url === undefined) return next(address, 'the response_url is used up, too old or not to be called');
  if (!reply.final && (address.shown > 0 || address.usesLeft <= 1)) return { step: 'shown', address };
  let uses = 0;
  const answer = await plainIfRefused(parts.log, reply, (message) => {
    return parts.call(`${address.channel} by response_url`, () => {
      uses += 1;
      return postToResponseUrl(parts.fetch, url, message);
    });
  });
  const dead = answer.answer === 'refused';
  const spent = { ...address, usesLeft: dead ? 0 : Math.max(0, address.usesLeft - uses) };
  return stepOf(answer, withShown(spent, answer), 'the response_url');
};

/** Shows it to the caller alone, in the channel; nobody can edit it later. */
export const postEphemeral: Rung = async (parts, reply, address) => {
  const { client, log } = parts;
  const { channel, user } = address;
  if (client === undefined) return next(address, noToken);
  if (address.channelClosed) return next(address, 'the bot cannot write in the channel');
  if (!reply.final && address.shown > 0) return { step: 'shown', address };
  const answer = await plainIfRefused(log, reply, ({ text, blocks }) =>
    client.call('chat.postEphemeral', { channel, user, text, blocks, ...quiet }),
  );
  return stepOf(answer, withShown(address, answer), 'chat.postEphemeral');
};

/** Writes to the caller directly, when the place of the command is out of reach. */
export const postDirectly: Rung = async (parts, reply, address) => {
  const { client, log } = parts;
  if (client === undefined) return next(address, noToken);
  const opened = await client.call('conversations.open', { users: address.user });
  if (opened.answer === 'unknown') {
    return { step: 'later', address, afterMs: 2000, because: opened.because };
  }
  if (opened.answer !== 'ok' || opened.channel === undefined) {
    return stepOf(
      opened.answer === 'ok' ? { answer: 'refused', error: 'no_channel' } : opened,
      address,
      'conversations.open',
    );
  }
  const answer = await post(client, log, reply, opened.channel);
  return stepOf(answer, withMessage(address, answer, true), 'chat.postMessage to the caller');
};

const quiet = { parse: 'none', link_names: false } as const;

const post = (client: SlackClient, log: Log, reply: Reply, channel: string): Promise<SlackAnswer> =>
  plainIfRefused(log, reply, ({ text, blocks }) =>
    client.call('chat.postMessage', {
      channel,
      text,
      blocks,
      ...quiet,
      unfurl_links: false,
      unfurl_media: false,
    }),
  );

async function plainIfRefused(
  log: Log,
  reply: Reply,
  show: (message: SlackMessage) => Promise<SlackAnswer>,
): Promise<SlackAnswer> {
  const answer = await show(renderSlack(reply));
  if (answer.answer !== 'refused' || !isAboutBlocks(answer.error)) return answer;
  log.warn({ error: answer.error }, 'Slack refused the blocks of a reply: sent as text alone');
  return show(renderPlain(reply));
}

function openUrl({ open, hosts, now }: SendingParts, address: SlackAddress): string | undefined {
  const { responseUrl, usesLeft, expiresAt } = address;
  if (responseUrl === null || usesLeft <= 0 || now() >= expiresAt) return undefined;
  const url = open(responseUrl);
  return url !== undefined && isAllowed(hosts, url) ? url : undefined;
}

const withShown = (address: SlackAddress, { answer }: SlackAnswer): SlackAddress =>
  answer === 'ok' ? { ...address, shown: address.shown + 1 } : address;

function withMessage(address: SlackAddress, answer: SlackAnswer, direct: boolean): SlackAddress {
  if (answer.answer !== 'ok' || answer.ts === undefined) return withShown(address, answer);
  const channel = answer.channel ?? address.channel;
  return { ...address, message: { channel, ts: answer.ts, direct } };
}

// A message that may have arrived is posted a second time by the same route, no more: twice is better than never.
function stepOf(answer: SlackAnswer, address: SlackAddress, route: string): Step {
  switch (answer.answer) {
    case 'ok':
      return { step: 'shown', address: { ...address, unknown: 0 } };
    case 'refused':
      return next(address, `${route}: ${answer.error}`);
    case 'later':
      return { ...answer, step: 'later', address, because: `${route}: ${answer.because}` };
    case 'unknown': {
      const doubtful = { ...address, unknown: address.unknown + 1 };
      const because = `${route}: ${answer.because}`;
      if (doubtful.unknown >= 2) return next(doubtful, because);
      return { step: 'later', address: doubtful, afterMs: 2000, because };
    }
  }
}
