import type { Line, Part, Span } from '../reply.ts';

/** Words as they are. */
export const plain = (text: string): Span => ({ text });
/** Words as they are typed: names, ids, lines. */
export const code = (text: string): Span => ({ text, style: 'code' });
/** Words that matter most. */
export const strong = (text: string): Span => ({ text, style: 'strong' });

/** A line from words and spans. */
export const line = (...pieces: readonly (string | Span)[]): Line =>
  pieces.map((piece) => (typeof piece === 'string' ? plain(piece) : piece));

/** Lines of words as one part. */
export const lines = (...all: readonly Line[]): Part => ({ part: 'lines', lines: all });

/** A length of time as people say it: `8 s`, `3 min 4 s`, `2 h 5 min`. */
export const sayDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
