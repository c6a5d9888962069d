import t from 'tap';
import { emptyHistory, type History, look, remember } from '../../../src/sandbox/page/history.ts';

const walk = (
  history: History,
  draft: string,
  steps: readonly (1 | -1)[],
): readonly (string | undefined)[] => {
  const seen: (string | undefined)[] = [];
  let now = { history, text: draft };
  for (const by of steps) {
    const found = look(now.history, by, now.text);
    seen.push(found?.text);
    now = found ?? now;
  }
  return seen;
};

t.test('there is nothing to look back to at first', async (t) => {
  t.equal(look(emptyHistory, -1, 'a'), undefined);
  t.equal(look(emptyHistory, 1, 'a'), undefined);
});

t.test('looking back ends at the oldest line and comes back to the draft', async (t) => {
  const history = remember(remember(emptyHistory, 'one'), 'two');
  t.strictSame(walk(history, 'draft', [-1, -1, -1, 1, 1, 1]), [
    'two',
    'one',
    undefined,
    'two',
    'draft',
    undefined,
  ]);
});

t.test('a line sent twice is kept once, and old lines go', async (t) => {
  t.strictSame(remember(remember(emptyHistory, 'one'), 'one').lines, ['one']);
  const many = Array.from({ length: 60 }, (_, index) => String(index)).reduce(remember, emptyHistory);
  t.equal(many.lines.length, 50);
  t.equal(many.lines[0], '10');
});
