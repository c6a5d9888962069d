import { type Block, contextBlock } from './blocks.ts';
import { ellipsis } from './cut.ts';
import { limits } from './limits.ts';

/** Something to draw that can make itself smaller. Lower ranks get their room first. */
export interface Draft {
  readonly rank: number;
  /** Blocks with about `room` characters of text. */
  draw(room: number): readonly Block[];
}

const sizes = [9000, 6000, 4000, 2900, 1900, 1200, 800, 500, 300, 150];
const leftOut = contextBlock(`${ellipsis} there is more than fits into a message`);

/** Puts the drafts, in their order, into at most `room` characters of JSON and Slack's number of blocks; says so when something is left out. */
export function packed(drafts: readonly Draft[], room: number): readonly Block[] {
  const drawn = new Map<Draft, readonly Block[]>();
  const left = { room: room - JSON.stringify(leftOut).length - 2, blocks: limits.blocks - 1 };
  const ranked = [...drafts].sort((a, b) => a.rank - b.rank);
  let complete = true;
  for (const draft of ranked) {
    const blocks = largest(draft, left);
    complete &&= blocks !== undefined;
    drawn.set(draft, blocks ?? []);
    left.room -= weight(blocks ?? []);
    left.blocks -= blocks?.length ?? 0;
  }
  const shown = drafts.flatMap((draft) => drawn.get(draft) ?? []);
  return complete ? shown : [...shown, leftOut];
}

const weight = (blocks: readonly Block[]): number => JSON.stringify(blocks).length;

function largest(
  draft: Draft,
  left: { readonly room: number; readonly blocks: number },
): readonly Block[] | undefined {
  const fitting = new Set(sizes.map((size) => Math.min(size, left.room)).filter((size) => size >= 100));
  for (const size of fitting) {
    const blocks = draft.draw(size);
    if (weight(blocks) <= left.room && blocks.length <= left.blocks) return blocks;
  }
  return undefined;
}
