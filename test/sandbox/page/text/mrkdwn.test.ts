import fc from 'fast-check';
import t from 'tap';
import { emoji } from '../../../../src/sandbox/page/text/emoji.ts';
import type { Mark, Passage } from '../../../../src/sandbox/page/text/marks.ts';
import { plainText } from '../../../../src/sandbox/page/text/marks.ts';
import { readMrkdwn } from '../../../../src/sandbox/page/text/mrkdwn.ts';

const text = (value: string): Mark => ({ kind: 'text', text: value });
const paragraph = (...children: Mark[]): Passage => ({ kind: 'paragraph', children });

function marksOf(passages: readonly Passage[]): readonly Mark[] {
  return passages.flatMap((passage): readonly Mark[] => {
    if (passage.kind === 'preformatted') return [];
    if (passage.kind === 'quote') return marksOf(passage.children);
    return (passage.kind === 'list' ? passage.items.flat() : passage.children).flatMap(withChildren);
  });
}

function withChildren(mark: Mark): readonly Mark[] {
  return 'children' in mark ? [mark, ...mark.children.flatMap(withChildren)] : [mark];
}

t.test('what is not meant as markup stays text', async (t) => {
  const cases: readonly (readonly [name: string, input: string])[] = [
    ['a script element', '<script>alert(1)</script>'],
    ['an image element with a handler', '<img src=x onerror=alert(1)>'],
    ['a script address', '<javascript:alert(1)|click>'],
    ['a script address in capitals with a blank', '< JAVASCRIPT:alert(1)|click>'],
    ['an address of inline content', '<data:text/html,hi|click>'],
    ['an address without a host', '<https://|click>'],
    ['a mention that names nobody', '<@|ana>'],
    ['a date without a fallback', '<!date^1392734382^{date}>'],
    ['a reference that does not end', 'see <https://example.com'],
    ['a reference over two lines', '<https://exa\nmple.com>'],
    ['a star inside a word', '2*3*4'],
    ['an underscore inside a name', 'web_api_server'],
    ['a sign with a blank after it', '* not bold*'],
    ['a sign with a blank before its end', '*not bold *'],
    ['a sign that does not end in its line', '*not\nbold*'],
    ['two signs with nothing between', '**'],
    ['a lone backquote', 'a ` b'],
    ['a fence that does not end', 'a ```b'],
    ['a shortcode that nobody knows', ':no_such_emoji:'],
    ['a time of day', '12:30:45'],
  ];
  for (const [name, input] of cases) {
    const passages = readMrkdwn(input);
    const kinds = marksOf(passages).map(({ kind }) => kind);
    t.strictSame(
      [...new Set(kinds)].filter((kind) => kind !== 'text' && kind !== 'break'),
      [],
      name,
    );
    t.equal(plainText(passages), input, `${name}, unchanged`);
  }
});

