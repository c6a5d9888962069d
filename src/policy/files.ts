import { createHash } from 'node:crypto';
import { createMistakeList, type Mistake, type MistakeList, usually } from './mistakes.ts';

/** A policy folder as plain text. `revision` is a short digest over names and contents: the same files, the same revision. */
export interface PolicyFiles {
  /** By path inside the folder, with `/`, in order of the paths. */
  readonly files: ReadonlyMap<string, string>;
  readonly revision: string;
}

/** The way of a policy into force; a version that fails at one of these is not used. */
export const stages = ['fetch', 'verify', 'lint', 'cases', 'compile'] as const;
export type Stage = (typeof stages)[number];

/** A policy folder that could be read, or everything that is wrong with its files as files. */
export type FilesRead =
  | { readonly ok: true; readonly files: PolicyFiles }
  | {
      readonly ok: false;
      readonly mistakes: readonly Mistake[];
      /** What could be read all the same, so that its mistakes are told with the others. */
      readonly readable?: PolicyFiles;
      /** What it failed at, where there is more than reading. */
      readonly stage?: Stage;
      /** The source could not be asked: nothing is known of newer files. */
      readonly away?: boolean;
    };

const megabyte = 1024 * 1024;
const known = [
  { shape: /^model\.conf$/, most: 2 * megabyte },
  { shape: /^policy\.csv$/, most: 10 * megabyte },
  { shape: /^commands\/[^/]+\.ya?ml$/, most: 2 * megabyte },
  { shape: /^cases\/[^/]+\.ya?ml$/, most: 2 * megabyte },
];

/** At most so many files are read from a folder. */
export const mostFiles = 2000;

/** Whether a file is left aside without a word: dotfiles and READMEs, also in the subfolders. */
export const isIgnored = (name: string): boolean =>
  name.split('/').some((part) => part.startsWith('.')) || /(^|\/)README\.md$/.test(name);

/** How many bytes the file may have; undefined when such a file has no place in a policy folder. */
export const mostBytesOf = (name: string): number | undefined =>
  known.find(({ shape }) => shape.test(name))?.most;

/** Why a file cannot be taken by its name and size alone; undefined when it can. */
export const fileProblem = (name: string, bytes: number): string | undefined => {
  const most = mostBytesOf(name);
  if (most === undefined)
    return 'has no place here: a policy folder holds model.conf, policy.csv, commands/*.yml, cases/*.yml';
  return bytes > most ? `is larger than ${most / megabyte} MB` : undefined;
};

const decoded = (name: string, bytes: Uint8Array, mistakes: MistakeList): string => {
  const nul = bytes.indexOf(0);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    mistakes.add(name, 1, 'begins with a byte order mark; save it as UTF-8 without BOM');
  if (nul !== -1) mistakes.add(name, 1, `holds a NUL at byte ${nul}`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // What people type is put into this form; a rule in another would never match it.
    if (text !== text.normalize('NFC'))
      mistakes.add(name, 1, 'holds letters with loose accents; save it in Unicode normal form C');
    return text;
  } catch {
    mistakes.add(name, 1, 'is not valid UTF-8');
    return '';
  }
};

const revisionOf = (files: ReadonlyMap<string, string>): string => {
  const hash = createHash('sha256');
  for (const [name, text] of files) hash.update(`${name.length}:${name}${text.length}:${text}`);
  return hash.digest('hex').slice(0, 12);
};

/** Takes the bytes of a policy folder, wherever they come from, by path inside the folder. */
export const policyFilesOf = (contents: ReadonlyMap<string, Uint8Array>): FilesRead => {
  const mistakes = createMistakeList('file');
  const files = new Map<string, string>();
  for (const [name, bytes] of [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (isIgnored(name)) continue;
    const problem = fileProblem(name, bytes.length);
    if (problem !== undefined) mistakes.add(name, 1, problem);
    else files.set(name, decoded(name, bytes, usually('encoding', mistakes)));
  }
  for (const needed of ['policy.csv']) if (!contents.has(needed)) mistakes.add(needed, 1, 'is missing');
  const found = mistakes.all();
  return found.length > 0
    ? { ok: false, mistakes: found }
    : { ok: true, files: { files, revision: revisionOf(files) } };
};
