import type { AuditEntry } from '../core/audit-entry.ts';
import { type Batches, createBatches, type Retry } from './audit/batches.ts';
import { beginning, type Chain, chained, type Timed } from './audit/chain.ts';
import { signingKeyOf } from './audit/checkpoint.ts';
import { type CheckpointPace, type Checkpoints, openCheckpoints } from './audit/checkpoints.ts';
import { type AuditFile, openAuditFile } from './audit/file.ts';
import type { WaitingCounts } from './audit/waiting.ts';

/** Where the audit goes. */
export interface AuditOptions {
  /** File of JSON lines, appended to; undefined: each line goes to `write`. One process per file. */
  readonly path: string | undefined;
  readonly now: () => number;
  readonly write: (line: string) => void;
  /** PEM of a P-256 private key that signs checkpoints of the file; absent: there are none. */
  readonly signingKey?: string | undefined;
  /** Told when writing begins to fail and when it is well again, and of checkpoints that could not be written. */
  readonly problem?: (words: string, error?: unknown) => void;
  /** So many entries of what has happened wait in memory while nothing can be written. Default: 10,000. */
  readonly keepAtMost?: number;
  readonly retry?: Retry;
  readonly pace?: CheckpointPace;
}

/** A file whose first `end()` bytes are whole lines on disk. */
export interface Followed {
  readonly path: string;
  end(): number;
}

/** The record of what was asked, decided and done. */
export interface Audit {
  /** Resolves once the entry is on disk. Rejects with `accept.unavailable` when it could not be written. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * For what has happened already: resolves once the entry is on disk, or is known to wait in memory until it can be written.
   * Never rejects; when too many wait, a line of kind `gap` will say how many are missing.
   */
  recordDone(entry: AuditEntry): Promise<void>;
  /** Whether the last attempt to write went well. After a failure it is tried again by itself. */
  writable(): boolean;
  /** Entries that wait in memory, and those that are missing from a file that cannot be written. */
  counts(): WaitingCounts;
  /** Where the chain of lines stands. */
  chain(): Chain;
  /** The audit file and its checkpoints, for whoever passes them on; undefined without a path. */
  readonly files: { readonly lines: Followed; readonly checkpoints: Followed | undefined } | undefined;
  /** Calls the listener after each batch or checkpoint that is on disk. */
  onGrown(listener: () => void): void;
  close(): Promise<void>;
}

const usualRetry: Retry = { firstMs: 1000, mostMs: 30_000 };
const usualPace: CheckpointPace = { everyMs: 60_000, everyLines: 1000 };

const ignore = (): void => undefined;

const batchesFor = (options: AuditOptions, append: (batch: readonly Timed[]) => Promise<void>): Batches =>
  createBatches({
    append,
    now: options.now,
    keepAtMost: options.keepAtMost ?? 10_000,
    retry: options.retry ?? usualRetry,
    problem: options.problem ?? ignore,
  });

/** Lines on a stream: chained, and no more than that. */
const auditOnStream = (options: AuditOptions): Audit => {
  let chain = beginning;
  const batches = batchesFor(options, async (batch) => {
    const next = chained(batch, chain);
    next.lines.forEach(options.write);
    chain = next.chain;
  });
  return {
    record: batches.record,
    recordDone: batches.recordDone,
    writable: batches.good,
    counts: batches.counts,
    chain: () => chain,
    files: undefined,
    onGrown: ignore,
    close: batches.close,
  };
};

const checkpointsFor = async (
  options: AuditOptions & { readonly path: string },
  written: () => void,
): Promise<Checkpoints | undefined> => {
  const { now, signingKey, problem = ignore, pace = usualPace } = options;
  if (signingKey === undefined) return undefined;
  const path = `${options.path}.checkpoints`;
  return openCheckpoints({ path, key: signingKeyOf(signingKey), now, pace, problem, written });
};

/** What is left of the file's last life is settled before the first line of this one. */
const createBegin = (file: AuditFile, checkpoints: Checkpoints | undefined) => {
  let begun = false;
  return async (): Promise<void> => {
    if (begun) return;
    await file.mend();
    await checkpoints?.open(file.chain);
    begun = true;
  };
};

const auditInFile = async (options: AuditOptions & { readonly path: string }): Promise<Audit> => {
  const listeners: (() => void)[] = [];
  const grown = (): void => {
    for (const listener of listeners) listener();
  };
  const file = await openAuditFile(options.path, options.now);
  const checkpoints = await checkpointsFor(options, grown).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  const begin = createBegin(file, checkpoints);
  let { chain } = file;
  const batches = batchesFor(options, async (batch) => {
    await begin();
    const next = chained(batch, chain);
    await file.append(next.lines);
    chain = next.chain;
    checkpoints?.reached(chain);
    grown();
  });
  await begin().catch(batches.failed);
  return {
    record: batches.record,
    recordDone: batches.recordDone,
    writable: batches.good,
    counts: batches.counts,
    chain: () => chain,
    files: {
      lines: { path: options.path, end: file.end },
      checkpoints:
        checkpoints === undefined ? undefined : { path: `${options.path}.checkpoints`, end: checkpoints.end },
    },
    onGrown: (listener) => void listeners.push(listener),
    close: async () => {
      await batches.close();
      await checkpoints?.close();
      await file.close();
    },
  };
};

/**
 * Opens the audit: append-only JSON lines, each with a number and the hash of the line before it, on disk before `record`
 * resolves. Rejects when the file cannot be opened or continued.
 */
export const createAudit = (options: AuditOptions): Promise<Audit> => {
  const { path } = options;
  return path === undefined ? Promise.resolve(auditOnStream(options)) : auditInFile({ ...options, path });
};
