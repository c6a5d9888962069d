import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AuditEntry } from '../../../src/core/audit-entry.ts';

/** Something that has happened to a run. */
export const entry = (run: string): AuditEntry => ({
  kind: 'state',
  run,
  from: 'queued',
  to: 'running',
  because: null,
});

/** The lines of a file. */
export const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

/** The runs that a file's lines are about, and the kind of those about none. */
export const runsOf = (path: string): readonly string[] =>
  linesOf(path).map((line) => {
    const { run, kind } = JSON.parse(line);
    return run ?? kind;
  });

/** Whether every line is numbered and names the hash of the line before it. */
export const chainHolds = (lines: readonly string[]): boolean =>
  lines.every((line, at) => {
    const { seq, prev } = JSON.parse(line);
    const before = lines[at - 1];
    const expected =
      before === undefined ? '0'.repeat(64) : createHash('sha256').update(before).digest('hex');
    return seq === at + 1 && prev === expected;
  });

/** Resolves once the condition holds; rejects after half a minute. */
export const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waiting in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
