import fc from 'fast-check';
import t from 'tap';
import type { Input, InputSpec, InputValue } from '../../../src/core/input.ts';
import { diffAccess } from '../../../src/policy/access/diff.ts';
import { takes } from '../../../src/policy/access/region.ts';
import type { Policy, PolicyParts } from '../../../src/policy/policy.ts';
import { compileFiles, filesWith } from '../fixtures.ts';
import { holdsIn, isSaidOf, type Taken } from './said.ts';

/** Declarations of each input; empty: it is not declared. */
const weights = [
  '{ type: integer, min: 0, max: 6 }',
  '{ type: integer, min: 2 }',
  '{ type: number, min: 0, max: 4.5 }',
  '{ type: number, required: false }',
  '{ type: integer, options: [1, 3, 5], required: false }',
  '{ type: number, options: [0.5, 1] }',
  '{ type: string, maxLength: 2 }',
  '',
];
const tags = [
  '{ type: string }',
  '{ type: string, required: false }',
  '{ type: string, maxLength: 3 }',
  '{ type: string, minLength: 2, maxLength: 4 }',
  "{ type: string, pattern: 'v[0-9]+' }",
  "{ type: string, pattern: 'v.*', required: false }",
  '{ type: string, options: [main, v1], default: main }',
  '',
];
const dries = ['{ type: boolean, required: false }', '{ type: boolean, default: true }', '', ''];

const universe: Readonly<Record<string, readonly (InputValue | undefined)[]>> = {
  weight: [
    undefined,
    -1,
    -0.5,
    0,
    0.25,
    0.5,
    1,
    1.5,
    2,
    2.5,
    3,
    3.25,
    4,
    4.5,
    4.75,
    5,
    6,
    7,
    99,
    'a',
    '5',
    'ab',
    'abc',
  ],
  tag: [
    undefined,
    '',
    'a',
    'v',
    'v1',
    'v2',
    'v10',
    'main',
    'mai',
    'x',
    'vx',
    'ax',
    'abcd',
    'abcde',
    'v1234',
    '12x',
  ],
  dry: [undefined, true, false],
};

const atoms: Readonly<Record<string, readonly string[]>> = {
  number: [
    'weight <= 3',
    'weight < 3',
    'weight = 1',
    'weight != 5',
    'weight >= 0.5',
    'weight > 4.5',
    '"weight in (1, 3)"',
  ],
  text: ['weight = a', 'weight != ab', 'weight matches re:[0-9]+'],
  tag: [
    'tag = main',
    'tag != v1',
    '"tag in (v1, main)"',
    'tag matches re:v[0-9]+',
    'tag matches re:v.*',
    'tag matches re:.*x',
    'not tag matches re:v[0-9]',
  ],
  dry: ['dry = true', 'not dry = true'],
};

const bare = (atom: string): string => atom.replaceAll('"', '');

interface Declaring {
  readonly weight: string;
  readonly tag: string;
  readonly dry: string;
}

const atomsFor = ({ weight, tag, dry }: Declaring): readonly string[] => [
  ...(weight === '' ? [] : (atoms[weight.includes('string') ? 'text' : 'number'] ?? [])),
  ...(tag === '' ? [] : (atoms.tag ?? [])),
  ...(dry === '' ? [] : (atoms.dry ?? [])),
];

const term = fc.record({ one: fc.nat(), other: fc.nat(), join: fc.constantFrom('', '', 'and', 'or', 'not') });

const conditionOf = (
  known: readonly string[],
  { one, other, join }: { one: number; other: number; join: string },
) => {
  const [first, second] = [known[one % known.length], known[other % known.length]];
  if (first === undefined || second === undefined) return '*';
  const text = bare(first);
  if (join === '') return text;
  return join === 'not' ? `not (${text})` : `(${text}) ${join} ${bare(second)}`;
};

const rule = fc.record({ term: fc.option(term), effect: fc.constantFrom('allow', 'allow', 'deny') });

const side = fc
  .record({
    weight: fc.constantFrom(...weights),
    tag: fc.constantFrom(...tags),
    dry: fc.constantFrom(...dries),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  })
  .map((made) => ({
    ...made,
    rows: made.rules.map(({ term: found, effect }) => {
      const condition = found === null ? '*' : conditionOf(atomsFor(made), found);
      return `p, *, *, move, "${condition.replaceAll('"', '""')}", ${effect}`;
    }),
  }));

type Side = Declaring & { readonly rows: readonly string[] };

