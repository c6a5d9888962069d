import { type DiffLine, type Hunk, hunksOf, hunkTitle } from '../../history/hunks.ts';
import type { Changes, Commit } from '../../repository.ts';
import { type Html, html } from '../html.ts';

/** More lines than these of one file are not shown. */
const mostLines = 600;

const signs = { same: ' ', added: '+', removed: '−' } as const;

/** What changes between a commit and its next, file by file, as unified diffs that fold. */
export function diffPart(before: Commit | undefined, changes: Changes): Html {
  const files = Object.entries(changes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (files.length === 0) return html`<p class="empty">No file changes.</p>`;
  return html`<div class="changes">${files.map(([path, content], at) =>
    fileDiff(path, before?.files.get(path), content, at),
  )}</div>`;
}

function fileDiff(path: string, before: string | undefined, after: string | null, at: number): Html {
  const hunks = hunksOf(before ?? '', after ?? '');
  const count = (kind: DiffLine['kind']): number => hunks.flat().filter((line) => line.kind === kind).length;
  const what = before === undefined ? 'new' : after === null ? 'deleted' : '';
  const total = hunks.reduce((sum, hunk) => sum + hunk.length, 0);
  return html`<details class="file-${at}" open><summary><code>${path}</code>${what !== '' && html` <small>${what}</small>`}
  <span class="counts"><span class="plus">+${count('added')}</span> <span class="minus">−${count('removed')}</span></span></summary>
  <div class="diff">${total > mostLines ? html`<p class="empty">Too long to be shown: ${total} lines.</p>` : hunks.map(hunkPart)}</div></details>`;
}

function hunkPart(hunk: Hunk): Html {
  return html`<table><tbody><tr class="where"><td colspan="4">${hunkTitle(hunk)}</td></tr>${hunk.map(linePart)}</tbody></table>`;
}

function linePart({ kind, text, before, after }: DiffLine): Html {
  return html`<tr class="${kind}"><td class="number">${before}</td><td class="number">${after}</td><td class="sign">${signs[kind]}</td><td class="text">${text}</td></tr>`;
}
