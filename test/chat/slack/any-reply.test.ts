import fc from 'fast-check';
import t from 'tap';
import type { Block, Mrkdwn } from '../../../src/chat/slack/blocks.ts';
import { renderPlain, renderSlack } from '../../../src/chat/slack/render.ts';
import type { ButtonElement } from '../../../src/chat/slack/row.ts';
import { checkBlocks, weightOf } from '../../../src/sandbox/slack/blocks.ts';
import { anyReply } from './arbitrary-reply.ts';

const ours =
  /<@[UW][A-Z0-9]+>|<!date\^[0-9]+\^\{date_short_pretty\}, \{time\}\|[-0-9: UTC]+>|<https?:\/\/[^\s|<>]+\|[^<>|\n]+>/g;

const markup = (block: Block): readonly Mrkdwn[] => {
  if (block.type === 'actions') return [];
  if (block.type === 'context') return block.elements;
  return 'text' in block ? [block.text] : block.fields;
};
const buttons = (block: Block): readonly ButtonElement[] => (block.type === 'actions' ? block.elements : []);

const runs = { numRuns: 200 } as const;

t.test('any reply is within every limit of Slack', async (t) => {
  const property = fc.property(anyReply, (reply) => {
    const message = renderSlack(reply);
    const checked = checkBlocks(message.blocks);
    const problems = [
      ...(checked.ok ? [] : checked.messages),
      ...(checked.ok && weightOf(checked.blocks) > 13_200 ? ['all blocks weigh too much'] : []),
      ...(JSON.stringify(message).length > 12_000 ? ['the message is too long'] : []),
      ...(message.blocks.length === 0 ? ['nothing is shown'] : []),
      ...(/\S/.test(message.text) && message.text.length <= 4000 ? [] : ['the text is not right']),
      ...(renderPlain(reply).text.length <= 4000 ? [] : ['the plain text is too long']),
    ];
    if (problems.length > 0) throw new Error(problems.join('; '));
  });
  t.doesNotThrow(() => fc.assert(property, runs));
});

t.test('any reply holds no markup but ours', async (t) => {
  const property = fc.property(anyReply, (reply) => {
    const { text, blocks } = renderSlack(reply);
    const texts = [text, renderPlain(reply).text, ...blocks.flatMap(markup).map((each) => each.text)];
    return texts.every((each) => {
      const rest = each.replace(ours, '');
      return (
        !/[<>]/.test(rest) &&
        !/&(?!(?:amp|lt|gt);)/.test(rest) &&
        !/[\u0000-\u0008\u202e]/.test(each) &&
        each.isWellFormed() &&
        (each.match(/```/g) ?? []).length % 2 === 0
      );
    });
  });
  t.doesNotThrow(() => fc.assert(property, runs));
});

t.test('any reply leaves bare words alone and its buttons lead to us or to a web page', async (t) => {
  const property = fc.property(anyReply, (reply) => {
    const { blocks } = renderSlack(reply);
    const verbatim = blocks.flatMap(markup).every((each) => each.verbatim);
    return (
      verbatim && blocks.flatMap(buttons).every((each) => each.url === undefined || /^https?:/.test(each.url))
    );
  });
  t.doesNotThrow(() => fc.assert(property, runs));
});
