import t from 'tap';
import { logLines } from '../../../../src/sandbox/gitlab/pages/log.ts';

const esc = '\u001b';
const start = (name: string): string => `section_start:1:${name}\r${esc}[0K`;
const end = (name: string): string => `section_end:2:${name}\r${esc}[0K`;

/** The shown lines as texts; those of a chat reply begin with `> `. */
function shown(log: string): readonly string[] {
  return [...logLines(log).markup.matchAll(/<div class="line( reply)?"><span>(.*?)<\/span><\/div>/g)].map(
    ([, reply, inner = '']) => `${reply ? '> ' : ''}${inner.replace(/<[^>]*>/g, '')}`,
  );
}

const cases: readonly (readonly [name: string, log: string, lines: readonly string[]])[] = [
  ['nothing', '', []],
  ['an empty line in the middle stays', 'a\n\nb\n', ['a', '', 'b']],
  [
    'markup is escaped',
    '<img src=x onerror="alert(1)">\n',
    ['&#60;img src=x onerror=&#34;alert(1)&#34;&#62;'],
  ],
  ['lines that are only markers vanish', `${start('step_script')}\nx\n${end('step_script')}\n`, ['x']],
  ['a marker before a text leaves the text', `${esc}[0K${start('x[collapsed=true]')}text\n`, ['text']],
  [
    'the lines of a chat reply are marked',
    `a\n${start('chat_reply')}\nb\nc\n${end('chat_reply')}\nd\n`,
    ['a', '> b', '> c', 'd'],
  ],
  [
    'text on the marker’s own line too',
    `${start('chat_reply')}Hello${end('chat_reply')}\nx\n`,
    ['> Hello', 'x'],
  ],
  ['other sections are not marked', `${start('chat_reply2')}a\n`, ['a']],
  ['overwritten text is gone', '10 %\r50 %\r100 %\n', ['100 %']],
  ['Windows line ends do no harm', 'a\r\nb\r\n', ['a', 'b']],
  ['titles, cursor moves and other sequences vanish', `${esc}]0;title\u0007a${esc}[2Kb${esc}c\n`, ['ab']],
];

for (const [name, log, lines] of cases) {
  t.test(`log: ${name}`, async (t) => t.strictSame(shown(log), lines));
}

t.test('colours last over lines until they are reset', async (t) => {
  const { markup } = logLines(`${esc}[32;1mgreen\nstill${esc}[0;m plain ${esc}[91mred${esc}[39m\n`);
  t.match(markup, '<span class="fg-green bold">green</span>');
  t.match(markup, '<span class="fg-green bold">still</span> plain <span class="fg-red">red</span>');
});

t.test('a marker without its carriage return is just text', async (t) => {
  t.same(shown('section_start:1:chat_reply\nx\n'), ['section_start:1:chat_reply', 'x']);
});
