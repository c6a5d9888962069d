import type { Channel } from '../slack/types.ts';

/** The sign before a channel's name. */
export function iconOf(channel: Channel): 'bubble' | 'lock' | 'hash' {
  if (channel.isDirect === true) return 'bubble';
  return channel.isPrivate ? 'lock' : 'hash';
}

/** A channel's name as people write it. */
export function writtenName(channel: Channel): string {
  return channel.isDirect === true ? channel.name : `#${channel.name}`;
}
