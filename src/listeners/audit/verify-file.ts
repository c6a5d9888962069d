import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createCheckpointCheck, type NextLine } from './checkpoint-verification.ts';
import { linesForwards } from './forwards.ts';
import { createChainCheck, type Problem } from './verification.ts';

/** What to verify with. */
export interface VerifyOptions {
  readonly path: string;
  /** Undefined: there are none. */
  readonly checkpoints: string | undefined;
  /** Undefined: signatures are not looked at. */
  readonly keys: readonly KeyObject[] | undefined;
}

/** What a file holds and what is wrong with it first. */
export interface Verified {
  /** Lines of the file, also those after a problem. */
  readonly lines: number;
  /** Unix milliseconds of the earliest and the latest line; undefined when no line can be read. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly checkpoints: number;
  /** The last line that a checkpoint confirms; 0: none. */
  readonly confirmed: number;
  readonly problem: Problem | undefined;
}

/** The whole lines that a file has now; one that is just being written is not among them. */
const openLines = async (path: string | undefined): Promise<NextLine> => {
  if (path === undefined) return async () => undefined;
  const chunks = linesForwards(path, 0, (await stat(path)).size);
  let lines: readonly { bytes: Buffer; whole: boolean }[] = [];
  let place = 0;
  return async () => {
    while (place >= lines.length) {
      const next = await chunks.next();
      if (next.done === true) return undefined;
      lines = next.value;
      place = 0;
    }
    const line = lines[place];
    place += 1;
    return line?.whole === true ? line.bytes.toString('utf8') : undefined;
  };
};

/** What is wrong first: an edit that the chain itself shows explains a checkpoint that does not fit. */
const firstOf = (
  chain: Problem | undefined,
  signed: { readonly problem: Problem; readonly seen: number } | undefined,
): Problem | undefined => {
  if (chain === undefined || signed === undefined) return chain ?? signed?.problem;
  return chain.line <= signed.seen + 1 ? chain : signed.problem;
};

/** Reads a file once, beside its checkpoints, whatever its size. Rejects when one of them cannot be read. */
export const verifyFile = async ({ path, checkpoints, keys }: VerifyOptions): Promise<Verified> => {
  // The checkpoints are counted before the file is read: a living audit only grows meanwhile.
  const check = createCheckpointCheck(await openLines(checkpoints), keys);
  const chain = createChainCheck();
  let from: number | undefined;
  let to: number | undefined;
  let signed: { problem: Problem; seen: number } | undefined;
  for await (const lines of linesForwards(path)) {
    for (const { bytes, whole } of lines) {
      const { read, accepted } = chain.line(bytes, whole);
      if (read !== undefined) {
        from = Math.min(from ?? read.at, read.at);
        to = Math.max(to ?? read.at, read.at);
      }
      if (accepted === undefined || signed !== undefined) continue;
      const problem = await check.line(accepted);
      if (problem !== undefined) signed = { problem, seen: chain.count() };
    }
  }
  const inChain = chain.end();
  if (inChain === undefined && signed === undefined) {
    const problem = await check.end(chain.count());
    if (problem !== undefined) signed = { problem, seen: chain.count() };
  }
  const problem = firstOf(inChain, signed);
  return {
    lines: chain.count(),
    from,
    to,
    checkpoints: check.count(),
    confirmed: check.confirmed(),
    problem,
  };
};
