import { type Dialect, readInline } from './inline.ts';
import type { Passage } from './marks.ts';
import { unescapeText } from './reference.ts';

type LineKind = 'paragraph' | 'quote' | 'bullet' | 'number' | 'heading';

const kinds: readonly (readonly [LineKind, RegExp])[] = [
  ['quote', /^(?:>|&gt;) ?(.*)$/],
  ['bullet', /^\s{0,4}[•◦-] +(.*)$/],
  ['number', /^\s{0,4}\d{1,3}\. +(.*)$/],
];
const heading: readonly [LineKind, RegExp] = ['heading', /^(#{1,6} +.*)$/];
const star: readonly [LineKind, RegExp] = ['bullet', /^\s{0,4}[*+] +(.*)$/];

/** How a whole text of one language is read. */
export interface Language extends Dialect {
  /** Markdown has `#` headings and `*` bullets, mrkdwn has neither. */
  readonly markdown: boolean;
}

function lineKind(line: string, markdown: boolean): { kind: LineKind; rest: string } {
  for (const [kind, pattern] of markdown ? [...kinds, heading, star] : kinds) {
    const found = pattern.exec(line);
    if (found !== null) return { kind, rest: found[1] ?? '' };
  }
  return { kind: 'paragraph', rest: line };
}

function passage(kind: LineKind, lines: readonly string[], language: Language): Passage {
  if (kind === 'quote') {
    const inner = lines.join('\n');
    return { kind, children: [{ kind: 'paragraph', children: readInline(inner, language) }] };
  }
  if (kind === 'bullet' || kind === 'number') {
    return {
      kind: 'list',
      ordered: kind === 'number',
      items: lines.map((line) => readInline(line, language)),
    };
  }
  if (kind === 'heading') {
    const text = lines.join(' ');
    const level = /^#+/.exec(text)?.[0].length ?? 1;
    return { kind, level, children: readInline(text.slice(level).trim(), language) };
  }
  return { kind, children: readInline(lines.join('\n').replace(/^\n+|\n+$/g, ''), language) };
}

function readLines(text: string, language: Language): readonly Passage[] {
  const groups: { kind: LineKind; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const { kind, rest } = lineKind(line, language.markdown);
    const last = groups.at(-1);
    if (last?.kind === kind && kind !== 'heading') last.lines.push(rest);
    else groups.push({ kind, lines: [rest] });
  }
  return groups
    .filter(({ kind, lines }) => kind !== 'paragraph' || lines.some((line) => line.trim() !== ''))
    .map(({ kind, lines }) => passage(kind, lines, language));
}

/** Reads a whole text: first what is fenced by three backquotes, then quotes, lists and paragraphs between. */
export function readPassages(text: string, language: Language): readonly Passage[] {
  const pieces = text.replace(/\r\n?/g, '\n').split('```');
  // An odd number of fences: the last one fences nothing.
  if (pieces.length % 2 === 0) pieces.push(`${pieces.splice(-2).join('```')}`);
  return pieces.flatMap((piece, index) => {
    if (index % 2 === 0) return readLines(piece, language);
    const body = language.markdown ? piece.replace(/^[\w-]*\n/, '\n') : piece;
    return [{ kind: 'preformatted' as const, text: unescapeText(body.replace(/^\n|\n$/g, '')) }];
  });
}
