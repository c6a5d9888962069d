const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Marks where something was left out. */
export const ellipsis = '…';

/**
 * The beginning of a text, in whole characters as people see them, whose `written` form has at most `room` UTF-16 units; a cut one ends
 * in "…". `written` must not make anything shorter.
 */
export function fit(text: string, room: number, written: (part: string) => string): string {
  const whole = text.length <= room ? written(text) : undefined;
  if (whole !== undefined && whole.length <= room) return whole;
  const left = room - ellipsis.length;
  if (left < 0) return '';
  let [fits, tooLong] = [0, Math.min(text.length, left + 1)];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (written(text.slice(0, middle)).length <= left) fits = middle;
    else tooLong = middle;
  }
  const near = text.slice(0, tooLong + longestCharacter);
  const end = graphemes.segment(near).containing(fits)?.index ?? fits;
  return written(text.slice(0, end).trimEnd()) + ellipsis;
}

// Emoji families and the like are some ten units; a "character" beyond this is a prank and may be cut in its middle.
const longestCharacter = 64;

/** The beginning of a text, longer than `room` by what a cut looks at; "…" says that there was more. Spares work on what nobody sees. */
export const begun = (text: string, room: number): string => {
  const most = Math.max(0, room) + longestCharacter;
  return text.length <= most ? text : text.slice(0, most) + ellipsis;
};

/** Plain text of at most `room` UTF-16 units. */
export const cut = (text: string, room: number): string => fit(text, room, (part) => part);

/** The lines that fit into `room` (each with its line break) and how many do not: from the beginning, or from the end. */
export function linesThatFit(
  lines: readonly string[],
  room: number,
  keep: 'first' | 'last',
): { readonly kept: readonly string[]; readonly left: number } {
  const ordered = keep === 'first' ? lines : lines.toReversed();
  let length = 0;
  const over = ordered.findIndex((line) => {
    length += line.length + 1;
    return length > room + 1;
  });
  if (over < 0) return { kept: lines, left: 0 };
  const kept = ordered.slice(0, over);
  return { kept: keep === 'first' ? kept : kept.toReversed(), left: lines.length - over };
}

/** `… 812 more lines` */
export const moreLines = (count: number): string =>
  `${ellipsis} ${count} more ${count === 1 ? 'line' : 'lines'}`;
