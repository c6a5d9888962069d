import fc from 'fast-check';
import t from 'tap';
import { leadTexts, readBlock } from '../../../../src/sandbox/page/blocks/parts.ts';
import { firstEmoji } from '../../../../src/sandbox/page/text/first-emoji.ts';
import { toneOf } from '../../../../src/sandbox/page/text/tone.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });

t.test('what is not well formed is left out, not an error', async (t) => {
  t.strictSame(readBlock({ type: 'video' }), { kind: 'unknown', type: 'video' });
  t.strictSame(readBlock({ type: 'actions', elements: [null, 7, { type: 'checkboxes' }] }), {
    kind: 'actions',
    blockId: '',
    controls: [],
  });
  t.strictSame(readBlock({ type: 'section', text: 'no object', fields: 'none' }), {
    kind: 'section',
    blockId: '',
    text: undefined,
    fields: [],
    accessory: undefined,
  });
  const types = fc.constantFrom(
    'section',
    'header',
    'divider',
    'context',
    'actions',
    'markdown',
    'image',
    'x',
  );
  fc.assert(
    fc.property(
      types,
      fc.dictionary(fc.constantFrom('text', 'elements', 'fields', 'accessory'), fc.jsonValue()),
      (type, rest) => typeof readBlock({ ...rest, type }).kind === 'string',
    ),
  );
});

t.test('a button opens only pages of the web', async (t) => {
  const url = (value: string) => {
    const part = readBlock({ type: 'actions', elements: [{ type: 'button', text: plain('a'), url: value }] });
    const control = part.kind === 'actions' ? part.controls[0] : undefined;
    return control?.kind === 'button' ? control.url : undefined;
  };
  t.equal(url('javascript:alert(1)'), '');
  t.equal(url('https://e.com/'), 'https://e.com/');
});

t.test('a button with its question', async (t) => {
  const confirm = {
    title: plain('Sure?'),
    text: mrkdwn('*a*'),
    confirm: plain('Go'),
    deny: plain('Stay'),
    style: 'danger',
  };
  const button = { type: 'button', action_id: 'x', text: plain('Cancel'), style: 'danger', confirm };
  t.match(readBlock({ type: 'section', block_id: 'b', text: mrkdwn('t'), accessory: button }), {
    blockId: 'b',
    accessory: {
      actionId: 'x',
      look: 'danger',
      confirm: { title: { styled: false, text: 'Sure?' }, text: { styled: true, text: '*a*' }, danger: true },
    },
  });
});

t.test('a message feels like its first sign', async (t) => {
  const tone = (text: string, ...blocks: { type: string }[]) =>
    toneOf(
      leadTexts({ text, blocks })
        .map(firstEmoji)
        .find((name) => name !== undefined),
    );
  t.equal(tone('no sign'), 'quiet');
  t.equal(tone('second line\n:x: bad'), 'quiet', 'only the first line counts');
  t.equal(tone('', { type: 'section', ...{ text: mrkdwn('✅ *done*') } }), 'good');
  t.equal(
    tone('✅', { type: 'section', ...{ text: mrkdwn('*:x: failed*') } }),
    'bad',
    'blocks before the fallback',
  );
  t.equal(
    tone(
      '',
      { type: 'header', ...{ text: plain('Release') } },
      { type: 'section', ...{ text: mrkdwn('⏸️ waits') } },
    ),
    'held',
    'a section under a header',
  );
});
