/** What the caller's requests in this minute came to. */
export interface Tally {
  readonly limit: number;
  readonly observed: number;
  /** Unix seconds at which the next minute begins. */
  readonly reset: number;
  readonly retryAfter: number;
  readonly exceeded: boolean;
}

const minute = 60_000;

/** Counts requests per caller and whole minute. */
export function createRateLimit(now: () => number, limit: number): (caller: string) => Tally {
  let started = 0;
  let counts = new Map<string, number>();
  return (caller) => {
    const at = now();
    if (at - started >= minute || at < started) {
      started = at - (at % minute);
      counts = new Map();
    }
    const observed = (counts.get(caller) ?? 0) + 1;
    counts.set(caller, observed);
    const end = started + minute;
    const retryAfter = Math.max(1, Math.ceil((end - at) / 1000));
    return { limit, observed, reset: Math.ceil(end / 1000), retryAfter, exceeded: observed > limit };
  };
}

/** GitLab's rate-limit headers; `RateLimit-Reset` is a Unix time (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers). */
export function rateLimitHeaders(tally: Tally): Record<string, string> {
  if (!Number.isFinite(tally.limit)) return {};
  return {
    'ratelimit-limit': String(tally.limit),
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': String(tally.observed),
    'ratelimit-remaining': String(Math.max(0, tally.limit - tally.observed)),
    'ratelimit-reset': String(tally.reset),
    ...(tally.exceeded
      ? {
          'retry-after': String(tally.retryAfter),
          'ratelimit-resettime': new Date(tally.reset * 1000).toUTCString(),
        }
      : {}),
  };
}
