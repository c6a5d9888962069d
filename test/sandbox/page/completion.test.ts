import fc from 'fast-check';
import t from 'tap';
import { complete, sharedLength, step } from '../../../src/sandbox/page/completion.ts';

const suggestions = [
  { text: '/chatops flag get checkout-v2', hint: 'Read a feature flag' },
  { text: '/chatops lb weight web 10', hint: 'Shift traffic' },
  { text: '/chatops flag list', hint: 'All flags' },
  { text: '/other', hint: 'Something else' },
];
const offered = (typed: string) => complete(typed, suggestions).map(({ text }) => text);

t.test('what is offered while typing', async (t) => {
  const cases: readonly (readonly [name: string, typed: string, offered: readonly string[]])[] = [
    ['nothing for an empty box', '', []],
    ['nothing for a plain message', 'flag', []],
    ['nothing where nothing fits', '/chatops xyz', []],
    ['nothing once the only offer is typed', '/other', []],
    ['everything for a slash', '/', suggestions.map(({ text }) => text)],
    ['what begins like it', '/chatops fl', ['/chatops flag get checkout-v2', '/chatops flag list']],
    ['capitals and double blanks do not matter', '/ChatOps  LB', ['/chatops lb weight web 10']],
    ['a word from the middle or the hint', '/chatops traffic', ['/chatops lb weight web 10']],
    ['words in any order', '/chatops list flag', ['/chatops flag list']],
    ['only commands of the typed name', '/other flag', []],
  ];
  for (const [name, typed, expected] of cases) t.strictSame(offered(typed), expected, name);
});

t.test('the typed part of an offer', async (t) => {
  t.equal(sharedLength('/chatops fx', '/chatops flag list'), 10);
  t.equal(sharedLength('/CHAT', '/chatops'), 5);
  t.equal(sharedLength('x', '/chatops'), 0);
});

t.test('choosing goes round, over nothing chosen', async (t) => {
  t.strictSame([step(-1, 1, 2), step(0, 1, 2), step(1, 1, 2)], [0, 1, -1], 'down');
  t.strictSame([step(-1, -1, 2), step(1, -1, 2), step(0, -1, 2)], [1, 0, -1], 'up');
  fc.assert(
    fc.property(fc.integer({ min: -1, max: 20 }), fc.constantFrom<1 | -1>(1, -1), (from, by) => {
      const to = step(from, by, 21);
      return to >= -1 && to < 21 && step(to, by === 1 ? -1 : 1, 21) === from;
    }),
  );
});
