import { backquoted } from './inline.ts';
import type { Passage } from './marks.ts';
import { type Language, readPassages } from './passages.ts';
import { safeUrl, unescapeText } from './reference.ts';

const language: Language = {
  markdown: true,
  code: backquoted,
  styles: [
    ['**', 'strong'],
    ['__', 'strong'],
    ['~~', 'strike'],
    ['*', 'emphasis'],
    ['_', 'emphasis'],
  ],
  reference: /\[([^[\]\n]+)\]\(([^()\s]+)\)/y,
  read: (found) => {
    const url = safeUrl(found[2] ?? '');
    return url === undefined ? undefined : { kind: 'link', url, label: unescapeText(found[1] ?? '') };
  },
};

/** Reads the part of Markdown that Slack's `markdown` block draws: headings, style, code, quotes, lists, links. */
export function readMarkdown(text: string): readonly Passage[] {
  return readPassages(text, language);
}
