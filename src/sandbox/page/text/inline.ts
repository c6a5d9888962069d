import { emoji, glyphPattern, nameOfGlyph } from './emoji.ts';
import type { Mark } from './marks.ts';
import { unescapeText } from './reference.ts';

type Style = 'strong' | 'emphasis' | 'strike';

/** How one language of chat text marks style and links. */
export interface Dialect {
  /** A sticky pattern whose first group is text shown as code. */
  readonly code: RegExp;
  /** Longest sign first. */
  readonly styles: readonly (readonly [sign: string, style: Style])[];
  /** A sticky pattern that finds a reference or link. */
  readonly reference: RegExp;
  /** What the pattern found, or undefined to leave it as text. */
  readonly read: (found: RegExpExecArray) => Mark | undefined;
}

const word = /[\p{L}\p{N}]/u;
/** Code between backquotes, in one line. */
export const backquoted = /`([^`\n]+)`/y;

/** A pattern for what a dialect does not have. */
export const never = /(?!)/y;

const shortcode = /:([a-z0-9_+-]{1,40}):/y;

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function opens(text: string, index: number, sign: string): boolean {
  const before = text[index - 1] ?? ' ';
  const after = text[index + sign.length] ?? ' ';
  return !word.test(before) && before !== sign[0] && !/\s/.test(after) && after !== sign[0];
}

function closes(text: string, index: number, sign: string): boolean {
  const before = text[index - 1] ?? ' ';
  const after = text[index + sign.length] ?? ' ';
  return !/\s/.test(before) && !word.test(after) && after !== sign[0];
}

/** Where the style opened just before `from` ends in its line, passing over code and references; -1 when it does not. */
function findEnd(text: string, from: number, sign: string, dialect: Dialect): number {
  let index = from;
  while (index < text.length && text[index] !== '\n') {
    const skipped = at(dialect.code, text, index) ?? at(dialect.reference, text, index);
    if (skipped !== null) index += skipped[0].length;
    else if (index > from && text.startsWith(sign, index) && closes(text, index, sign)) return index;
    else index += 1;
  }
  return -1;
}

function leaf(text: string, index: number, dialect: Dialect): { mark: Mark; length: number } | undefined {
  if (text[index] === '\n') return { mark: { kind: 'break' }, length: 1 };
  const quoted = at(dialect.code, text, index);
  if (quoted !== null)
    return { mark: { kind: 'code', text: unescapeText(quoted[1] ?? '') }, length: quoted[0].length };
  const reference = at(dialect.reference, text, index);
  const read = reference === null ? undefined : dialect.read(reference);
  if (reference !== null && read !== undefined) return { mark: read, length: reference[0].length };
  return readEmoji(text, index);
}

function readEmoji(text: string, index: number): { mark: Mark; length: number } | undefined {
  const named = at(shortcode, text, index);
  const glyph = emoji.get(named?.[1] ?? '');
  if (named !== null && glyph !== undefined) {
    return { mark: { kind: 'emoji', name: named[1] ?? '', glyph }, length: named[0].length };
  }
  const drawn = at(glyphPattern, text, index);
  const name = nameOfGlyph(drawn?.[1] ?? '');
  if (drawn === null || name === undefined) return undefined;
  return { mark: { kind: 'emoji', name, glyph: drawn[1] ?? '' }, length: drawn[0].length };
}

/** Reads lines of text into marks; what is not understood stays as the text it is. */
export function readInline(text: string, dialect: Dialect): readonly Mark[] {
  const marks: Mark[] = [];
  // A sign without an end in a line has none further on in that line either: remembered, else hostile text costs n².
  const endless = new Set<string>();
  let plain = '';
  let index = 0;
  const push = (mark: Mark) => {
    if (plain !== '') marks.push({ kind: 'text', text: unescapeText(plain) });
    plain = '';
    marks.push(mark);
  };
  while (index < text.length) {
    const found = leaf(text, index, dialect);
    if (found !== undefined) {
      if (found.mark.kind === 'break') endless.clear();
      push(found.mark);
      index += found.length;
      continue;
    }
    const [sign, style] = dialect.styles.find(([each]) => text.startsWith(each, index)) ?? [];
    if (sign !== undefined && style !== undefined && !endless.has(sign) && opens(text, index, sign)) {
      const end = findEnd(text, index + sign.length, sign, dialect);
      if (end > 0) {
        push({ kind: style, children: readInline(text.slice(index + sign.length, end), dialect) });
        index = end + sign.length;
        continue;
      }
      endless.add(sign);
    }
    plain += text.slice(index, index + (sign?.length ?? 1));
    index += sign?.length ?? 1;
  }
  if (plain !== '') marks.push({ kind: 'text', text: unescapeText(plain) });
  return marks;
}
