import type { Line, Part, Reply } from '../../core/reply.ts';
import { type Block, contextBlock, fences, fieldBlocks, linesOf, section, sectionsOf } from './blocks.ts';
import { begun, cut, ellipsis, linesThatFit } from './cut.ts';
import { toneGlyph } from './glyphs.ts';
import { limits, taste } from './limits.ts';
import { lineOf, link, plainLine, visible } from './mrkdwn.ts';
import { packed } from './pack.ts';
import { rowOf } from './row.ts';
import { stageLines } from './stages.ts';

/** A message as Slack takes it: as the answer to a command, at a response_url, or (without `response_type`) by the Web API. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly response_type: 'ephemeral' | 'in_channel';
}

/** What is drawn together: a part, or neighbouring links and buttons as one row. The title is drawn with the lines below it. */
type Piece =
  | Exclude<Part, { part: 'links' | 'buttons' }>
  | RowPiece
  | { readonly part: 'head'; readonly lines: readonly Line[] };
interface RowPiece {
  readonly part: 'row';
  readonly links: Extract<Part, { part: 'links' }>['links'];
  readonly buttons: Extract<Part, { part: 'buttons' }>['buttons'];
}

/** When room is short, what is drawn first. */
const importance: readonly Piece['part'][] = ['head', 'row', 'footer', 'stages', 'fields', 'code', 'lines'];

/** Turns a reply into a Slack message within all of Slack's limits. */
export function renderSlack(reply: Reply): SlackMessage {
  const text = notification(reply);
  const all = pieces(reply);
  const rows: readonly Piece[] = all.filter((piece) => piece.part === 'row');
  const drafts = all.map((piece) => ({
    rank: importance.indexOf(piece.part),
    draw: (room: number) => withRowId(blocksOf(piece, reply, room), rows.indexOf(piece)),
  }));
  return {
    text,
    blocks: packed(drafts, limits.message - JSON.stringify(text).length - 100),
    response_type: reply.audience === 'channel' ? 'in_channel' : 'ephemeral',
  };
}

// A row of buttons keeps its id over all edits: a press on the message as it was a moment ago still counts.
const withRowId = (blocks: readonly Block[], at: number): readonly Block[] =>
  blocks.map((block) => (block.type === 'actions' ? { ...block, block_id: `chatops.row.${at}` } : block));

function pieces({ parts }: Reply): readonly Piece[] {
  const [first, ...others] = parts;
  const below = first?.part === 'lines' ? first.lines : [];
  const rest = first === undefined || first.part === 'lines' ? others : parts;
  return rest.reduce<readonly Piece[]>(withPart, [{ part: 'head', lines: below }]);
}

function withPart(before: readonly Piece[], part: Part): readonly Piece[] {
  if (part.part !== 'links' && part.part !== 'buttons') return [...before, part];
  const last = before.at(-1);
  const row: RowPiece = last?.part === 'row' ? last : { part: 'row', links: [], buttons: [] };
  const links = part.part === 'links' ? [...row.links, ...part.links] : row.links;
  const buttons = part.part === 'buttons' ? [...row.buttons, ...part.buttons] : row.buttons;
  return [...(last?.part === 'row' ? before.slice(0, -1) : before), { part: 'row', links, buttons }];
}

function blocksOf(piece: Piece, reply: Reply, room: number): readonly Block[] {
  switch (piece.part) {
    case 'head':
      return sectionsOf([headline(reply, room), ...linesOf(piece.lines, room)], room);
    case 'lines':
      return sectionsOf(linesOf(piece.lines, room), room);
    case 'code':
      return fences(piece.text, room, endThatMatters(reply)).map(section);
    case 'fields':
      return fieldBlocks(piece.fields, room);
    case 'stages':
      return sectionsOf(stageLines(piece.stages, Math.min(room, limits.sectionText)), room);
    case 'row':
      return actions(piece, reply, room);
    case 'footer':
      return footer(piece.line, room);
  }
}

const headline = (reply: Reply, room: number): string =>
  `${toneGlyph[reply.tone]} ${lineOf(reply.title, Math.min(room, limits.sectionText) - 4, true)}`;

// The cause of a failure stands at the end of a log; any other text is read from its beginning.
const endThatMatters = ({ tone }: Reply): 'first' | 'last' =>
  tone === 'bad' || tone === 'warned' ? 'last' : 'first';

function actions(row: RowPiece, { tone }: Reply, room: number): readonly Block[] {
  const calling = tone === 'waiting' && row.buttons.every((button) => button.tone !== 'primary');
  const all = rowOf(row.links, row.buttons, calling);
  const elements = all.filter((_, at) => JSON.stringify(all.slice(0, at + 1)).length <= room);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function footer(line: Line, room: number): readonly Block[] {
  const text = lineOf(line, Math.min(room, limits.contextText));
  return text.trim() === '' ? [] : [contextBlock(text)];
}

/** Lines of a log or of a typed line that a notification holds. */
const gistLines = 3;

/** What of a part is worth hearing in a notification. */
function gist(part: Part, reply: Reply): readonly string[] {
  if (part.part === 'links') return part.links.slice(0, 1).map(({ url, label }) => link(url, label, 600));
  if (part.part !== 'code') return [];
  const last = endThatMatters(reply) === 'last';
  const near = last ? part.text.slice(-4000) : begun(part.text, 4000);
  const all = visible(near)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const some = last ? all.slice(-gistLines) : all.slice(0, gistLines);
  return some.map((text) => plainLine([{ text }], 200));
}

/** What a notification and a screen reader say: the verdict, then the first lines, what came out, and where to look. */
function notification(reply: Reply): string {
  const first = reply.parts.find((part) => part.part === 'lines');
  const lines = [reply.title, ...(first?.lines ?? [])].map((line) => plainLine(line, 300));
  const { kept } = linesThatFit(
    [
      `${toneGlyph[reply.tone]} ${lines[0] ?? ''}`,
      ...lines.slice(1),
      ...reply.parts.flatMap((part) => gist(part, reply)),
    ],
    taste.notification,
    'first',
  );
  return kept.join('\n').trim();
}

/** The whole reply as text alone, for when Slack refuses the blocks. */
export function renderPlain(reply: Reply): SlackMessage {
  const room = limits.text - 200;
  const lines = [headline(reply, 600), ...reply.parts.flatMap((part) => textOf(part, reply))];
  const { kept, left } = linesThatFit(lines, room, 'first');
  const text = [...kept, ...(left === 0 ? [] : [ellipsis])].join('\n');
  return { text, blocks: [], response_type: reply.audience === 'channel' ? 'in_channel' : 'ephemeral' };
}

function textOf(part: Part, reply: Reply): readonly string[] {
  switch (part.part) {
    case 'lines':
      return linesOf(part.lines, 1000);
    case 'code':
      return fences(part.text, 2000, endThatMatters(reply));
    case 'fields':
      return part.fields.map(({ name, value }) => lineOf([{ text: `${cut(name, 60)}: ` }, ...value], 500));
    case 'stages':
      return stageLines(part.stages, 1500);
    case 'links':
      return part.links.map(({ label, url }) => lineOf([{ link: url, text: label }], 1000));
    case 'buttons':
      return [];
    case 'footer':
      return [lineOf(part.line, 500)];
  }
}
