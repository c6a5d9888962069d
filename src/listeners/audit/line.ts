import type { AuditEntry } from '../../core/audit-entry.ts';

/** The audit could not be written from here on for a while. */
export interface Gap {
  readonly kind: 'gap';
  /** Entries that were refused, so that nothing was done. */
  readonly refused: number;
  /** Entries of what had happened that are lost: there were too many to wait in memory. */
  readonly missing: number;
}

/** What a line can tell. */
export type Told = AuditEntry | Gap;

/** What every line of ours has, whatever it tells. */
export interface LineHead {
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** SHA-256 of the line before, hex; zeros before the first. */
  readonly prev: string;
  readonly kind: string;
}

/** A line of ours and everything that it tells. */
export interface ReadLine extends LineHead {
  readonly told: Readonly<Record<string, unknown>>;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A line of ours; undefined for anything else. Kinds of a newer version are taken too. */
export const readLine = (text: string): ReadLine | undefined => {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { seq, at, prev, kind, ...rest } = value as Record<string, unknown>;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof prev !== 'string' || !/^[0-9a-f]{64}$/.test(prev)) return undefined;
  if (typeof kind !== 'string' || typeof at !== 'string') return undefined;
  const time = Date.parse(at);
  return Number.isNaN(time) ? undefined : { seq, at: time, prev, kind, told: rest };
};
