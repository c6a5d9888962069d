import type { Line, Span } from '../../core/reply.ts';
import { begun, cut, fit } from './cut.ts';
import { limits } from './limits.ts';

/**
 * Slack has no escape for `*`, `_`, `~`, backtick and `:emoji:`, and how its parser treats invisible characters is not written down.
 * So where such a mark could be obeyed, a look-alike that means nothing to Slack stands in its place.
 */
const lookAlikes: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ', ':': '∶' };
const lookAlike = (mark: string): string => lookAlikes[mark] ?? mark;

/** The three characters that Slack reads as markup: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Without control characters, without characters that turn the reading direction, without half characters. Line breaks and tabs stay. */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Cs}/gu, '\ufffd');

const oneLine = (text: string): string => visible(text).replace(/[\n\t]+/g, ' ');

// Between two ASCII letters or digits Slack leaves a mark alone, so `deploy_prod` stays what it is and can be copied.
const couldStyle = /(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|`/g;
// `12:30:45` is a time of day, not an emoji.
const couldBeEmoji = /(?<![0-9]):(?=[\w+'-]+:)|:(?=[0-9]*[A-Za-z_+'-][\w+'-]*:)/g;
const couldQuote = /^(\s*)>/;

const defused = (text: string): string =>
  text.replace(couldStyle, lookAlike).replace(couldBeEmoji, lookAlike).replace(couldQuote, '$1›');

/** Words that are only shown, whatever markup they hold. */
export const words = (text: string, room: number): string =>
  fit(defused(oneLine(begun(text, room))), room, escaped);

/** Words in a code span; backticks become look-alikes, everything else is inert there. */
export function codeSpan(text: string, room: number): string {
  const inner = fit(oneLine(begun(text, room)).trim().replaceAll('`', lookAlike('`')), room - 2, escaped);
  return inner === '' ? '' : `\`${inner}\``;
}

/** Lines with fixed width for the inside of a fence: a run of backticks that could close it becomes look-alikes. `write` must escape. */
export function fencedLines(text: string, write: (line: string) => string): readonly string[] {
  const lines = visible(text)
    .replace(/`{3,}/g, (run) => lookAlike('`').repeat(run.length))
    .split('\n');
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, Math.max(0, last) + 1).map(write);
}

/** A URL that people may be sent to, safe inside `<…|…>`; undefined for anything but http(s) within Slack's length. */
export function safeUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const safe = href.replace(/[|<>`]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return safe.length <= limits.url ? safe : undefined;
}

/** A link with its own words; only the words when the URL is none. */
export function link(url: string, label: string, room: number): string {
  const target = safeUrl(url)?.replaceAll('&', '&amp;');
  const plain = oneLine(begun(label, room)).replaceAll('|', '¦');
  if (target === undefined || target.length + 8 > room) return words(label, room);
  return `<${target}|${words(plain, room - target.length - 3) || 'link'}>`;
}

function mention(account: string, name: string, room: number): string {
  const id = /^slack:[^/]+\/([UW][A-Z0-9]{1,30})$/.exec(account)?.[1];
  return id === undefined || id.length + 3 > room ? words(name, room) : `<@${id}>`;
}

function channelLink(channel: string, name: string, room: number): string {
  const id = /^slack:[^/]+\/([CGD][A-Z0-9]{1,30})$/.exec(channel)?.[1];
  return id === undefined || id.length + 3 > room ? words(name, room) : `<#${id}>`;
}

const endOfDates = Date.UTC(10_000, 0);

/** `2026-11-21 08:30 UTC`, for who cannot have it in the own time zone. */
export const utc = (moment: number): string => {
  const known = moment >= 0 && moment < endOfDates;
  return known ? `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'an unknown time';
};

function localMoment(moment: number, room: number): string {
  const token = `<!date^${Math.floor(moment / 1000)}^{date_short_pretty}, {time}|${utc(moment)}>`;
  return token.length <= room && moment >= 0 && moment < endOfDates ? token : words(utc(moment), room);
}

const wrapped = (mark: string, inner: string): string => {
  const core = inner.trim();
  if (core === '') return inner;
  const start = inner.indexOf(core);
  return `${inner.slice(0, start)}${mark}${core}${mark}${inner.slice(start + core.length)}`;
};

function written(span: Span, room: number, strong: boolean): string {
  if ('link' in span) return link(span.link, span.text, room);
  if ('account' in span) return mention(span.account, span.name, room);
  if ('channel' in span) return channelLink(span.channel, span.name, room);
  if ('moment' in span) return localMoment(span.moment, room);
  if (span.style === 'code') return codeSpan(span.text, room);
  if (span.style === 'strong' || (strong && span.style !== 'quiet')) {
    return wrapped('*', words(span.text.replaceAll('*', lookAlike('*')), room - 2));
  }
  return words(span.text, room);
}

const zeroWidthSpace = '\u200b';
const wordEdge = /[\p{L}\p{N}]/u;

// Slack obeys our own marks only next to a blank or punctuation. Where bold meets bold it is one: no other `*` stands at an edge.
function joined(left: string, right: string): string {
  if (left.endsWith('*') && right.startsWith('*')) return left.slice(0, -1) + right.slice(1);
  const last = left.at(-1) ?? ' ';
  const first = right.at(0) ?? ' ';
  const touching = (/[*`]/.test(last) && wordEdge.test(first)) || (wordEdge.test(last) && /[*`]/.test(first));
  return touching ? left + zeroWidthSpace + right : left + right;
}

/** One line in Slack's mrkdwn, at most `room` UTF-16 units; with `strong` plain words are bold. */
export function lineOf(line: Line, room: number, strong = false): string {
  return line.reduce((text, span) => {
    const left = room - text.length - 1;
    return left < 8 ? text : joined(text, written(span, left, strong));
  }, '');
}

/** One line as plain words: for notifications, screen readers and where blocks are refused. Markup in it is defused too. */
export const plainLine = (line: Line, room: number): string => words(line.map(bare).join(''), room);

function bare(span: Span): string {
  if ('account' in span || 'channel' in span) return span.name;
  if ('moment' in span) return utc(span.moment);
  return cut(span.text, limits.text);
}
