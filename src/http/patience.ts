import { setTimeout as wait } from 'node:timers/promises';

/** What `work` comes to, or 'late' when it takes longer than `ms`; the work goes on. */
export async function patiently<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  const stop = new AbortController();
  try {
    return await Promise.race([work, wait(ms, 'late' as const, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}
