/** How many messages a channel takes at once, and how many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Takes one place for a key; answers 0 when there was one, else the whole seconds to wait. */
export type TakePlace = (key: string) => number;

/** A limit per key that refills with time (`now` in milliseconds); `off` never refuses. */
export function createRate(rate: Rate | 'off', now: () => number): TakePlace {
  if (rate === 'off') return () => 0;
  const buckets = new Map<string, { places: number; at: number }>();
  return (key) => {
    const bucket = buckets.get(key) ?? { places: rate.burst, at: now() };
    const seconds = Math.max(0, now() - bucket.at) / 1000;
    const refilled = bucket.places + seconds * rate.perSecond;
    const places = Math.min(rate.burst, refilled);
    const granted = places >= 1;
    buckets.set(key, { places: granted ? places - 1 : places, at: now() });
    return granted ? 0 : Math.max(1, Math.ceil((1 - places) / rate.perSecond));
  };
}
