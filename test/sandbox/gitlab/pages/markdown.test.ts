import fc from 'fast-check';
import t from 'tap';
import { markdown } from '../../../../src/sandbox/gitlab/pages/markdown/markdown.ts';

const shown = (text: string): string =>
  markdown(text, 'n').markup.replace(/^<div class="prose">|<\/div>$/g, '');

const harmless: readonly (readonly [name: string, text: string, markup: string])[] = [
  ['a script', '<script>alert(1)</script>', '<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>'],
  ['an image with a handler', '<img src=x onerror=alert(1)>', '<p>&#60;img src=x onerror=alert(1)&#62;</p>'],
  ['a link to a script', '[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
  ['a link to data', '[x](data:text/html,1)', '<p>[x](data:text/html,1)</p>'],
  ['a link to another host by two slashes', '[x](//example.com)', '<p>[x](//example.com)</p>'],
  ['a link to another host by a backslash', '[x](/\\example.com)', '<p>[x](/\\example.com)</p>'],
  [
    'a way out of the address',
    '[x](https://a.b/"onclick="c)',
    '<p><a href="https://a.b/&#34;onclick=&#34;c" rel="nofollow noopener">x</a></p>',
  ],
  ['markup within code', '`<b>`', '<p><code>&#60;b&#62;</code></p>'],
  ['an entity that is markup', '&lt;b&gt; &#60;i&#62;', '<p>&#60;b&#62; &#60;i&#62;</p>'],
  ['details with a handler', '<details ontoggle=x>', '<p>&#60;details ontoggle=x&#62;</p>'],
  ['a name from the prototype', ':constructor:', '<p>:constructor:</p>'],
];

t.test('what could harm is shown as it was written', async (t) => {
  for (const [name, text, markup] of harmless) t.equal(shown(text), markup, name);
});

const known: readonly (readonly [name: string, text: string, markup: string])[] = [
  ['nothing', ' \n\n', ''],
  ['a comment is not shown', '<!-- a\nmarker -->\ntext <!-- here too -->', '<p>text </p>'],
  ['headings', '# a\n### b ###\n##### c', '<h2>a</h2><h3>b</h3><h4>c</h4>'],
  ['no heading without a blank', '#5', '<p>#5</p>'],
  [
    'bold, italics, struck out',
    '**a** __b__ *c* _d_ ~~e~~',
    '<p><strong>a</strong> <strong>b</strong> <em>c</em> <em>d</em> <del>e</del></p>',
  ],
  ['underscores and stars that mean nothing', 'a_b_c 2 * 3 * 4', '<p>a_b_c 2 * 3 * 4</p>'],
  ['escaped marks', '\\*a\\* \\`b\\`', '<p>*a* &#96;b&#96;</p>'],
  ['code with backticks within', '`` a`b `` and `c', '<p><code>a&#96;b</code> and &#96;c</p>'],
  [
    'a link with code as its text',
    '[`policy.csv:3`](/a/b#L3)',
    '<p><a href="/a/b#L3" rel="nofollow noopener"><code>policy.csv:3</code></a></p>',
  ],
  [
    'a bare address, without the dot after it',
    'see https://example.com/a.',
    '<p>see <a href="https://example.com/a" rel="nofollow noopener">https://example.com/a</a>.</p>',
  ],
  ['a block of code', '```csv\np, *\n```\nb', '<pre><code>p, *</code></pre><p>b</p>'],
  ['a block of code without an end', '```\n**a**', '<pre><code>**a**</code></pre>'],
  [
    'lists within lists',
    '- a\n  - b\n- c\n\n1. d\n2. e',
    '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol><li>d</li><li>e</li></ol>',
  ],
  ['tasks', '- [ ] a\n- [x] b', '<ul><li>☐ a</li><li>☑ b</li></ul>'],
  ['a quote', '> a\n> - b', '<blockquote><p>a</p><ul><li>b</li></ul></blockquote>'],
  [
    'a table, with a bar in a cell',
    '| a | b |\n|---|--:|\n| `c \\| d` | e |',
    '<div class="table"><table><thead><tr><th class="left">a</th><th class="right">b</th></tr></thead>' +
      '<tbody><tr><td class="left"><code>c | d</code></td><td class="right">e</td></tr></tbody></table></div>',
  ],
  ['bars that are no table', 'a | b\nc', '<p>a | b\nc</p>'],
  [
    'details within details',
    '<details>\n<summary>2 `a`</summary>\n\n- b\n\n<details open><summary>c</summary>d</details>\n\n</details>\ne',
    '<details class="n-1"><summary>2 <code>a</code></summary><ul><li>b</li></ul>' +
      '<details class="n-2" open><summary>c</summary><p>d</p></details></details><p>e</p>',
  ],
  [
    'signs that every system shows',
    '✅ ⚠️ :x:',
    '<p><span class="sign yes" role="img" aria-label="passed">✓</span> <span class="sign care" role="img" aria-label="warning">!</span> <span class="sign no" role="img" aria-label="failed">✕</span></p>',
  ],
  ['small print', '<sub>by `x`</sub>', '<p><sub>by <code>x</code></sub></p>'],
];

t.test('what notes are written with', async (t) => {
  for (const [name, text, markup] of known) t.equal(shown(text), markup, name);
});

t.test('whatever is written, only known elements come out, and they are closed', async () => {
  const pieces = fc.constantFrom(
    ...['<', '>', '"', "'", '&', '`', '*', '**', '_', '[', ']', '(', ')', '|', '\n', ' ', '- ', '  '],
    ...['<details>', '</details>', '<summary>', '</summary>', '<sub>', '</sub>', '<!--', '-->', 'a', '#'],
    ...['](javascript:a)', '](https://b)', '<script>', ' onclick="x"', '|-|', '> ', '```', '\\', '✅', '1. '],
  );
  const allowed =
    /^<(?:(?:div class="(?:prose|table)"|p|h[234]|ul|ol|li|pre|code|em|strong|del|sub|hr|br|blockquote|table|thead|tbody|tr|details class="n-\d+"(?: open)?|summary|t[hd] class="(?:left|right|centre)"|span class="sign yes" role="img" aria-label="passed"|a href="(?:https?:\/|\/|#)[^"<>]*" rel="nofollow noopener")|\/\w+)>$/;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const open: string[] = [];
      return (markdown(parts.join(''), 'n').markup.match(/<[^>]*>/g) ?? []).every((tag) => {
        const name = tag.match(/\w+/)?.[0] ?? '';
        if (tag.startsWith('</')) return open.pop() === name;
        if (name !== 'br' && name !== 'hr') open.push(name);
        return allowed.test(tag);
      });
    }),
    { numRuns: 3000 },
  );
});

t.test('texts that are meant to take for ever end', async (t) => {
  const repeated = ['*', '[', '[`', '`', '` ', ' ', '\n', '- x\n', '- x\n\n', '  - x\n', '>', '<!--\n', '|'];
  const longer = [
    '<details>\n',
    '<summary>',
    '**a ',
    '_a ',
    '~~a',
    '<sub>',
    '\\\n',
    'http://',
    '# ',
    '&lt;',
    '1. ',
  ];
  for (const piece of [...repeated, ...longer]) {
    t.type(shown(piece.repeat(Math.floor(59_000 / piece.length))), 'string', JSON.stringify(piece));
  }
  t.match(shown('a'.repeat(70_000)), /^<pre>a+…<\/pre>$/);
});
