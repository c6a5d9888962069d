import { type Html, html } from '../html.ts';
import type { Block } from './block.ts';
import { inline } from './inline.ts';

/** The table that begins at a line: a row, a row of dashes, and more rows; undefined when none begins there. */
export function tableAt(lines: readonly string[], at: number): Block | undefined {
  const head = lines[at] ?? '';
  const rule = lines[at + 1] ?? '';
  if (!head.includes('|') || !cells(rule).every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  const looks = cells(rule).map((cell) =>
    cell.endsWith(':') ? (cell.startsWith(':') ? 'centre' : 'right') : 'left',
  );
  const titles = cells(head);
  if (titles.length !== looks.length) return undefined;
  let end = at + 2;
  while ((lines[end] ?? '').trim() !== '' && (lines[end] ?? '').includes('|')) end += 1;
  const rows = lines.slice(at + 2, end).map(cells);
  const cell = (text: string, column: number): Html =>
    html`<td class="${looks[column]}">${inline(text)}</td>`;
  const row = (texts: readonly string[]): Html =>
    html`<tr>${titles.map((_title, column) => cell(texts[column] ?? '', column))}</tr>`;
  const shown = html`<div class="table"><table><thead><tr>${titles.map(
    (title, column) => html`<th class="${looks[column]}">${inline(title)}</th>`,
  )}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>`;
  return { shown, next: end };
}

/** The cells of a row; `\|` is a bar within one, also within code. */
function cells(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}
