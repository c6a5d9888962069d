import { type Html, html } from '../html.ts';
import type { Block, Inner } from './block.ts';
import { inline } from './inline.ts';
import { listAt } from './list.ts';
import { tableAt } from './table.ts';

/** Longer texts are shown as they are. */
const mostCharacters = 60_000;
/** What is nested deeper than this is shown as plain paragraphs. */
const mostNested = 8;

/**
 * Markdown as GitLab's notes use it, as markup that cannot harm: headings, lists, tables, code, quotes, `<details>`.
 * `name` is a word that no other text of the page has: it begins the class of each `<details>`.
 */
export function markdown(text: string, name: string): Html {
  if (text.length > mostCharacters) return html`<pre>${text.slice(0, mostCharacters)}…</pre>`;
  let folds = 0;
  const fold = (): string => {
    folds += 1;
    return `${name}-${folds}`;
  };
  return html`<div class="prose">${blocks(text.split(/\r?\n/), { fold, depth: 0 })}</div>`;
}

/** How deep a block stands, and a fresh class for something that folds. */
interface Nesting {
  readonly fold: () => string;
  readonly depth: number;
}

function blocks(lines: readonly string[], nesting: Nesting): readonly Html[] {
  const shown: Html[] = [];
  for (let at = 0; at < lines.length; ) {
    const block = blockAt(lines, at, nesting);
    if (block) shown.push(block.shown);
    at = block?.next ?? at + 1;
  }
  return shown;
}

function blockAt(lines: readonly string[], at: number, nesting: Nesting): Block | undefined {
  const line = lines[at] ?? '';
  if (line.trim() === '') return undefined;
  const inner: Inner = (within) => blocks(within, { ...nesting, depth: nesting.depth + 1 });
  if (nesting.depth > mostNested) return paragraphAt(lines, at);
  return (
    commentAt(lines, at) ??
    fenceAt(lines, at) ??
    headingAt(line, at) ??
    (/^ {0,3}([-*_])(?: *\1){2,} *$/.test(line) ? { shown: html`<hr>`, next: at + 1 } : undefined) ??
    detailsAt(lines, at, nesting.fold, inner) ??
    quoteAt(lines, at, inner) ??
    tableAt(lines, at) ??
    listAt(lines, at, inner) ??
    paragraphAt(lines, at)
  );
}

function commentAt(lines: readonly string[], at: number): Block | undefined {
  if (!/^ {0,3}<!--/.test(lines[at] ?? '')) return undefined;
  return { shown: html``, next: indexFrom(lines, at, (line) => line.includes('-->')) + 1 };
}

/** The first line from here on that is such a one; the end when none is. */
function indexFrom(lines: readonly string[], from: number, isIt: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !isIt(lines[at] ?? '')) at += 1;
  return at;
}

function fenceAt(lines: readonly string[], at: number): Block | undefined {
  const fence = (lines[at] ?? '').match(/^ {0,3}(`{3,}|~{3,})([^`]*)$/)?.[1];
  if (fence === undefined) return undefined;
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},} *$`);
  const end = indexFrom(lines, at + 1, (line) => closing.test(line));
  return { shown: html`<pre><code>${lines.slice(at + 1, end).join('\n')}</code></pre>`, next: end + 1 };
}

function headingAt(line: string, at: number): Block | undefined {
  const match = line.trim().match(/^(#{1,6}) (.*)$/);
  if (!match || /^ {4}/.test(line)) return undefined;
  const text = inline((match[2] ?? '').replace(/ #+$/, '').trim());
  const rank = match[1]?.length ?? 1;
  // The page has an h1 of its own.
  if (rank <= 2) return { shown: html`<h2>${text}</h2>`, next: at + 1 };
  return { shown: rank === 3 ? html`<h3>${text}</h3>` : html`<h4>${text}</h4>`, next: at + 1 };
}

function detailsAt(
  lines: readonly string[],
  at: number,
  fold: () => string,
  inner: Inner,
): Block | undefined {
  const opening = (lines[at] ?? '').match(/^ {0,3}<details( open)?> *(.*)$/i);
  if (!opening) return undefined;
  let depth = 0;
  let end = lines.length;
  for (let index = at; index < lines.length; index += 1) {
    if (/^ {0,3}<details/i.test(lines[index] ?? '')) depth += 1;
    if (/<\/details>/i.test(lines[index] ?? '')) depth -= 1;
    if (depth > 0) continue;
    end = index;
    break;
  }
  const last = (lines[end] ?? '').replace(/<\/details>.*$/i, '');
  const body =
    end === at
      ? [opening[2]?.replace(/<\/details>.*$/i, '') ?? '']
      : [opening[2] ?? '', ...lines.slice(at + 1, end), last];
  const { summary, rest } = withoutSummary(body);
  const isOpen = opening[1] !== undefined;
  const shown = html`<details class="${fold()}"${isOpen && html` open`}><summary>${inline(summary)}</summary>${inner(rest)}</details>`;
  return { shown, next: end + 1 };
}

function withoutSummary(lines: readonly string[]) {
  for (const [at, line] of lines.entries()) {
    const start = line.indexOf('<summary>');
    const end = line.indexOf('</summary>', start);
    if (start === -1 || end === -1) continue;
    const around = [line.slice(0, start), line.slice(end + '</summary>'.length)];
    const rest = [...lines.slice(0, at), ...around, ...lines.slice(at + 1)];
    return { summary: line.slice(start + '<summary>'.length, end), rest };
  }
  return { summary: 'Details', rest: lines };
}

function quoteAt(lines: readonly string[], at: number, inner: Inner): Block | undefined {
  let end = at;
  while (/^ {0,3}>/.test(lines[end] ?? '')) end += 1;
  if (end === at) return undefined;
  const quoted = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
  return { shown: html`<blockquote>${inner(quoted)}</blockquote>`, next: end };
}

/** What ends a paragraph without an empty line. */
const begins = /^ {0,3}(?:#{1,6} |>|`{3,}|~{3,}|[-*+] |1[.)] |<\/?details|<!--)/i;

function paragraphAt(lines: readonly string[], at: number): Block {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !begins.test(lines[end] ?? '')) end += 1;
  const text = lines.slice(at, end).map((line) => line.replace(/^ +/, ''));
  return { shown: html`<p>${inline(text.join('\n').trimEnd())}</p>`, next: end };
}
