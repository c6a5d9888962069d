import type { Json, ReplyAddress } from '../../core/invocation.ts';

/** A message of ours that can be edited. */
export interface OwnMessage {
  readonly channel: string;
  readonly ts: string;
  /** It stands in the direct conversation with the caller, nobody else reads it. */
  readonly direct: boolean;
}

/** Where a run's replies go in Slack and what was learned on the way. Times are Unix milliseconds. */
export interface SlackAddress {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  /** The sealed response_url; null when there is none that may be called. */
  readonly responseUrl: string | null;
  readonly expiresAt: number;
  readonly usesLeft: number;
  readonly message: OwnMessage | null;
  /** Slack said that the bot cannot write in the channel. */
  readonly channelClosed: boolean;
  /** Messages shown that cannot be edited later. */
  readonly shown: number;
  /** Posts in a row of which nobody knows whether they arrived. */
  readonly unknown: number;
}

/** A response_url takes this many messages for this long: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export const responseUrlLife = { uses: 5, milliseconds: 30 * 60_000 } as const;

/** The address of somebody who has not been told anything. */
export function freshAddress(
  where: Pick<SlackAddress, 'team' | 'channel' | 'user' | 'responseUrl'>,
  receivedAt: number,
): SlackAddress {
  return {
    ...where,
    expiresAt: receivedAt + responseUrlLife.milliseconds,
    usesLeft: responseUrlLife.uses,
    message: null,
    channelClosed: false,
    shown: 0,
    unknown: 0,
  };
}

/** The address as it is kept with a run. */
export const toReplyAddress = (address: SlackAddress): ReplyAddress => {
  const message = address.message === null ? null : { ...address.message };
  return { app: 'slack', to: { ...address, message } };
};

/** The address as it was kept, or undefined when it is not one of ours. */
export function readReplyAddress({ app, to }: ReplyAddress): SlackAddress | undefined {
  if (app !== 'slack' || !isRecord(to)) return undefined;
  const { team, channel, user, expiresAt, usesLeft } = to;
  if (typeof team !== 'string' || typeof channel !== 'string' || typeof user !== 'string') return undefined;
  if (typeof expiresAt !== 'number' || typeof usesLeft !== 'number') return undefined;
  return {
    team,
    channel,
    user,
    expiresAt,
    usesLeft,
    responseUrl: typeof to.responseUrl === 'string' ? to.responseUrl : null,
    message: readMessage(to.message ?? null),
    channelClosed: to.channelClosed === true,
    shown: typeof to.shown === 'number' ? to.shown : 0,
    unknown: typeof to.unknown === 'number' ? to.unknown : 0,
  };
}

function readMessage(value: Json): OwnMessage | null {
  if (!isRecord(value) || typeof value.channel !== 'string' || typeof value.ts !== 'string') return null;
  return { channel: value.channel, ts: value.ts, direct: value.direct === true };
}

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
