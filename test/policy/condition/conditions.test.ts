import fc from 'fast-check';
import t from 'tap';
import type { Input } from '../../../src/core/input.ts';
import { type Condition, conditionAsText } from '../../../src/policy/condition/ast.ts';
import { applies, compileCondition } from '../../../src/policy/condition/compile.ts';
import { explainCondition } from '../../../src/policy/condition/explain.ts';
import { readCondition } from '../../../src/policy/condition/parse.ts';

const conditionOf = (text: string): Condition => {
  const read = readCondition(text);
  if (!read.ok) throw new Error(`${text}: ${read.problem}`);
  return read.condition;
};

const problemIn = (text: string): string => {
  const read = readCondition(text);
  return read.ok ? 'none' : read.problem;
};

const ask = (text: string, input: Input) => compileCondition(conditionOf(text))(input);

t.test('what is no condition is refused where it goes wrong', async (t) => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['an empty text', '', /empty/],
    ['a name alone', 'weight', /character 7: after weight there must be one of/],
    ['a missing value', 'weight <=', /character 10: a value is missing/],
    ['two equals signs', 'weight == 5', /write =$/],
    ['a keyword as a name', 'and = 5', /name of an input is missing/],
    ['a missing parenthesis', '(weight = 5', /character 12: a "\)" is missing/],
    ['too many parentheses', 'weight = 5)', /\) is not expected here/],
    ['two comparisons side by side', 'weight = 5 env = a', /join comparisons with and, or/],
    ['an empty list', 'env in ()', /value is missing/],
    ['a list without parentheses', 'env in a, b', /there must be a list/],
    ['an open quote', 'env = "a', /quote is never closed/],
    ['a pattern with look-ahead', 'env matches re:(?=x)', /pattern cannot be used/],
    ['a pattern without re:', 'env matches v1', /there must be a pattern/],
    ['a sign that means nothing', 'env = $HOME', /means nothing here/],
    ['a huge number', `weight = ${'9'.repeat(400)}`, /too large/],
    ['a very long text', `weight = 5${' or weight = 5'.repeat(100)}`, /longer than 1000/],
    ['deep nesting', `${'('.repeat(30)}a = b${')'.repeat(30)}`, /nested deeper than 20/],
    ['deep negation', `${'not '.repeat(30)}a = b`, /nested deeper than 20/],
  ];
  for (const [name, text, problem] of table) t.match(problemIn(text), problem, name);
});

t.test('a comparison says yes or no about a value that was given', async (t) => {
  const input = { env: 'staging', weight: 10, dry: true, version: 'v42', 'a-b': 'x y' };
  const table: readonly (readonly [string, boolean])[] = [
    ['*', true],
    ['env = staging', true],
    ['env=staging', true],
    ['env != staging', false],
    ['weight < 10', false],
    ['weight <= 10', true],
    ['weight > 9.5', true],
    ['weight >= 10', true],
    ['weight > -1', true],
    ['env in (staging, production)', true],
    ['env in (production)', false],
    ['dry = true', true],
    ['not dry = true', false],
    ['a-b = "x y"', true],
    ['version matches re:v[0-9]+', true],
    ['version matches re:[0-9]+', false],
    ['(version matches re:v(4|5)[0-9]) and weight = 10', true],
    ['version matches re:"v 42|v42"', true],
    ['env = production or weight = 10 and dry = true', true],
    ['(env = production or weight = 10) and dry = false', false],
    ['not (env = production or weight = 11)', true],
  ];
  for (const [text, wanted] of table) t.equal(ask(text, input), wanted, text);
});

t.test('what depends on a value that was not given is neither true nor false', async (t) => {
  for (const text of [
    'env = a',
    'not env = a',
    'env != a',
    'weight < 5',
    'env in (a)',
    'env matches re:a',
    'toString = a',
  ])
    t.equal(ask(text, {}), undefined, text);
  t.equal(ask('env = a and weight = 1', { weight: 2 }), false, 'one false settles "and"');
  t.equal(ask('env = a and weight = 1', { weight: 1 }), undefined, 'one true does not settle "and"');
  t.equal(ask('env = a or weight = 1', { weight: 1 }), true, 'one true settles "or"');
  t.equal(ask('weight < 5', { weight: Number.NaN }), undefined, 'NaN is below nothing');
  t.equal(ask('weight = 5', { weight: '5' }), undefined, 'a text is no number');
  t.equal(applies(undefined, 'allow'), false, 'an unknown allow does not apply');
  t.equal(applies(undefined, 'deny'), true, 'an unknown deny applies');
});

t.test('a pattern that would hang other engines answers at once', async (t) => {
  t.equal(ask('env matches re:(a+)+', { env: `${'a'.repeat(5000)}!` }), false);
});

t.test('an explanation names only what fails', async (t) => {
  const input = { env: 'staging', weight: 60 };
  const explain = (text: string) => explainCondition(conditionOf(text), input);
  t.strictSame(explain('env = staging and weight <= 25'), ['weight <= 25']);
  t.strictSame(explain('env = production and weight <= 25'), ['env = production', 'weight <= 25']);
  t.strictSame(explain('env = production or env = test'), ['env = production or env = test']);
  t.strictSame(explain('(env = production and weight = 1) or weight < 5'), ['weight < 5'], 'the shorter way');
  t.strictSame(explain('not (env = staging)'), ['not env = staging']);
  t.strictSame(explain('note = x'), ['note = x'], 'not given');
  t.strictSame(explain('weight > 50'), []);
});

const name = fc.constantFrom('env', 'weight', 'note');
const value = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.boolean(),
  fc.string({ maxLength: 8 }).filter((text) => !/[\x00-\x1f]/.test(text)),
);
const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=') as fc.Arbitrary<'=' | '<'>;
const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'condition' },
    fc.record({ kind: fc.constant('compare' as const), name, operator, value, at: fc.constant(0) }),
    fc.record({
      kind: fc.constant('in' as const),
      name,
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
      at: fc.constant(0),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));
const anyInput = fc.dictionary(name, value, { noNullPrototype: true });

t.test('a condition written out and read again means the same', async (t) => {
  fc.assert(
    fc.property(anyCondition, anyInput, (condition, input) => {
      const text = conditionAsText(condition);
      fc.pre(text.length <= 1000);
      const again = readCondition(text);
      return again.ok && compileCondition(again.condition)(input) === compileCondition(condition)(input);
    }),
    { numRuns: 500 },
  );
  t.pass('500 random conditions');
});

t.test('an explanation is empty exactly when the condition holds', async (t) => {
  fc.assert(
    fc.property(anyCondition, anyInput, (condition, input) => {
      const holds = compileCondition(condition)(input) === true;
      return holds === (explainCondition(condition, input).length === 0);
    }),
  );
  t.pass('random conditions');
});

t.test('any text at all is read or refused, never thrown at', async (t) => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60, unit: 'binary' }),
      (text) => typeof readCondition(text).ok === 'boolean',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('a', '=', '(', ')', 'and', 'not', 'in', ',', '"', '1', ' ', 're:', '<', 'matches'),
        { maxLength: 20 },
      ),
      (words) => typeof readCondition(words.join('')).ok === 'boolean',
    ),
  );
  t.pass('random texts');
});
