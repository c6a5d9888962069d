const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
const longestMs = 7 * 24 * 3_600_000;

/** Reads `90s`, `2m`, `2min` or `24h` as milliseconds; undefined when it is none, zero or above seven days. */
export const durationMs = (text: string): number | undefined => {
  const [, count = '', unit = ''] = /^(\d{1,6})(s|m|min|h)$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  return ms > 0 && ms <= longestMs ? ms : undefined;
};

/** Reads `5/min`, `20/h` or `3/10m` as a count within a time; undefined when it is none. */
export const rate = (text: string): { readonly count: number; readonly perMs: number } | undefined => {
  const [, count = '', times = '1', unit = ''] = /^(\d{1,4})\/(\d{1,4})?(s|m|min|h)$/.exec(text) ?? [];
  const perMs = durationMs(`${times}${unit}`);
  return perMs === undefined || Number(count) === 0 ? undefined : { count: Number(count), perMs };
};