t.test('a line is read into marks', async (t) => {
  const cases: readonly (readonly [name: string, input: string, ...marks: Mark[]])[] = [
    ['bold', '*a b*', { kind: 'strong', children: [text('a b')] }],
    ['italic', '_a_', { kind: 'emphasis', children: [text('a')] }],
    ['struck out', '~a~', { kind: 'strike', children: [text('a')] }],
    [
      'one style inside another',
      '*a _b_*',
      {
        kind: 'strong',
        children: [text('a '), { kind: 'emphasis', children: [text('b')] }],
      },
    ],
    [
      'a style next to punctuation',
      '(*a*),',
      text('('),
      { kind: 'strong', children: [text('a')] },
      text('),'),
    ],
    [
      'a style below a line with an unended sign',
      '*a\n*b*',
      text('*a'),
      { kind: 'break' },
      { kind: 'strong', children: [text('b')] },
    ],
    ['no style inside code', '`*a* <@U1>`', { kind: 'code', text: '*a* <@U1>' }],
    [
      'a sign inside code does not end a style',
      '*a `b* c` d*',
      {
        kind: 'strong',
        children: [text('a '), { kind: 'code', text: 'b* c' }, text(' d')],
      },
    ],
    [
      'a link with a label',
      '<https://e.com/a?b=1&amp;c|a &lt;b&gt;>',
      {
        kind: 'link',
        url: 'https://e.com/a?b=1&c',
        label: 'a <b>',
      },
    ],
    [
      'a link without one',
      '<https://e.com/a_b_c>',
      {
        kind: 'link',
        url: 'https://e.com/a_b_c',
        label: 'https://e.com/a_b_c',
      },
    ],
    ['a person', '<@U0ANA>', { kind: 'person', id: 'U0ANA', label: '' }],
    ['a channel with a label', '<#C0OPS|ops>', { kind: 'channel', id: 'C0OPS', label: 'ops' }],
    ['everyone here', '<!here>', { kind: 'group', label: '@here' }],
    ['a group of people', '<!subteam^S1|@sre>', { kind: 'group', label: '@sre' }],
    [
      'a date',
      '<!date^1392734382^{date} at {time}|Feb 18>',
      {
        kind: 'date',
        unix: 1392734382,
        format: '{date} at {time}',
        url: '',
        fallback: 'Feb 18',
      },
    ],
    [
      'a date whose link is a script is only a date',
      '<!date^1^{time}^javascript:alert(1)|x>',
      {
        kind: 'date',
        unix: 1,
        format: '{time}',
        url: '',
        fallback: 'x',
      },
    ],
    ['a shortcode', 'a :x: b', text('a '), { kind: 'emoji', name: 'x', glyph: '❌' }, text(' b')],
    [
      'an emoji itself, with its picture sign',
      '⚠️ b',
      { kind: 'emoji', name: 'warning', glyph: '⚠' },
      text(' b'),
    ],
    ['an escaped mention is text, once', '&lt;@U0ANA&gt; &amp;lt;', text('<@U0ANA> &lt;')],
  ];
  for (const [name, input, ...marks] of cases) t.strictSame(readMrkdwn(input), [paragraph(...marks)], name);
});

t.test('lines are read into passages', async (t) => {
  t.strictSame(
    readMrkdwn('a\n```\nx < y\n  *z*\n```\nb'),
    [paragraph(text('a')), { kind: 'preformatted', text: 'x < y\n  *z*' }, paragraph(text('b'))],
    'a fence keeps its text as it is',
  );
  t.strictSame(
    readMrkdwn('> a\n&gt; b\nc'),
    [{ kind: 'quote', children: [paragraph(text('a'), { kind: 'break' }, text('b'))] }, paragraph(text('c'))],
    'quoted lines stand together',
  );
  t.strictSame(
    readMrkdwn('• a\n• *b*\n1. c'),
    [
      { kind: 'list', ordered: false, items: [[text('a')], [{ kind: 'strong', children: [text('b')] }]] },
      { kind: 'list', ordered: true, items: [[text('c')]] },
    ],
    'lists by their signs',
  );
  t.strictSame(readMrkdwn(''), [], 'nothing is nothing');
});

const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '|',
      '*',
      '_',
      '~',
      '`',
      '```',
      '\n',
      '@U1',
      '!date^1^',
      'https://e.com',
      '&lt;',
      ':x:',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  ),
  { maxLength: 60 },
);

t.test('any text at all gives only known marks, and only safe addresses', async () => {
  const known = [
    'text',
    'strong',
    'emphasis',
    'strike',
    'code',
    'link',
    'person',
    'channel',
    'group',
    'date',
  ];
  fc.assert(
    fc.property(hostile, (pieces) => {
      const passages = readMrkdwn(pieces.join(''));
      return marksOf(passages).every(
        (mark) =>
          [...known, 'emoji', 'break'].includes(mark.kind) &&
          (mark.kind !== 'link' || /^(https?:\/\/|mailto:)/i.test(mark.url)) &&
          (mark.kind !== 'emoji' || emoji.get(mark.name) === mark.glyph),
      );
    }),
    { numRuns: 2000 },
  );
});

t.test('no letter of a text is lost, whatever signs stand around it', async () => {
  const letters = (value: string) => value.replace(/[^ab]/g, '');
  const typed = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '*', '_', '~', '`', '>', '-', '\n', '•') });
  fc.assert(
    fc.property(typed, (input) => letters(plainText(readMrkdwn(input))) === letters(input)),
    { numRuns: 3000 },
  );
});

t.test('a long text of unended signs is read all the same', async (t) => {
  const input = ' *a _b ~c <e'.repeat(3000);
  t.ok(plainText(readMrkdwn(input)) === input, 'unchanged');
});
