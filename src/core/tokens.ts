/** A word of the typed text with where it stands there: `start` inclusive, `end` exclusive. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Some part of it stood in quotes. */
  readonly quoted: boolean;
  /** Where the first unquoted `=` stands in `text`; -1 when there is none. */
  readonly equals: number;
}

/** The words of a line, or the quote that was never closed. */
export type Tokens =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly openQuoteAt: number };

/** Reads the quoted part that begins at `from` (just after the quote); undefined when it never ends. */
const readQuoted = (line: string, from: number): { text: string; end: number } | undefined => {
  let text = '';
  for (let at = from; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '"') return { text, end: at + 1 };
    const next = line[at + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
    } else text += char;
  }
  return undefined;
};

type Word = { ok: true; token: Token } | { ok: false; openQuoteAt: number };

const readWord = (line: string, start: number): Word => {
  let text = '';
  let at = start;
  let quoted = false;
  let equals = -1;
  while (at < line.length && line[at] !== ' ') {
    if (line[at] === '"') {
      const part = readQuoted(line, at + 1);
      if (part === undefined) return { ok: false, openQuoteAt: at };
      text += part.text;
      at = part.end;
      quoted = true;
    } else {
      if (line[at] === '=' && equals === -1) equals = text.length;
      text += line[at];
      at++;
    }
  }
  return { ok: true, token: { text, start, end: at, quoted, equals } };
};

/**
 * Splits a straightened line at blanks. Double quotes hold blanks together; inside them `\"` and `\\` stand for
 * a quote and a backslash, and no other escape exists. Nothing is expanded.
 */
export const tokenize = (line: string): Tokens => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at++;
      continue;
    }
    const word = readWord(line, at);
    if (!word.ok) return { ok: false, openQuoteAt: word.openQuoteAt };
    tokens.push(word.token);
    at = word.token.end;
  }
  return { ok: true, tokens };
};
