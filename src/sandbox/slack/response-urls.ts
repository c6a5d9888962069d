import { limits } from './limits.ts';
import { team } from './seed.ts';

/** What a response_url stands for: an answer to this person in this channel, about this pressed message, if any. */
export interface Grant {
  readonly channel: string;
  readonly person: string;
  /** The message whose button was pressed; null for a slash command. */
  readonly original: string | null;
}

/** A grant that can still be used, or Slack's word for why not. `spend` counts one use. */
export type Redeemed =
  | { readonly ok: true; readonly grant: Grant; readonly spend: () => void }
  | { readonly ok: false; readonly error: 'used_url' | 'expired_url' | 'no_service' };

/** The addresses at which an app can answer without a token, five times in thirty minutes each. */
export interface ResponseUrls {
  /** A new address, without scheme and host. */
  open(grant: Grant): string;
  redeem(path: string): Redeemed;
}

const keptUrls = 10_000;

/** Makes the list of response_urls; `now` in milliseconds, `random` an unguessable word. */
export function createResponseUrls(now: () => number, random: () => string): ResponseUrls {
  const open = new Map<string, { readonly grant: Grant; readonly until: number; uses: number }>();
  let last = 1000;
  return {
    open(grant) {
      last += 1;
      const path = `/${grant.original === null ? 'commands' : 'actions'}/${team.id}/${last}/${random()}`;
      open.set(path, { grant, until: now() + limits.responseUrlMinutes * 60_000, uses: 0 });
      const oldest = open.keys().next().value;
      if (open.size > keptUrls && oldest !== undefined) open.delete(oldest);
      return path;
    },
    redeem(path) {
      const entry = open.get(path);
      if (entry === undefined) return { ok: false, error: 'no_service' };
      if (now() >= entry.until) return { ok: false, error: 'expired_url' };
      if (entry.uses >= limits.responseUrlUses) return { ok: false, error: 'used_url' };
      const spend = () => {
        entry.uses += 1;
      };
      return { ok: true, grant: entry.grant, spend };
    },
  };
}
