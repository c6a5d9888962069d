import t from 'tap';
import { checkBlocks, weightOf } from '../../../src/sandbox/slack/blocks.ts';
import { limits } from '../../../src/sandbox/slack/limits.ts';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const many = <T>(count: number, one: (at: number) => T) => Array.from({ length: count }, (_, at) => one(at));
const button = (changed: Record<string, unknown> = {}) => ({ type: 'button', text: plain(1), ...changed });
const actions = (...elements: unknown[]) => [{ type: 'actions', elements }];
const confirm = (title: number, text: number, yes: number, no: number) =>
  actions(
    button({ confirm: { title: plain(title), text: mrkdwn(text), confirm: plain(yes), deny: plain(no) } }),
  );
const overflow = (options: number, text: number, value: number) =>
  actions({
    type: 'overflow',
    options: many(options, () => ({ text: plain(text), value: 'x'.repeat(value) })),
  });

const wrong: readonly (readonly [sentence: string, blocks: unknown, message: string])[] = [
  ['blocks are an array', { type: 'divider' }, 'must be an array [json-pointer:/blocks]'],
  ['a block is an object', [null], 'must be an object [json-pointer:/blocks/0]'],
  ['an unknown type', [{ type: 'alert' }], 'unsupported type: alert [json-pointer:/blocks/0/type]'],
  [
    'a plan',
    [{ type: 'plan', title: 'x', tasks: [] }],
    'unsupported type: plan [json-pointer:/blocks/0/type]',
  ],
  ['a task card', [{ type: 'task_card' }], 'unsupported type: task_card [json-pointer:/blocks/0/type]'],
  [
    'a type named like a built-in',
    [{ type: 'constructor' }],
    'unsupported type: constructor [json-pointer:/blocks/0/type]',
  ],
  [
    'a section without text',
    [{ type: 'section' }],
    'missing required field: text or fields [json-pointer:/blocks/0]',
  ],
  [
    'a field that Slack does not know',
    [{ type: 'divider', color: 'red' }],
    'invalid additional property: color [json-pointer:/blocks/0]',
  ],
  [
    'an empty text',
    [{ type: 'section', text: mrkdwn(0) }],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'a header in mrkdwn',
    [{ type: 'header', text: mrkdwn(1) }],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
  [
    'a button label in mrkdwn',
    actions(button({ text: mrkdwn(1) })),
    'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]',
  ],
  [
    'an unknown button style',
    actions(button({ style: 'blue' })),
    'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
  ],
  ['actions without elements', actions(), 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
  [
    'the same action twice in a block',
    actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
    '`action_id` must be unique within its block [json-pointer:/blocks/0]',
  ],
  [
    'the same block_id twice',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    '`block_id` must be unique [json-pointer:/blocks/1/block_id]',
  ],
  [
    'a confirm dialog without a question',
    actions(button({ confirm: { title: plain(1), confirm: plain(1), deny: plain(1) } })),
    'missing required field: text [json-pointer:/blocks/0/elements/0/confirm]',
  ],
  [
    'an image without its words',
    [{ type: 'image', image_url: 'https://x' }],
    'missing required field: alt_text [json-pointer:/blocks/0]',
  ],
];

for (const [sentence, blocks, message] of wrong) {
  t.test(`refused: ${sentence}`, async (t) => {
    t.same(checkBlocks(blocks), { ok: false, error: 'invalid_blocks', messages: [message] });
  });
}

/** Blocks that hold `size` of the limited thing; `limits` says how many may be. */
const sizes: readonly (readonly [sentence: string, limit: number, blocks: (size: number) => unknown])[] = [
  ['blocks in a message', 50, (size) => many(size, () => ({ type: 'divider' }))],
  ["a section's text", 3000, (size) => [{ type: 'section', text: mrkdwn(size) }]],
  ["a section's fields", 10, (size) => [{ type: 'section', fields: many(size, () => mrkdwn(1)) }]],
  ['one field', 2000, (size) => [{ type: 'section', fields: [mrkdwn(size)] }]],
  ['a header', 150, (size) => [{ type: 'header', text: plain(size) }]],
  ['elements of a context block', 10, (size) => [{ type: 'context', elements: many(size, () => mrkdwn(1)) }]],
  [
    'elements of an actions block',
    25,
    (size) => actions(...many(size, (at) => button({ action_id: `a${at}` }))),
  ],
  ["a button's label", 75, (size) => actions(button({ text: plain(size) }))],
  ["a button's value", 2000, (size) => actions(button({ value: 'x'.repeat(size) }))],
  ["a button's address", 3000, (size) => actions(button({ url: 'x'.repeat(size) }))],
  ['an action_id', 255, (size) => actions(button({ action_id: 'x'.repeat(size) }))],
  ['a block_id', 255, (size) => [{ type: 'divider', block_id: 'x'.repeat(size) }]],
  ["a confirm dialog's title", 100, (size) => confirm(size, 1, 1, 1)],
  ["a confirm dialog's text", 300, (size) => confirm(1, size, 1, 1)],
  ["a confirm dialog's yes", 30, (size) => confirm(1, 1, size, 1)],
  ["a confirm dialog's no", 30, (size) => confirm(1, 1, 1, size)],
  ['options of an overflow menu', 5, (size) => overflow(size, 1, 1)],
  ["an option's text", 75, (size) => overflow(1, size, 1)],
  ["an option's value", 150, (size) => overflow(1, 1, size)],
  ['a markdown block', 12_000, (size) => [{ type: 'markdown', text: 'x'.repeat(size) }]],
];

for (const [sentence, limit, blocks] of sizes) {
  t.test(`${sentence}: ${limit} pass, one more does not`, async (t) => {
    t.equal(checkBlocks(blocks(limit + 1)).ok, false);
    t.equal(checkBlocks(blocks(limit)).ok, true);
  });
}

t.test('every kind of block that the sandbox knows passes', async (t) => {
  const known = [
    { type: 'section', text: mrkdwn(5), accessory: button({ action_id: 'go', value: 'v', style: 'danger' }) },
    { type: 'divider', block_id: 'line' },
    { type: 'header', text: { ...plain(5), emoji: true } },
    { type: 'context', elements: [mrkdwn(3), { type: 'image', image_url: 'https://x', alt_text: 'x' }] },
    {
      type: 'actions',
      elements: [button(), { type: 'overflow', options: [{ text: plain(1), value: 'v' }] }],
    },
    { type: 'markdown', text: '# title' },
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }] },
    { type: 'image', image_url: 'https://x', alt_text: 'x' },
  ];
  t.same(checkBlocks(known), { ok: true, blocks: known });
});

t.test('blocks weigh their texts and a little each', async (t) => {
  const checked = checkBlocks([
    { type: 'section', text: mrkdwn(10), fields: [plain(5)] },
    { type: 'divider' },
  ]);
  t.equal(checked.ok && weightOf(checked.blocks), 15 + 2 * limits.blockWeight);
});
