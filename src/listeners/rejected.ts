import type { AuditEntry } from '../core/audit-entry.ts';

/** What the counts are told to, and how often at most (milliseconds; default: a minute). */
export interface RejectedOptions {
  readonly record: (entry: AuditEntry) => Promise<void>;
  readonly everyMs?: number;
}

/** Counts requests that were not genuine or not well-formed. */
export interface Rejected {
  /** One more request was refused with this error code. */
  count(code: string): void;
  /** Puts what was counted since the last line on record. */
  close(): Promise<void>;
}

/** One line for many refused requests: a flood of them must not fill the audit. A line that cannot be kept is counted into the next. */
export const createRejected = ({ record, everyMs = 60_000 }: RejectedOptions): Rejected => {
  let counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const add = (code: string, more: number): void => {
    counts.set(code, (counts.get(code) ?? 0) + more);
    timer ??= setTimeout(() => void tell(), everyMs).unref();
  };
  const tell = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (counts.size === 0) return;
    const told = counts;
    counts = new Map();
    await record({ kind: 'rejected', counts: Object.fromEntries(told) }).catch(() => {
      for (const [code, count] of told) add(code, count);
    });
  };
  return {
    count: (code) => add(code, 1),
    close: async () => {
      await tell();
      clearTimeout(timer);
    },
  };
};
