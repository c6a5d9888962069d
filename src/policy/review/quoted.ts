/** What a reader would not see, or what would change the order in which the rest is read. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\u00ad\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;

const named = (char: string): string =>
  `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** At most so many characters of the text in one line, whole characters only; what cannot be seen is named. */
export const inOneLine = (text: string, most: number): string => {
  // What is cut off need not be looked at: a text may be megabytes long.
  const line = text
    .slice(0, most * 4)
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(unseen, named);
  const chars = [...line];
  return chars.length > most || text.length > most * 4 ? `${chars.slice(0, most - 1).join('')}…` : line;
};

const longestRun = (text: string): number =>
  [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);

/**
 * Text that somebody else wrote, as Markdown that only shows it: inline code, where GitLab reads no mention, reference, link,
 * HTML or emphasis, and on one line that does not begin with it, so that it is no quick action.
 * https://docs.gitlab.com/user/project/quick_actions/ https://spec.commonmark.org/0.31.2/#code-spans
 */
export const quoted = (text: string, most = 160): string => {
  const line = inOneLine(text, most).replaceAll('<!--', '‹!--');
  if (line.trim() === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
};
