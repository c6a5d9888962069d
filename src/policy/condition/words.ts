import type { InputValue } from '../../core/input.ts';
import type { Operator } from './ast.ts';

/** One piece of a condition's text. `at` counts from 0. */
export type Word = { readonly at: number } & (
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'value'; readonly value: InputValue; readonly text: string }
  | { readonly kind: 'operator'; readonly text: Operator }
  | { readonly kind: 'pattern'; readonly source: string; readonly text: string }
  | { readonly kind: 'sign'; readonly text: '(' | ')' | ',' }
);

/** The text cannot be read as a condition: why, and where, from 0. */
export interface Unreadable {
  readonly problem: string;
  readonly at: number;
}

interface Piece {
  readonly word: Word;
  readonly end: number;
}

const operator = /(?:!=|<=|>=|=|<|>)/y;
const number = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?![A-Za-z0-9_./:@+-])/y;
const name = /[A-Za-z0-9_./:@+-]+/y;
const quotedText = /"(?:[^"\\]|\\["\\])*"/y;

const matchAt = (shape: RegExp, text: string, at: number): string | undefined => {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
};

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(["\\])/g, '$1');

/** Where a bare pattern ends: at a blank, or at a closing parenthesis that it did not open. Escapes and classes are kept together. */
const patternEnd = (text: string, from: number): number => {
  let open = 0;
  let inClass = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === ' ') return at;
    if (char === '\\') at++;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') open++;
    else if (char === ')' && open-- === 0) return at;
  }
  return text.length;
};

const readPattern = (text: string, at: number): Piece | Unreadable => {
  const start = at + 're:'.length;
  if (text[start] !== '"') {
    const end = Math.min(patternEnd(text, start), text.length);
    const source = text.slice(start, end);
    return { word: { kind: 'pattern', source, text: `re:${source}`, at }, end };
  }
  const quoted = matchAt(quotedText, text, start);
  if (quoted === undefined) return { problem: 'the quote is never closed', at: start };
  const source = unquoted(quoted);
  return { word: { kind: 'pattern', source, text: `re:${quoted}`, at }, end: start + quoted.length };
};

const readBare = (text: string, at: number): Piece | Unreadable => {
  const digits = matchAt(number, text, at);
  if (digits !== undefined) {
    const value = Number(digits);
    if (!Number.isFinite(value)) return { problem: `the number ${digits} is too large`, at };
    return { word: { kind: 'value', value, text: digits, at }, end: at + digits.length };
  }
  const word = matchAt(name, text, at);
  if (word === undefined)
    return {
      problem: `${JSON.stringify(text[at])} means nothing here; put a text with special characters in double quotes`,
      at,
    };
  const end = at + word.length;
  if (word === 'true' || word === 'false')
    return { word: { kind: 'value', value: word === 'true', text: word, at }, end };
  return { word: { kind: 'name', text: word, at }, end };
};

const readWord = (text: string, at: number): Piece | Unreadable => {
  const char = text[at];
  if (char === '(' || char === ')' || char === ',')
    return { word: { kind: 'sign', text: char, at }, end: at + 1 };
  if (char === '"') {
    const quoted = matchAt(quotedText, text, at);
    if (quoted === undefined) return { problem: 'the quote is never closed', at };
    return { word: { kind: 'value', value: unquoted(quoted), text: quoted, at }, end: at + quoted.length };
  }
  const sign = matchAt(operator, text, at);
  if (sign !== undefined)
    return { word: { kind: 'operator', text: sign as Operator, at }, end: at + sign.length };
  return text.startsWith('re:', at) ? readPattern(text, at) : readBare(text, at);
};

/** Splits a condition's text into its words. */
export const readWords = (text: string): readonly Word[] | Unreadable => {
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    const piece = readWord(text, at);
    if ('problem' in piece) return piece;
    words.push(piece.word);
    at = piece.end;
  }
  return words;
};
