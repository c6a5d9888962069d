import { type Html, html } from '../html.ts';
import type { Block, Inner } from './block.ts';
import { inline } from './inline.ts';

const marker = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)(.*)$/;

/** The list that begins at a line: items with what is indented below them; undefined when none begins there. */
export function listAt(lines: readonly string[], at: number, inner: Inner): Block | undefined {
  const first = lines[at]?.match(marker);
  if (!first) return undefined;
  const isOrdered = /\d/.test(first[2] ?? '');
  const items: Html[] = [];
  let next = at;
  for (let item = first; item; ) {
    const width = (item[1] ?? '').length + (item[2] ?? '').length + 1;
    const end = itemEnd(lines, next + 1);
    items.push(
      shownItem([item[4] ?? '', ...lines.slice(next + 1, end).map((line) => dedented(line, width))], inner),
    );
    next = end;
    const following = lines[skipBlank(lines, end)]?.match(marker);
    if (!following || /\d/.test(following[2] ?? '') !== isOrdered) break;
    next = skipBlank(lines, end);
    item = following;
  }
  return { shown: isOrdered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`, next };
}

function itemEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (line.trim() === '') {
      const next = skipBlank(lines, end);
      if (indent(lines[next] ?? '') < 2) break;
      end = next;
    } else if (indent(line) < 2 && !goesOn(line, lines[end - 1] ?? '')) break;
    else end += 1;
  }
  return end;
}

/** A line without indentation that still belongs to an item's last paragraph. */
function goesOn(line: string, above: string): boolean {
  return above.trim() !== '' && !marker.test(line) && !/^ *(?:[#>|<]|`{3})/.test(line);
}

function skipBlank(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && (lines[at] ?? '').trim() === '') at += 1;
  return at;
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function dedented(line: string, width: number): string {
  return line.slice(Math.min(indent(line), width));
}

function shownItem(lines: readonly string[], inner: Inner): Html {
  const [, box, rest] = lines[0]?.match(/^\[([ xX])\] +(.*)$/) ?? [];
  const sign = box === undefined ? '' : box === ' ' ? '☐ ' : '☑ ';
  const own = [`${rest ?? lines[0] ?? ''}`, ...lines.slice(1)];
  const end = own.findIndex(
    (line, at) => line.trim() === '' || (at > 0 && /^ *(?:[-*+]|\d{1,9}[.)]) |^ *(?:`{3}|\||>|<)/.test(line)),
  );
  const head = own.slice(0, end === -1 ? own.length : end);
  const tail = end === -1 ? [] : own.slice(end);
  return html`<li>${sign}${inline(head.join('\n'))}${inner(tail)}</li>`;
}