const commandFile = (declaring: Declaring): string => {
  const inputs = (['weight', 'tag', 'dry'] as const).flatMap((name) =>
    declaring[name] === '' ? [] : [`  ${name}: ${declaring[name]}`],
  );
  const block = inputs.length === 0 ? '' : `inputs:\n${inputs.join('\n')}\n`;
  return `name: move\nsummary: s\nmode: wait\n${block}pipeline: { project: a/b, ref: main }\n`;
};

interface Compiled {
  readonly policy: Policy;
  readonly parts: PolicyParts;
  readonly inputs: readonly InputSpec[];
}

const compiled = (made: Side): Compiled | undefined => {
  const found = compileFiles(filesWith(made.rows.join('\n'), { 'commands/move.yml': commandFile(made) }));
  if (!found.ok) return undefined;
  const inputs = found.parts.commands.find(({ name }) => name === 'move')?.inputs ?? [];
  return { ...found, inputs };
};

const inputsOver = (names: readonly string[]): readonly Input[] =>
  names.reduce<readonly Input[]>(
    (inputs, name) =>
      inputs.flatMap((input) =>
        (universe[name] ?? []).map((value) => (value === undefined ? input : { ...input, [name]: value })),
      ),
    [{}],
  );

const fits = ({ inputs }: Compiled, input: Input, names: readonly string[]): boolean =>
  inputs.every((spec) => !names.includes(spec.name) || takes(spec, input[spec.name]));

/** For every input over what both declare: whether some setting of the rest is taken and allowed. */
const openOn = (one: Compiled, shared: readonly string[]): ((input: Input) => boolean) => {
  const own = one.inputs.map(({ name }) => name).filter((name) => !shared.includes(name));
  const settings = inputsOver(own).filter((input) => fits(one, input, own));
  return (input) =>
    fits(one, input, shared) &&
    settings.some(
      (setting) =>
        one.policy.decide({
          caller: 'slack:T1/U1',
          channel: 'slack:T1/C1',
          command: 'move',
          input: { ...input, ...setting },
        }).allowed,
    );
};

const runs = 150;

const pair = fc.oneof(
  fc.tuple(side, side),
  fc.tuple(side, side).map(([one, other]): [Side, Side] => [one, { ...one, rows: other.rows }]),
  fc
    .tuple(side, side, fc.constantFrom('weight', 'tag', 'dry'))
    .map(([one, other, name]): [Side, Side] => [one, { ...one, [name]: other[name as 'tag'] }]),
);

t.test('which inputs a gain or a loss is about is what asking about each one shows', async (t) => {
  const seen = { exact: 0, not: 0, gain: 0, lose: 0, worded: 0 };
  fc.assert(
    fc.property(pair, ([first, second]) => {
      const [one, other] = [compiled(first), compiled(second)];
      if (one === undefined || other === undefined) return;
      const { changes, exact } = diffAccess(one.parts, other.parts);
      seen[exact ? 'exact' : 'not']++;
      const found = changes.filter(({ command }) => command === 'move');
      const shared = one.inputs
        .map(({ name }) => name)
        .filter((name) => other.inputs.some((spec) => spec.name === name));
      const specOf = ({ inputs }: Compiled, name: string) => inputs.find((spec) => spec.name === name);
      const takenOf = (name: string, value: InputValue | undefined): Taken => ({
        before: takes(specOf(one, name), value),
        after: takes(specOf(other, name), value),
      });
      const [was, is] = [openOn(one, shared), openOn(other, shared)];
      for (const input of inputsOver(shared)) {
        const [before, after] = [was(input), is(input)];
        for (const direction of ['gain', 'lose'] as const) {
          const wanted = direction === 'gain' ? !before && after : before && !after;
          const wide = direction === 'gain' ? other : one;
          if (!fits(wide, input, shared)) continue;
          const change = found.find((each) => each.direction === direction);
          const told = change !== undefined && holdsIn(change.boxes, input, takenOf);
          if (told !== wanted && (exact || told))
            throw new Error(
              JSON.stringify({ first, second, direction, input, wanted, told, changes }, undefined, 1),
            );
          if (change === undefined) continue;
          const said = isSaidOf(change.inputs, input, shared, takenOf);
          if (said !== wanted && exact)
            throw new Error(
              JSON.stringify({ first, second, direction, input, wanted, said, words: change.inputs }),
            );
          if (wanted) seen[direction]++;
          if (change.inputs !== '') seen.worded++;
        }
      }
    }),
    { numRuns: runs },
  );
  t.comment(JSON.stringify(seen));
  t.ok(Math.min(seen.gain, seen.lose, seen.worded) > 200, JSON.stringify(seen));
  t.ok(seen.exact > 3 * seen.not, JSON.stringify(seen));
});
