/** A moment (Unix milliseconds) as GitLab writes it: ISO 8601 with milliseconds, or null. */
export function iso(at: number): string;
export function iso(at: number | null): string | null;
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** Seconds between two moments, or null while one of them is open. */
export function seconds(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from) / 1000;
}
