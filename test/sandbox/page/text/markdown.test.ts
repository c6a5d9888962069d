import fc from 'fast-check';
import t from 'tap';
import { readMarkdown } from '../../../../src/sandbox/page/text/markdown.ts';
import { plainText } from '../../../../src/sandbox/page/text/marks.ts';
import { readPlain } from '../../../../src/sandbox/page/text/plain.ts';

t.test('a markdown link to a script stays text', async (t) => {
  t.equal(plainText(readMarkdown('[click](javascript:alert)')), '[click](javascript:alert)');
});

t.test('markdown differs from mrkdwn in its signs', async (t) => {
  const text = (value: string) => ({ kind: 'text', text: value });
  t.strictSame(
    readMarkdown('## Title\n**b** *i* ~~s~~ [l](https://e.com/)\n* one\n```sh\nls\n```'),
    [
      { kind: 'heading', level: 2, children: [text('Title')] },
      {
        kind: 'paragraph',
        children: [
          { kind: 'strong', children: [text('b')] },
          text(' '),
          { kind: 'emphasis', children: [text('i')] },
          text(' '),
          { kind: 'strike', children: [text('s')] },
          text(' '),
          { kind: 'link', url: 'https://e.com/', label: 'l' },
        ],
      },
      { kind: 'list', ordered: false, items: [[text('one')]] },
      { kind: 'preformatted', text: 'ls' },
    ],
    'headings, double signs, links, star bullets, fences with a language',
  );
});

t.test('any markdown is read without an error', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => readMarkdown(input).length >= 0));
});

t.test('plain text knows emoji and nothing else', async (t) => {
  t.strictSame(readPlain(':x: *a* `b` <@U1>'), [
    { kind: 'emoji', name: 'x', glyph: '❌' },
    { kind: 'text', text: ' *a* `b` <@U1>' },
  ]);
});
