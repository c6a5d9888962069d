import { hashOf, zeros } from './chain.ts';
import { type ReadLine, readLine } from './line.ts';

/** What is wrong first. */
export interface Problem {
  readonly in: 'lines' | 'checkpoints';
  /** Line of that file, from 1. */
  readonly line: number;
  readonly sentence: string;
}

/** A line that is right so far, as its checkpoints see it. */
export interface Accepted {
  readonly seq: number;
  readonly hash: string;
}

interface Before extends Accepted {
  readonly prev: string;
}

/** A problem that a later line may explain better. */
type Open =
  | { readonly kind: 'misfit'; readonly line: number; readonly hash: string }
  | { readonly kind: 'skipped'; readonly line: number; readonly wanted: Accepted; readonly found: number }
  | undefined;

const first: Before = { seq: 0, hash: zeros, prev: '' };

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const skipped = (wanted: number, found: number): string =>
  wanted === 1
    ? `the beginning is missing: the first line has number ${found}`
    : `after number ${wanted - 1} comes number ${found}: ${many(found - wanted, 'line')} missing or in another place`;

const notNext = (line: number, { seq, prev }: ReadLine, hash: string, before: Before): string | undefined => {
  if (seq === before.seq + 1) return undefined;
  if (prev === before.hash)
    return `it follows line ${line - 1} but has number ${seq} instead of ${before.seq + 1}: the line was changed`;
  if (seq > before.seq) return undefined;
  if (hash === before.hash) return `it repeats line ${line - 1}`;
  if (prev === before.prev)
    return `it continues the same line as line ${line - 1} does: one of the two was inserted, or two processes wrote`;
  return `it has number ${seq}, which came before: it was inserted, repeated or moved`;
};

/** How a line that does not name the one before it is explained by the line after it. */
const misfit = (line: number, hash: string, after: ReadLine | undefined): Problem => {
  if (line === 1)
    return { in: 'lines', line, sentence: 'the first line was changed: it names a line before it' };
  if (after !== undefined && after.prev === hash) {
    const sentence = `the line was changed: line ${line} still holds the hash of what stood here`;
    return { in: 'lines', line: line - 1, sentence };
  }
  const sentence = `the line does not hold the hash of line ${line - 1}: one of the two was changed`;
  return { in: 'lines', line, sentence };
};

/** Checks the chain of a file, line by line. Knows nothing of keys: who can write the file can make a chain that holds. */
export const createChainCheck = () => {
  let before = first;
  let count = 0;
  let open: Open;
  let problem: Problem | undefined;

  const wrong = (line: number, sentence: string): undefined => {
    problem ??= { in: 'lines', line, sentence };
    return undefined;
  };
  /** Looks whether this line explains what was wrong before. */
  const explain = (line: number, read: ReadLine | undefined): void => {
    if (open?.kind === 'misfit') {
      problem = misfit(open.line, open.hash, read);
      open = undefined;
    } else if (open?.kind === 'skipped' && read?.seq === open.wanted.seq && read.prev === open.wanted.hash) {
      const sentence = `the order was changed: number ${read.seq} belongs here and stands in line ${line}`;
      problem = { in: 'lines', line: open.line, sentence };
      open = undefined;
    }
  };
  const check = (line: number, read: ReadLine, hash: string): Accepted | undefined => {
    const sentence = notNext(line, read, hash, before);
    if (sentence !== undefined) return wrong(line, sentence);
    if (read.seq > before.seq + 1) {
      open = { kind: 'skipped', line, wanted: { seq: before.seq + 1, hash: before.hash }, found: read.seq };
      return wrong(line, skipped(before.seq + 1, read.seq));
    }
    if (read.prev !== before.hash) {
      open = { kind: 'misfit', line, hash };
      return wrong(line, '');
    }
    before = { seq: read.seq, hash, prev: read.prev };
    return before;
  };

  return {
    /** Takes the next line; answers it when everything up to it is right. */
    line: (bytes: Buffer, whole: boolean): { read: ReadLine | undefined; accepted: Accepted | undefined } => {
      count += 1;
      const read = whole ? readLine(bytes.toString('utf8')) : undefined;
      if (problem !== undefined) {
        explain(count, read);
        return { read, accepted: undefined };
      }
      if (read === undefined) {
        const cut = 'the line is cut off: it has no end';
        return { read, accepted: wrong(count, whole ? 'the line is not one of the audit' : cut) };
      }
      return { read, accepted: check(count, read, hashOf(bytes)) };
    },
    /** What is wrong first, once all lines were taken. */
    end: (): Problem | undefined => {
      explain(count + 1, undefined);
      return problem;
    },
    count: () => count,
  };
};
