import { createHash } from 'node:crypto';
import type { Channel, ReplyAddress, Speaker } from '../../core/invocation.ts';
import { freshAddress, toReplyAddress } from './address.ts';
import { type AllowedHost, isAllowed } from './hosts.ts';
import type { Log } from './log.ts';
import type { GenuineRequest } from './verify.ts';

/** What reading a request needs from outside. `seal` hides a response_url, which is a secret, from whoever reads a stored run. */
export interface Reading {
  readonly now: () => number;
  readonly seal: (plain: string) => string;
  readonly hosts: readonly AllowedHost[];
  readonly log: Log;
}

/** Who spoke where, in Slack's ids and names, as the request says. */
export interface Origin {
  readonly team: string;
  readonly user: string;
  readonly userName: string;
  readonly channel: string;
  readonly channelName: string;
  readonly triggerId: string;
  readonly responseUrl: string;
}

// A separator of ours can never be smuggled into an account or a channel.
const isId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);

/** Why nobody can be answered there, if so. */
export function whyNotFrom(origin: Origin): string | undefined {
  const ids = { team: origin.team, user: origin.user, channel: origin.channel };
  const wrong = Object.entries(ids).find(([, id]) => !isId(id));
  return wrong && `the ${wrong[0]} id is ${wrong[1] === '' ? 'missing' : 'not one of Slack'}`;
}

/** What an invocation and a press have in common. */
export interface Arrival {
  readonly delivery: string;
  readonly speaker: Speaker;
  readonly channel: Channel;
  readonly replyTo: ReplyAddress;
  readonly receivedAt: number;
  readonly sentAt: number;
}

/** Who, where and how to answer, in the gateway's words. The origin was checked. */
export function arrivalFrom(origin: Origin, request: GenuineRequest, reading: Reading): Arrival {
  const { team, user, channel } = origin;
  const receivedAt = reading.now();
  const responseUrl = sealed(origin, reading);
  return {
    delivery: `slack:${team}/${deliveryId(origin.triggerId, request)}`,
    speaker: { account: `slack:${team}/${user}`, name: shown(origin.userName, user) },
    channel: { id: `slack:${team}/${channel}`, name: shown(origin.channelName, channel) },
    replyTo: toReplyAddress(freshAddress({ team, channel, user, responseUrl }, receivedAt)),
    receivedAt,
    sentAt: request.timestamp * 1000,
  };
}

const shown = (name: string, id: string): string => (name === '' ? id : name.slice(0, 80));

function deliveryId(triggerId: string, { rawBody, timestamp }: GenuineRequest): string {
  if (/^[A-Za-z0-9._-]{1,255}$/.test(triggerId)) return triggerId;
  return createHash('sha256').update(`${timestamp}:`).update(rawBody).digest('hex');
}

function sealed({ responseUrl, team, channel }: Origin, { hosts, seal, log }: Reading): string | null {
  if (responseUrl === '') return null;
  if (isAllowed(hosts, responseUrl)) return seal(responseUrl);
  const host = URL.canParse(responseUrl) ? new URL(responseUrl).host : 'unreadable';
  log.warn({ host, team, channel }, 'response_url dropped: its host is not in SLACK_RESPONSE_URL_HOSTS');
  return null;
}
