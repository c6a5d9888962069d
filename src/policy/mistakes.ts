import type { Place } from '../core/command.ts';

/** One thing that is wrong in a policy folder: where it stands, what is wrong, what would be right. */
export interface Mistake extends Place {
  readonly text: string;
}

/** Gathers mistakes so that all of them are reported at once. */
export interface MistakeList {
  add(file: string, line: number, text: string): void;
  /** In order of file, then line. At most 200, then one that counts the rest. */
  all(): readonly Mistake[];
}

const most = 200;

const inOrder = (a: Mistake, b: Mistake): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;

/** An empty list to gather mistakes in. */
export const createMistakeList = (): MistakeList => {
  const found: Mistake[] = [];
  let beyond = 0;
  return {
    add(file, line, text) {
      if (found.length < most) found.push({ file, line, text });
      else beyond++;
    },
    all() {
      const sorted = found.toSorted(inOrder);
      const last = sorted.at(-1);
      if (beyond === 0 || last === undefined) return sorted;
      return [...sorted, { file: last.file, line: last.line, text: `and ${beyond} more mistakes` }];
    },
  };
};

/** The mistakes as lines of text: `policy.csv:12: ...`. */
export const mistakesAsText = (mistakes: readonly Mistake[]): string =>
  mistakes.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n');
