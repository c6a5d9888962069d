import type { KeyObject } from 'node:crypto';
import { isSignedBy, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { Accepted, Problem } from './verification.ts';

/** Hands out the checkpoints of a file, one line after the other. */
export type NextLine = () => Promise<string | undefined>;

interface Numbered {
  readonly checkpoint: SignedCheckpoint;
  readonly line: number;
}

const atCheckpoint = (line: number, sentence: string): Problem => ({ in: 'checkpoints', line, sentence });
const atLine = (line: number, sentence: string): Problem => ({ in: 'lines', line, sentence });

/** What is wrong with a checkpoint in itself, or beside the one before it. */
const wrongInItself = (
  { checkpoint, line }: Numbered,
  before: SignedCheckpoint | undefined,
  keys: readonly KeyObject[] | undefined,
): Problem | undefined => {
  if (keys !== undefined && !isSignedBy(checkpoint, keys))
    return atCheckpoint(line, 'the checkpoint is not signed by this key');
  if (before === undefined) return undefined;
  if (checkpoint.file !== before.file)
    return atCheckpoint(line, 'the checkpoint belongs to another file than the one before it');
  if (checkpoint.seq < before.seq)
    return atCheckpoint(
      line,
      `the checkpoint is for line ${checkpoint.seq}, but line ${before.seq} was signed before it: the end was cut off in between`,
    );
  if (before.reason === 'close' && checkpoint.reason !== 'open')
    return atCheckpoint(line, 'the checkpoint follows a closed audit that was not opened again');
  if (before.reason === 'close' && checkpoint.seq > before.seq)
    return atLine(before.seq + 1, `the line was added after the audit was closed at line ${before.seq}`);
  return undefined;
};

const fits = (
  { checkpoint }: Numbered,
  { seq, hash }: Accepted,
  id: string,
  good: number,
): Problem | undefined => {
  if (checkpoint.file !== id)
    return atLine(
      1,
      'the line is not the one the checkpoints were made for: it was changed, or they are another file’s',
    );
  if (checkpoint.hash === hash) return undefined;
  const where = good + 1 === seq ? `line ${seq} is` : `lines ${good + 1} to ${seq} are`;
  return atLine(
    good + 1,
    `${where} not what was signed at ${checkpoint.at}: something was changed and the chain made anew`,
  );
};

/** Checks a file against its checkpoints, in one pass over both. `keys` undefined: signatures are not looked at. */
export const createCheckpointCheck = (nextLine: NextLine, keys: readonly KeyObject[] | undefined) => {
  let current: Numbered | undefined;
  let before: SignedCheckpoint | undefined;
  let id: string | undefined;
  let count = 0;
  let good = 0;
  let ended = false;

  const pull = async (): Promise<Problem | undefined> => {
    const text = ended ? undefined : await nextLine();
    before = current?.checkpoint ?? before;
    current = undefined;
    ended = text === undefined;
    if (text === undefined) return undefined;
    count += 1;
    const checkpoint = readCheckpoint(text);
    if (checkpoint === undefined) return atCheckpoint(count, 'the line is not a checkpoint');
    current = { checkpoint, line: count };
    return wrongInItself(current, before, keys);
  };

  return {
    /** Takes the next right line of the file. */
    line: async (accepted: Accepted): Promise<Problem | undefined> => {
      if (id === undefined) {
        id = accepted.hash;
        const problem = await pull();
        if (problem !== undefined) return problem;
      }
      while (current !== undefined && current.checkpoint.seq <= accepted.seq) {
        const problem = fits(current, accepted, id, good) ?? (await pull());
        if (problem !== undefined) return problem;
        good = accepted.seq;
      }
      const closed = before?.reason === 'close' && current === undefined && before.seq < accepted.seq;
      if (!closed) return undefined;
      return atLine(accepted.seq, `the line was added after the audit was closed at line ${before?.seq}`);
    },
    /** Whether the file goes as far as its last checkpoint. */
    end: async (lines: number): Promise<Problem | undefined> => {
      const problem = id === undefined ? await pull() : undefined;
      if (problem !== undefined || current === undefined) return problem;
      const { seq, at } = current.checkpoint;
      return atLine(lines + 1, `the end is missing: line ${seq} was signed at ${at}`);
    },
    count: () => count,
    /** The last line that a checkpoint confirms. */
    confirmed: () => good,
  };
};
