import t from 'tap';
import { createDice } from './dice.ts';

const throws = (seed: string, count = 50): readonly number[] => {
  const dice = createDice(seed);
  return Array.from({ length: count }, dice.next);
};

t.test('another seed gives other throws, the same seed the same', async (t) => {
  t.notSame(throws('7'), throws('8'));
  t.same(throws('7'), throws('7'));
});

t.test('dice apart do not move the others', async (t) => {
  const [one, other] = [createDice('7'), createDice('7')];
  other.apart('clients').next();
  t.equal(one.next(), other.next());
  t.not(createDice('7').apart('a').next(), createDice('7').apart('b').next());
});

t.test('throws are spread evenly and stay in their bounds', async (t) => {
  const dice = createDice('even');
  const counts = new Map<number, number>();
  for (let at = 0; at < 6000; at += 1) {
    const eye = dice.between(1, 6);
    counts.set(eye, (counts.get(eye) ?? 0) + 1);
  }
  t.same([...counts.keys()].sort(), [1, 2, 3, 4, 5, 6]);
  for (const [eye, count] of counts) t.ok(count > 850 && count < 1150, `${eye} came ${count} times`);
});

t.test('nothing can be picked of an empty list', async (t) => {
  t.throws(() => createDice('7').pick([]), /empty list/);
  t.equal(createDice('7').pick(['only']), 'only');
});
