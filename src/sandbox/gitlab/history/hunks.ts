import { linesOf, matchingLines } from './matching-lines.ts';

/** One line of a diff; numbers count from 1 in the text that has the line. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Lines that changed, with a few that did not around them. */
export type Hunk = readonly DiffLine[];

const around = 3;

/** What became of a text, as a unified diff shows it. */
export function hunksOf(before: string, after: string): readonly Hunk[] {
  const all = diffLines(linesOf(before), linesOf(after));
  const near = new Set<number>();
  all.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let one = at - around; one <= at + around; one += 1) near.add(one);
  });
  const hunks: DiffLine[][] = [];
  all.forEach((line, at) => {
    if (!near.has(at)) return;
    if (!near.has(at - 1) || hunks.length === 0) hunks.push([]);
    hunks.at(-1)?.push(line);
  });
  return hunks;
}

/** The hunks as text (`@@ -1,3 +1,4 @@` and lines with ` `, `+`, `-`), as GitLab's API gives them. */
export function unified(hunks: readonly Hunk[]): string {
  const marks = { same: ' ', added: '+', removed: '-' };
  return hunks
    .map((hunk) => {
      const lines = hunk.map(({ kind, text }) => `${marks[kind]}${text}\n`).join('');
      return `${hunkTitle(hunk)}\n${lines}`;
    })
    .join('');
}

/** Where a hunk stands: `@@ -<first line>,<lines> +<first line>,<lines> @@`. */
export function hunkTitle(hunk: Hunk): string {
  const side = (numbers: readonly (number | undefined)[]): string => {
    const known = numbers.filter((one) => one !== undefined);
    return `${known[0] ?? 0},${known.length}`;
  };
  return `@@ -${side(hunk.map((line) => line.before))} +${side(hunk.map((line) => line.after))} @@`;
}

function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let a = 0;
  let b = 0;
  for (const [toA, toB] of [...matchingLines(before, after), [before.length, after.length] as const]) {
    for (; a < toA; a += 1)
      lines.push({ kind: 'removed', text: before[a] ?? '', before: a + 1, after: undefined });
    for (; b < toB; b += 1)
      lines.push({ kind: 'added', text: after[b] ?? '', before: undefined, after: b + 1 });
    if (a < before.length) lines.push({ kind: 'same', text: before[a] ?? '', before: a + 1, after: b + 1 });
    a += 1;
    b += 1;
  }
  return lines;
}
