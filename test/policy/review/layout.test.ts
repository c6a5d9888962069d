import t from 'tap';
import { fitted, folded, listed } from '../../../src/policy/review/layout.ts';

const items = (count: number, length: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `- ${at} ${'x'.repeat(length)}`);

t.test(
  'a note that is too long loses what can be opened, the last sections first, then the ends',
  async (t) => {
    const small = fitted([folded(['#### A'], items(20, 10), 'More')], 'foot');
    t.match(small, /<summary>More: 12<\/summary>/);
    const sections = (length: number) =>
      ['A', 'B', 'C'].map((name) => folded([`#### ${name}`], items(30, length), 'More'));
    const long = fitted(sections(400), 'foot');
    t.ok(long.length < 30_000);
    t.equal(long.split('<details>').length, 3, 'two can still be opened');
    t.equal(long.split('More: 22').length, 4, 'what is left out is counted');
    const longest = fitted(sections(3000), 'foot');
    t.ok(longest.length < 30_000);
    t.match(longest, /#### A\n- 0 x+\n- 1 x+\n- 2 x+\n\n… more than fits here\n\n#### B/, 'whole lines only');
  },
);

t.test('nothing that is empty is shown', async (t) => {
  t.equal(fitted([folded([], [], 'More', 0), { lines: [] }, { lines: ['a'] }], 'foot'), 'a\n\nfoot');
  t.same([listed([]), listed(['a']), listed(['a', 'b', 'c'])], ['', 'a', 'a, b and c']);
});

t.test('what is cut off in the middle of something that can be opened is ended', async (t) => {
  const inner = ['<details><summary>9 more</summary>', '', ...items(300, 100), '', '</details>'];
  const text = fitted([{ lines: ['#### A', ...inner] }], 'foot');
  t.ok(text.length < 30_000);
  t.equal(text.split('<details>').length, text.split('</details>').length);
  t.match(text, /<\/details>\n\n… more than fits here\n\nfoot$/);
});
