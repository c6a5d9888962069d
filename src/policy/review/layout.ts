/** GitLab takes a million characters; nobody reads so many. */
const longestNote = 28_000;

/** A section of a note: lines that are always shown, and more that a reader can open. */
export interface Fold {
  readonly lines: readonly string[];
  readonly more?: { readonly summary: string; readonly lines: readonly string[] };
}

const mostShown = 8;
const mostFolded = 60;

/** A section with a list: the first items stand open, the next can be opened, the rest is counted. `what` names the others. */
export const folded = (
  lines: readonly string[],
  items: readonly string[],
  what: string,
  open = mostShown,
): Fold => {
  const shown = items.slice(0, open);
  const rest = items.slice(open, open + mostFolded);
  const left = items.length - shown.length - rest.length;
  if (rest.length === 0) return { lines: [...lines, ...shown] };
  const summary = `${what}: ${items.length - shown.length}`;
  const end = left === 0 ? [] : [`- … and ${left} more`];
  return { lines: [...lines, ...shown], more: { summary, lines: [...rest, ...end] } };
};

/** `a, b and c` */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const foldedText = ({ summary, lines }: NonNullable<Fold['more']>): string =>
  ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>'].join('\n');

const textOf = ({ lines, more }: Fold, withMore: boolean): string => {
  const open = lines.join('\n').trim();
  if (more === undefined) return open;
  const rest = withMore ? foldedText(more) : `${more.summary}`;
  return open === '' ? rest : `${open}\n\n${rest}`;
};

const size = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length + 2, 0);

/** Folds that are begun and not ended. They stand at the beginning of a line, where text from files never does. */
const openFolds = (text: string): number =>
  (text.match(/^<details>/gm)?.length ?? 0) - (text.match(/^<\/details>/gm)?.length ?? 0);

/** At most about so many characters of a section, whole lines only. */
const cut = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const kept = text.slice(0, Math.max(text.lastIndexOf('\n', most), 0));
  return [kept, ...Array.from({ length: openFolds(kept) }, () => '</details>'), '… more than fits here'].join(
    '\n\n',
  );
};

/** The sections one below the other. What is too long loses first what can be opened, the last sections first, then its ends. */
export const fitted = (sections: readonly Fold[], foot: string): string => {
  const filled = sections.filter(({ lines, more }) => lines.length > 0 || more !== undefined);
  const texts = filled.map((section) => textOf(section, true));
  for (let at = filled.length - 1; at >= 0 && size(texts) > longestNote; at--) {
    const section = filled[at];
    if (section !== undefined) texts[at] = textOf(section, false);
  }
  const most = Math.floor(longestNote / Math.max(filled.length, 1));
  const over = size(texts) > longestNote;
  return [...texts.map((text) => (over ? cut(text, most) : text)), foot].join('\n\n');
};
