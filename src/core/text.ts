/** Typed characters that keyboards and chat apps put in place of plain ones, one for one so that positions hold. */
const plain: Readonly<Record<string, string>> = {
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\uff02': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u00a0': ' ',
  '\u2007': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
  '\t': ' ',
  '\r': ' ',
  '\n': ' ',
};

const typographic = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');

/** Full-width letters, digits, `=` and `-`: what Chinese and Japanese keyboards type. Full-width punctuation is text and stays. */
const fullWidth = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff1d\uff0d]/g;

/**
 * A quoted part as a whole, closed or not; or, outside of quotes, a long dash or two dashes of any kind where an option begins: what
 * phones make of `--`.
 */
const quotedOrDash =
  /"(?:\\["\\]|[^"])*"?|(?<!\S)(?:[-\u2010-\u2015\u2212]{2}|[\u2013-\u2015\u2212])(?=\p{L})/gu;

/**
 * Puts right what phones and chat apps do to typed text: curly quotes, long dashes before an option, odd blanks, full-width signs.
 * A zero-width character or a control character is dropped: nobody types one on purpose. What is straight stays as it is.
 */
export const straighten = (typed: string): string =>
  typed
    .replace(fullWidth, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(typographic, (sign) => plain[sign] ?? sign)
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(quotedOrDash, (found) => (found.startsWith('"') ? found : '--'))
    .trim()
    // Last: an accent meets its letter only when nothing stands between them, and both are plain.
    .normalize('NFC');

/** Whether a value must be quoted to be read back as one value. A mark at its beginning would join the `=` before it. */
const needsQuotes = (value: string): boolean =>
  value === '' || /[\s"=\\]|^\p{M}/u.test(value) || value.startsWith('--') || straighten(value) !== value;

/** Writes a checked value so that the parser reads the same value again. */
export const quote = (value: string): string =>
  needsQuotes(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
