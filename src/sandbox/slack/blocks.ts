import { accessory, anyText, control, noteElement, plainText } from './elements.ts';
import { limits } from './limits.ts';
import { all, byType, type Check, flag, isRecord, list, object, string } from './shape.ts';
import type { Block } from './types.ts';

/** Blocks that Slack would take, or every reason why it would refuse them. */
export type CheckedBlocks =
  | { readonly ok: true; readonly blocks: readonly Block[] }
  | { readonly ok: false; readonly error: 'invalid_blocks'; readonly messages: readonly string[] };

const type = string(50);
const block_id = string(limits.identifier);

const textOrFields: Check = (value, at, fault) => {
  if (isRecord(value) && value.text === undefined && value.fields === undefined) {
    fault('missing required field: text or fields', at);
  }
};

const distinctActions: Check = (value, at, fault) => {
  const elements = isRecord(value) && Array.isArray(value.elements) ? value.elements : [];
  const ids = elements.flatMap((each) =>
    isRecord(each) && each.action_id !== undefined ? [each.action_id] : [],
  );
  if (new Set(ids).size < ids.length) fault('`action_id` must be unique within its block', at);
};

const richTextPart = object(
  { type, elements: list(() => {}, 0, 1000) },
  { style: string(20), indent: () => {}, border: () => {}, offset: () => {}, language: string(50) },
);

/** The blocks of a message that this Slack knows; any other type is refused. */
const block: Check = byType({
  section: all(
    object(
      { type },
      {
        block_id,
        text: anyText(limits.sectionText),
        fields: list(anyText(limits.sectionField), 1, limits.sectionFields),
        accessory,
        expand: flag,
      },
    ),
    textOrFields,
  ),
  divider: object({ type }, { block_id }),
  header: object({ type, text: plainText(limits.header) }, { block_id }),
  context: object({ type, elements: list(noteElement, 1, limits.noteElements) }, { block_id }),
  actions: all(
    object({ type, elements: list(control, 1, limits.actionsElements) }, { block_id }),
    distinctActions,
  ),
  markdown: object({ type, text: string(limits.markdown) }, { block_id }),
  rich_text: object(
    {
      type,
      elements: list(
        byType({
          rich_text_section: richTextPart,
          rich_text_list: richTextPart,
          rich_text_preformatted: richTextPart,
          rich_text_quote: richTextPart,
        }),
        1,
        100,
      ),
    },
    { block_id },
  ),
  image: object(
    { type, image_url: string(limits.url), alt_text: string(limits.imageAltText) },
    { block_id, title: plainText(limits.imageTitle) },
  ),
});

const distinctBlocks: Check = (value, at, fault) => {
  const seen = new Set<unknown>();
  (Array.isArray(value) ? value : []).forEach((each, index) => {
    if (!isRecord(each) || each.block_id === undefined) return;
    if (seen.has(each.block_id)) fault('`block_id` must be unique', `${at}/${index}/block_id`);
    seen.add(each.block_id);
  });
};

const message = all(list(block, 0, limits.blocksPerMessage), distinctBlocks);

/** Checks an array of blocks as strictly as Slack; messages look like `must be less than 76 characters [json-pointer:/blocks/0/…]`. */
export function checkBlocks(value: unknown): CheckedBlocks {
  const messages: string[] = [];
  message(value, '/blocks', (problem, at) => messages.push(`${problem} [json-pointer:${at}]`));
  if (messages.length > 0) return { ok: false, error: 'invalid_blocks', messages };
  return { ok: true, blocks: (Array.isArray(value) ? value : []).filter(isBlock) };
}

/** What blocks weigh against `limits.blocksTotal`: the length of every text in them and a little for each block. */
export function weightOf(blocks: readonly Block[]): number {
  return textLength(blocks) + blocks.length * limits.blockWeight;
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + textLength(each), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, field]) =>
      sum + (name === 'text' && typeof field === 'string' ? field.length : textLength(field)),
    0,
  );
}

function isBlock(value: unknown): value is Block {
  return isRecord(value) && typeof value.type === 'string';
}
