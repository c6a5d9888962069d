import { type Dialect, never, readInline } from './inline.ts';
import type { Mark } from './marks.ts';

const emojiOnly: Dialect = { code: never, styles: [], reference: never, read: () => undefined };

/** Reads a `plain_text` object's text: emoji are drawn, everything else stays as typed. */
export function readPlain(text: string): readonly Mark[] {
  return readInline(text, emojiOnly);
}
