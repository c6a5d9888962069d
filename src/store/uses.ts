/** Keys seen and uses counted, in this process; what is past its time is forgotten, so the maps stay small. */
export const createUses = (now: () => number) => {
  const seen = new Map<string, number>();
  const used = new Map<string, { readonly times: readonly number[]; readonly until: number }>();
  let sweepAt = 1000;

  const sweep = (): void => {
    if (seen.size + used.size < sweepAt) return;
    for (const [key, until] of seen) if (until <= now()) seen.delete(key);
    for (const [key, { until }] of used) if (until <= now()) used.delete(key);
    sweepAt = Math.max(1000, 2 * (seen.size + used.size));
  };

  return {
    firstTime: (key: string, ttlMs: number): boolean => {
      sweep();
      const until = seen.get(key);
      if (until !== undefined && until > now()) return false;
      seen.set(key, now() + Math.max(1, Math.ceil(ttlMs)));
      return true;
    },
    allow: (key: string, count: number, perMs: number): boolean => {
      sweep();
      const at = now();
      const times = (used.get(key)?.times ?? []).filter((time) => time > at - perMs);
      const free = times.length < count;
      used.set(key, { times: free ? [...times, at] : times, until: at + perMs });
      return free;
    },
  };
};
