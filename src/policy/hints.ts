import { nearest } from '../core/suggest.ts';

/** `; did you mean x?` when a candidate is near, else nothing. */
export const didYouMean = (typed: string, candidates: readonly string[]): string => {
  const found = nearest(typed, candidates, 1)[0];
  return found === undefined ? '' : `; did you mean ${found}?`;
};

/** Text of a file as it may be repeated in a message: quoted, invisible characters made visible, cut when long. */
export const shown = (text: string): string => {
  const visible = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text).replace(
    /[\p{C}\p{Zl}\p{Zp}\u00a0]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return visible;
};
