import { createHash } from 'node:crypto';
import type { Told } from './line.ts';

/** Where the chain of lines stands. */
export interface Chain {
  /** Number of the last line; 0 before the first. */
  readonly seq: number;
  /** SHA-256 of the last line without its newline, hex; zeros before the first. */
  readonly prev: string;
  /** The file's id: the hash of its first line. Undefined before the first. */
  readonly id: string | undefined;
}

/** What the first line names as the line before it. */
export const zeros = '0'.repeat(64);

/** Before the first line. */
export const beginning: Chain = { seq: 0, prev: zeros, id: undefined };

/** SHA-256 of a line, hex: what the next line holds of it. */
export const hashOf = (line: string | Buffer): string => createHash('sha256').update(line).digest('hex');

/** Something told, and when (Unix milliseconds). */
export interface Timed {
  readonly told: Told;
  readonly at: number;
}

const lineOf = ({ told, at }: Timed, { seq, prev }: Chain): string =>
  JSON.stringify({ seq: seq + 1, at: new Date(at).toISOString(), prev, ...told });

/** What is told as lines that continue the chain, and where it stands then. */
export const chained = (
  all: readonly Timed[],
  chain: Chain,
): { readonly lines: readonly string[]; readonly chain: Chain } => {
  let now = chain;
  const lines = all.map((timed) => {
    const line = lineOf(timed, now);
    const prev = hashOf(line);
    now = { seq: now.seq + 1, prev, id: now.id ?? prev };
    return line;
  });
  return { lines, chain: now };
};
