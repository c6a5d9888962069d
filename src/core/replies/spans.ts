import type { Line, Part, Span } from '../reply.ts';

export const plain = (text: string): Span => ({ text });
export const code = (text: string): Span => ({ text, style: 'code' });
export const strong = (text: string): Span => ({ text, style: 'strong' });

/** A line from words and spans. */
export const line = (...pieces: readonly (string | Span)[]): Line =>
  pieces.map((piece) => (typeof piece === 'string' ? plain(piece) : piece));

export const lines = (...all: readonly Line[]): Part => ({ part: 'lines', lines: all });

/** A length of time as people say it: `8 s`, `3 min 4 s`, `2 h 5 min`. */
export const sayDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** `a, b or c`; empty for nothing. */
export const sayOr = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
