import t from 'tap';
import { fences, linesOf } from '../../../src/chat/slack/blocks.ts';
import { codeSpan, lineOf, link, words } from '../../../src/chat/slack/mrkdwn.ts';

const shown: Readonly<Record<string, readonly [string, string]>> = {
  'a mention of everyone is text': ['<!channel> look', '&lt;!channel&gt; look'],
  'a smuggled link is text': ['<https://evil.example|GitLab>', '&lt;https://evil.example|GitLab&gt;'],
  'an entity stays what it was': ['&lt;', '&amp;lt;'],
  'bold is not obeyed': ['*all good*', '∗all good∗'],
  'italics are not obeyed': ['_all good_', 'ˍall goodˍ'],
  'strike is not obeyed': ['~no~', '∼no∼'],
  'a code span is not obeyed': ['`rm`', 'ˋrmˋ'],
  'an emoji that fakes a verdict is not obeyed': [':white_check_mark: done', '∶white_check_mark: done'],
  'a quote is not obeyed': ['> done', '› done'],
  'a line break does not start a line of ours': ['one\n*two*', 'one ∗two∗'],
  'an identifier can be copied': ['deploy_prod_eu', 'deploy_prod_eu'],
  'a time of day can be copied': ['12:30:45', '12:30:45'],
  'text that turns the reading direction is straightened': ['a\u202eb', 'ab'],
  'half a character is marked': ['a\ud83db', 'a\ufffdb'],
};

for (const [name, [given, expected]] of Object.entries(shown)) {
  t.test(name, async (t) => t.equal(words(given, 1000), expected));
}

t.test('a backtick cannot end a code span', async (t) => {
  t.equal(codeSpan('a`b <@U1>', 100), '`aˋb &lt;@U1&gt;`');
});

t.test('three backticks cannot end a fence', async (t) => {
  t.same(fences('x\n```\n<!here>', 1000, 'first'), ['```\nx\nˋˋˋ\n&lt;!here&gt;\n```']);
});

t.test('a link with a bar or an angle stays one link', async (t) => {
  t.equal(
    link('https://a.example/x|y>z?a=1&b=2', 'the | page', 500),
    '<https://a.example/x%7Cy%3Ez?a=1&amp;b=2|the ¦ page>',
  );
});

t.test('a link that is not http(s) is only words', async (t) => {
  t.equal(link('javascript:alert(1)', 'press', 500), 'press');
});

t.test('bold words next to letters still come out bold', async (t) => {
  t.equal(
    lineOf([{ text: '中' }, { text: '粗', style: 'strong' }, { text: '文' }], 100),
    '中\u200b*粗*\u200b文',
  );
});

t.test('bold words beside bold words are one', async (t) => {
  const pieces = [{ text: 'You', style: 'strong' }, { text: '; a*b* ' }, { text: '*go' }] as const;
  t.equal(lineOf(pieces, 100, true), '*You; a∗b∗* *∗go*');
});

t.test('an account of another app is shown by its name', async (t) => {
  t.equal(lineOf([{ account: 'mattermost:x/U1', name: 'Ana *' }], 100), 'Ana ∗');
});

t.test('a moment is shown in the reader\u2019s own time zone', async (t) => {
  t.equal(
    lineOf([{ moment: Date.UTC(2026, 0, 2, 3, 4) }], 200),
    '<!date^1767323040^{date_short_pretty}, {time}|2026-01-02 03:04 UTC>',
  );
});

t.test('a line that is too long ends in an ellipsis, between whole characters', async (t) => {
  t.equal(words('&&👩‍👩‍👧👩‍👩‍👧', 20), '&amp;&amp;👩‍👩‍👧…');
});

t.test('a long log keeps its end and says how much is missing', async (t) => {
  const log = Array.from({ length: 400 }, (_, at) => `line ${at + 1} ${'x'.repeat(20)}`).join('\n');
  const [first = ''] = fences(log, 200, 'last');
  t.match(first, /^```\n… 39\d more lines\n(?:.*\n)*.*line 400 x+\n```$/);
});

t.test('a long text keeps its beginning and goes over several fences', async (t) => {
  const text = Array.from({ length: 300 }, (_, at) => `line ${at + 1} ${'x'.repeat(20)}`).join('\n');
  const all = fences(text, 9000, 'first');
  t.ok(all.length > 1);
  t.ok(all.every((each) => each.length <= 3000 && each.startsWith('```\n') && each.endsWith('\n```')));
  t.match(all[0], /line 1 /);
});

t.test('markup of two neighbouring pieces does not join', async (t) => {
  t.same(linesOf([[{ text: '*' }, { text: 'bold' }, { text: '*' }]], 100), ['∗bold∗']);
});
