/** How long a place is left alone. Times are Unix milliseconds. */
interface Hold {
  readonly until: number;
  /** The one message that tries whether the place is open again has until then. */
  readonly triedUntil: number;
  /** A verdict was told to come back: until then what is only progress gives way to it. */
  readonly verdictUntil: number;
}

/** Places that must be left alone for a while, such as `T1/C1`. Whoever wants to write there asks first and tells how it went. */
export interface Holds {
  /** Milliseconds to wait before writing there; 0: now. `verdict`: nothing will be said after it. */
  ask(place: string, verdict: boolean, now: number): number;
  /** Slack took it, or said no to it: it answers there. */
  answered(place: string, now: number): void;
  /** Slack asked for a pause there, or failed. */
  failed(place: string, forMs: number, verdict: boolean, now: number): void;
}

/** More places are not kept in mind: then the one that failed longest ago is forgotten. */
const mostPlaces = 1000;

/** One call, and what follows from it, takes less. */
const triedWithinMs = 10_000;

/** Whoever finds another trying comes back then. */
const betweenTriesMs = 1000;

/** A verdict that was told to come back comes within this, or progress goes on without it. */
const givenWayMs = 3000;

/**
 * Keeps many runs from calling where one was just turned away: Slack limits chat.postMessage by channel
 * (https://docs.slack.dev/apis/web-api/rate-limits). When the time is over, one message tries first, a verdict before progress;
 * the others follow when it went well.
 */
export const createHolds = (): Holds => {
  const holds = new Map<string, Hold>();

  const openAt = (hold: Hold, verdict: boolean, now: number): number => {
    const tried = hold.triedUntil > now ? now + betweenTriesMs : 0;
    return Math.max(hold.until, tried, verdict ? 0 : hold.verdictUntil);
  };

  const keep = (place: string, hold: Hold): void => {
    holds.delete(place);
    const [oldest] = holds.size >= mostPlaces ? holds.keys() : [];
    if (oldest !== undefined) holds.delete(oldest);
    holds.set(place, hold);
  };

  return {
    ask: (place, verdict, now) => {
      const hold = holds.get(place);
      if (hold === undefined) return 0;
      const wait = Math.max(0, openAt(hold, verdict, now) - now);
      if (wait === 0) holds.set(place, { ...hold, triedUntil: now + triedWithinMs });
      else if (verdict) holds.set(place, { ...hold, verdictUntil: now + wait + givenWayMs });
      return wait;
    },
    answered: (place, now) => {
      // What was asked before the hold began may be answered during it.
      if ((holds.get(place)?.until ?? now) <= now) holds.delete(place);
    },
    failed: (place, forMs, verdict, now) => {
      const known = holds.get(place);
      const until = Math.max(known?.until ?? 0, now + forMs);
      const verdictUntil = Math.max(known?.verdictUntil ?? 0, verdict ? until + givenWayMs : 0);
      keep(place, { until, triedUntil: 0, verdictUntil });
    },
  };
};
