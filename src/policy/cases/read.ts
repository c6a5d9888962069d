import { createReader, type Reader } from '../commands/reader.ts';
import { readTree, type Tree } from '../commands/tree.ts';
import type { PolicyFiles } from '../files.ts';
import { shown } from '../hints.ts';
import type { MistakeList } from '../mistakes.ts';
import type { Suite } from './case.ts';
import { readGiven } from './given.ts';
import { readCase, readWhoCan, type Spot } from './read-case.ts';

/** So many cases at most, matrices written out, over all files: whoever loads a policy also runs its cases. */
export const mostCases = 10_000;

const keys = ['suite', 'at', 'given', 'cases', 'who_can'];
const caseFile = /^cases\/(.+)\.ya?ml$/;

const readAt = (reader: Reader): number | undefined => {
  const day = reader.text('at');
  if (day === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // 31 February is read as a day in March by some: it must come back as it was written.
  if (Number.isFinite(at) && new Date(at).toISOString().startsWith(day)) return at;
  return reader.wrong('at', `${shown(day)} must be a day such as 2026-12-01`);
};

const readItems = <One>(
  spot: Spot,
  items: readonly Tree[],
  read: (spot: Spot, item: Tree) => readonly One[],
): readonly One[] => {
  const { room, file, mistakes } = spot;
  return items.flatMap((item) => {
    if (room.left < 0) return [];
    const found = read(spot, item);
    room.left -= found.length;
    if (room.left >= 0) return found;
    mistakes.add(file, item.line, `there are more than ${mostCases} cases in all files together`);
    return [];
  });
};

const readSuite = (spot: Spot, tree: Tree, fallback: string): Suite | undefined => {
  const { file, mistakes } = spot;
  if (tree.kind !== 'table') {
    mistakes.add(file, 1, 'a file of cases begins with keys such as cases: and who_can:');
    return undefined;
  }
  const reader = createReader(spot, tree, '', keys);
  if (!reader.has('cases') && !reader.has('who_can'))
    mistakes.add(file, 1, 'holds no cases; it needs cases: or who_can:');
  return {
    file,
    name: reader.text('suite') ?? fallback,
    at: readAt(reader),
    given: readGiven(file, reader),
    cases: readItems(spot, reader.list('cases') ?? [], readCase),
    whoCan: readItems(spot, reader.list('who_can') ?? [], readWhoCan),
  };
};

/** What the reader of YAML takes at most; said here in words that help with cases. */
const longestBytes = 32_768;
const mostBrackets = 500;

const tooLarge = (text: string): string | undefined => {
  if (Buffer.byteLength(text) > longestBytes)
    return `is larger than ${longestBytes} bytes; use a matrix, or several files`;
  const brackets = text.length - text.replaceAll(/[[{]/g, '').length;
  if (brackets <= mostBrackets) return undefined;
  return `holds more than ${mostBrackets} opening brackets; use a matrix, keys on lines of their own, or several files`;
};

/** Reads every file of `cases/`. A suite counts only when no mistake was added for its file. */
export const readSuites = ({ files }: PolicyFiles, mistakes: MistakeList): readonly Suite[] => {
  const room = { left: mostCases };
  return [...files].flatMap(([file, text]) => {
    const fallback = caseFile.exec(file)?.[1];
    if (fallback === undefined) return [];
    const large = tooLarge(text);
    if (large !== undefined) mistakes.add(file, 1, large);
    const tree = large === undefined ? readTree(file, text, mistakes) : undefined;
    return (tree && readSuite({ file, mistakes, room }, tree, fallback)) ?? [];
  });
};
