import type { Line, Part } from '../../core/reply.ts';
import { fit, linesThatFit, moreLines } from './cut.ts';
import { limits, taste } from './limits.ts';
import { escaped, fencedLines, lineOf, words } from './mrkdwn.ts';
import type { ButtonElement } from './row.ts';

/** Slack's `mrkdwn` text. `verbatim` keeps Slack from making links and mentions out of bare words. */
export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

/** The blocks that replies are made of: https://docs.slack.dev/reference/block-kit/blocks */
export type Block =
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] }
  | { readonly type: 'actions'; readonly block_id?: string; readonly elements: readonly ButtonElement[] };

type Fields = Extract<Part, { part: 'fields' }>['fields'];

/** Text in Slack's markup, shown as it is written here. */
export const mrkdwn = (text: string): Mrkdwn => ({ type: 'mrkdwn', text, verbatim: true });
/** A paragraph. */
export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) });
/** Small print. */
export const contextBlock = (text: string): Block => ({ type: 'context', elements: [mrkdwn(text)] });

/** Lines of mrkdwn that fit into `room`, in as few sections as Slack's limit allows, and how many were left out. */
export function sectionsOf(lines: readonly string[], room: number): readonly Block[] {
  const { kept, left } = linesThatFit(lines, room, 'first');
  const told = left === 0 ? kept : [...kept, `_${moreLines(left)}_`];
  return chunks(told, limits.sectionText).map((chunk) => section(chunk.join('\n')));
}

/** A part's lines in mrkdwn. */
export const linesOf = (lines: readonly Line[], room: number): readonly string[] =>
  lines.map((line) => lineOf(line, Math.min(room, limits.sectionText)));

const fence = '```';
const fenceRoom = 2 * fence.length + 2;

/** Text of fixed width; a long one goes over several fences. `keep` says which end matters. */
export function fences(text: string, room: number, keep: 'first' | 'last'): readonly string[] {
  const most = Math.min(room, limits.sectionText) - fenceRoom;
  const lines = fencedLines(text, (line) => fit(line, most, escaped));
  const { kept, left } = linesThatFit(lines, room - fenceRoom, keep);
  if (kept.every((line) => line.trim() === '')) return [];
  const note = left === 0 ? [] : [moreLines(left)];
  const told = keep === 'first' ? [...kept, ...note] : [...note, ...kept];
  return chunks(told, limits.sectionText - fenceRoom).map(
    (chunk) => `${fence}\n${chunk.join('\n')}\n${fence}`,
  );
}

/** Names and values in two columns. */
export function fieldBlocks(fields: Fields, room: number): readonly Block[] {
  const shown = fields.slice(0, taste.fields);
  const each = Math.min(limits.fieldText, Math.floor(room / Math.max(1, shown.length)));
  const texts = shown.map(({ name, value }) => {
    const title = words(name, 60).replaceAll('*', '∗') || '–';
    return mrkdwn(`*${title}*\n${lineOf(value, each - title.length - 3) || '–'}`);
  });
  const left = fields.length - shown.length;
  const rows = Math.ceil(texts.length / limits.fields);
  return [
    ...Array.from({ length: rows }, (_, row): Block => {
      return { type: 'section', fields: texts.slice(row * limits.fields, (row + 1) * limits.fields) };
    }),
    ...(left === 0 ? [] : [contextBlock(moreLines(left))]),
  ];
}

function chunks(lines: readonly string[], room: number): readonly (readonly string[])[] {
  const result: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    if (length + line.length + 1 > room) {
      result.push([]);
      length = 0;
    }
    result.at(-1)?.push(line);
    length += line.length + 1;
  }
  return result.filter((chunk) => chunk.some((line) => line !== ''));
}
