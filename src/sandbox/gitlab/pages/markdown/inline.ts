import { type Html, html } from '../html.ts';

/** What one rule makes of the text it stands at, and how much of it that took. */
interface Read {
  readonly shown: Html;
  readonly length: number;
}

type Rule = readonly [pattern: RegExp, show: (match: RegExpExecArray) => Html | undefined];

// Every pattern is tried where it stands only, and looks no further than so many characters: a hostile text stays cheap.
const rules: readonly Rule[] = [
  [/\\([!-/:-@[-`{-~])/y, ([, mark]) => html`${mark}`],
  [/(?: {2,20}|\\)\n/y, () => html`<br>`],
  [/<!--.{0,500}?-->/sy, () => html``],
  [/<br ?\/?>/iy, () => html`<br>`],
  [/<(sub|sup|kbd)>(.{0,500}?)<\/\1>/isy, ([, tag = '', text = '']) => tagged(tag.toLowerCase(), text)],
  [/<(https?:\/\/[^\s<>]{1,500})>/y, ([, url = '']) => link(url, html`${url}`)],
  [
    /\[((?:[^[\]\\`]|\\.|`[^`]{0,500}`){1,1000})\]\(([^()\s<>]{1,1000})(?: "[^"]{0,200}")?\)/y,
    ([, text = '', url = '']) => link(url, inline(text)),
  ],
  [/https?:\/\/[^\s<>()[\]"'`]{0,500}[^\s<>()[\]"'`.,:;!?*_~]/y, ([url]) => link(url, html`${url}`)],
  [/\*\*(?=\S)(.{0,500}?[^\s])\*\*(?!\*)/sy, ([, text = '']) => html`<strong>${inline(text)}</strong>`],
  [/__(?=\S)(.{0,500}?[^\s])__(?!\w)/sy, ([, text = '']) => html`<strong>${inline(text)}</strong>`],
  [/~~(?=\S)(.{0,500}?[^\s])~~/sy, ([, text = '']) => html`<del>${inline(text)}</del>`],
  [/\*(?=[^\s*])([^*]{0,500}?[^\s*])\*(?!\*)/y, ([, text = '']) => html`<em>${inline(text)}</em>`],
  [/_(?=[^\s_])([^_]{0,500}?[^\s_])_(?!\w)/y, ([, text = '']) => html`<em>${inline(text)}</em>`],
  [/&(?:lt|gt|amp|quot|nbsp|#\d{1,6});/y, ([entity]) => html`${character(entity)}`],
  [/([✅❌⚠➕➖⚖])\uFE0F?/y, ([, sign = '']) => drawn[sign]],
  [/:([a-z0-9_+-]{1,40}):/y, ([, name = '']) => shortcode(name)],
];

/** Signs of a review, drawn by the style sheet: not every system has a font for them. */
const drawn: Readonly<Record<string, Html>> = {
  '✅': html`<span class="sign yes" role="img" aria-label="passed">✓</span>`,
  '❌': html`<span class="sign no" role="img" aria-label="failed">✕</span>`,
  '⚠': html`<span class="sign care" role="img" aria-label="warning">!</span>`,
  '➕': html`<span class="sign care" role="img" aria-label="gained">+</span>`,
  '➖': html`<span class="sign no" role="img" aria-label="lost">−</span>`,
  '⚖': html`<span class="sign yes" role="img" aria-label="weighed">=</span>`,
};

/** The signs by the names that GitLab knows them by. */
const names: Readonly<Record<string, string>> = { white_check_mark: '✅', x: '❌', warning: '⚠' };

function shortcode(name: string): Html | undefined {
  return Object.hasOwn(names, name) ? drawn[names[name] ?? ''] : undefined;
}

/** Where something may begin that is not plain text. */
const special = /[\\`<[*_~&:h\n ✅❌⚠➕➖⚖]/g;

/** One run of Markdown text as markup: everything that is not known to be harmless is shown as it was written. */
export function inline(text: string): Html {
  const parts: Html[] = [];
  let plain = 0;
  let at = 0;
  const flush = (): void => {
    if (at > plain) parts.push(html`${text.slice(plain, at)}`);
  };
  while (at < text.length) {
    special.lastIndex = at;
    at = special.exec(text)?.index ?? text.length;
    const read = at < text.length ? readAt(text, at) : undefined;
    if (read) {
      flush();
      parts.push(read.shown);
      plain = at + read.length;
    }
    at += read?.length ?? (text[at] === '`' ? backticks(text, at) : 1);
  }
  at = text.length;
  flush();
  return html`${parts}`;
}

function readAt(text: string, at: number): Read | undefined {
  if (text[at] === '`') return codeAt(text, at);
  // Within a word an underscore is just an underscore, and an address does not begin.
  if ((text[at] === '_' || text[at] === 'h') && /\w/.test(text[at - 1] ?? ' ')) return undefined;
  for (const [pattern, show] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const shown = match ? show(match) : undefined;
    if (match && shown) return { shown, length: match[0].length };
  }
  return undefined;
}

function backticks(text: string, at: number): number {
  let end = at;
  while (text[end] === '`') end += 1;
  return end - at;
}

/** A code span ends at as many backticks as it began with (https://spec.commonmark.org/0.31.2/#code-spans). */
function codeAt(text: string, at: number): Read | undefined {
  const fence = backticks(text, at);
  for (let end = at + fence; ; ) {
    end = text.indexOf('`', end);
    if (end === -1) return undefined;
    const length = backticks(text, end);
    if (length === fence) {
      const inner = text.slice(at + fence, end).replaceAll('\n', ' ');
      const trimmed = /^ .* $/.test(inner) && inner.trim() !== '' ? inner.slice(1, -1) : inner;
      return { shown: html`<code>${trimmed}</code>`, length: end + length - at };
    }
    end += length;
  }
}

function tagged(tag: string, text: string): Html {
  if (tag === 'sub') return html`<sub>${inline(text)}</sub>`;
  return tag === 'sup' ? html`<sup>${inline(text)}</sup>` : html`<kbd>${inline(text)}</kbd>`;
}

/** Only addresses of the web and of this server become links; others are shown as text. */
function link(url: string, text: Html): Html | undefined {
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url);
  const isHere = /^(?:#|\/(?![/\\]))[^\\]*$/.test(url);
  return isWeb || isHere ? html`<a href="${url}" rel="nofollow noopener">${text}</a>` : undefined;
}

function character(entity: string): string {
  const named: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&amp;': '&',
    '&quot;': '"',
    '&nbsp;': ' ',
  };
  const code = Number(entity.match(/^&#(\d+);$/)?.[1] ?? 0xfffd);
  const isText = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return named[entity] ?? String.fromCodePoint(isText ? code : 0xfffd);
}
