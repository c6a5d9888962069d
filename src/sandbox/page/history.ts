/** What was typed before, and where the visitor is while looking back through it. */
export interface History {
  readonly lines: readonly string[];
  /** Index into `lines`; equal to its length when not looking back. */
  readonly at: number;
  /** What stood in the box before looking back. */
  readonly draft: string;
}

const most = 50;

/** Nothing typed yet. */
export const emptyHistory: History = { lines: [], at: 0, draft: '' };

/** Adds a sent line (a repeat of the last one is kept once) and stops looking back. */
export function remember(history: History, line: string): History {
  const lines = history.lines.at(-1) === line ? history.lines : [...history.lines, line].slice(-most);
  return { lines, at: lines.length, draft: '' };
}

/** One line back or forth; the box's text after it, or undefined when there is nowhere to go. */
export function look(
  history: History,
  by: 1 | -1,
  text: string,
): { readonly history: History; readonly text: string } | undefined {
  const at = history.at + by;
  if (at < 0 || at > history.lines.length) return undefined;
  const draft = history.at === history.lines.length ? text : history.draft;
  return { history: { ...history, at, draft }, text: history.lines[at] ?? draft };
}
