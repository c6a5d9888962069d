import type { InputSpec, InputValue, StringInput } from '../../core/input.ts';
import type { Comparison } from '../condition/ast.ts';
import { examplesOf } from './examples.ts';
import { type Declared, type Look, type Region, type Regions, specsOf, type Taken, takes } from './region.ts';
import { bothSides } from './sides.ts';

type Matches = Extract<Comparison, { kind: 'matches' }>;
type Other = Extract<Region, { kind: 'other' }>;

const isString = (spec: InputSpec | undefined): spec is StringInput => spec?.type === 'string';

/** Texts of common shapes: names, versions, numbers, paths, addresses, sentences. */
const usual = [
  'x',
  'abc',
  'v1',
  '1',
  '10',
  '1.2.3',
  'v1.2.3',
  'main',
  'a-b',
  'a_b',
  'A',
  'a/b',
  'a b',
  'x@y.z',
  'é',
  '0',
  'x1',
  '',
];

const longest = 1000;

/** A text of each length at which a declaration begins or ceases to take one. */
const padded = ({ minLength = 0, maxLength = longest }: StringInput): readonly string[] =>
  [minLength - 1, minLength, minLength + 1, maxLength, maxLength + 1]
    .filter((length) => length >= 0 && length <= longest)
    .map((length) => 'x'.repeat(length));

const candidatesFor = (
  specs: readonly StringInput[],
  patterns: ReadonlyMap<string, Matches>,
  compared: readonly InputValue[],
  samples: readonly string[],
): readonly string[] => {
  const sources = [...specs.flatMap(({ pattern }) => pattern ?? []), ...patterns.keys()];
  const defaults = specs.flatMap((spec) => spec.default ?? []);
  const near = compared.filter((value) => typeof value === 'string').map((value) => `${value}x`);
  return [
    ...new Set([
      ...samples,
      ...defaults,
      ...usual,
      ...sources.flatMap(examplesOf),
      ...specs.flatMap(padded),
      ...near,
    ]),
  ];
};

const sightOf = (taken: Taken, looks: readonly Look[]): string =>
  [taken.before, taken.after, ...looks.map(({ matches }) => matches)].map(Number).join('');

/** What a declaration may make of a text that is named nowhere. */
const mayTake = (spec: InputSpec | undefined): readonly boolean[] => {
  if (!isString(spec) || spec.options !== undefined) return [false];
  const { pattern, minLength = 0, maxLength = longest } = spec;
  return pattern === undefined && minLength === 0 && maxLength >= longest ? [true] : [true, false];
};

const limitsOf = (spec: InputSpec | undefined): string =>
  isString(spec) ? JSON.stringify([spec.options, spec.pattern, spec.minLength, spec.maxLength]) : 'none';

const hasPattern = (spec: InputSpec | undefined): boolean => isString(spec) && spec.pattern !== undefined;

/** Every way in which both declarations may take a text that is named nowhere. */
const possiblyTaken = ({ before, after }: Declared): readonly Taken[] => {
  const all = mayTake(before)
    .flatMap((one) => mayTake(after).map((other): Taken => ({ before: one, after: other })))
    .filter((taken) => taken.before || taken.after);
  if (limitsOf(before) === limitsOf(after)) return all.filter((taken) => taken.before === taken.after);
  if (hasPattern(before) || hasPattern(after)) return all;
  // Nothing but lengths: the texts of each length show all that there is.
  const seen = specsOf({ before, after })
    .filter(isString)
    .flatMap(padded)
    .map((text) => sightOf({ before: takes(before, text), after: takes(after, text) }, []));
  return all.filter((taken) => seen.includes(sightOf(taken, [])));
};

const looksAt = (patterns: readonly string[]): readonly (readonly Look[])[] =>
  patterns.reduce<readonly (readonly Look[])[]>(
    (ways, pattern) => ways.flatMap((way) => [true, false].map((matches) => [...way, { pattern, matches }])),
    [[]],
  );

/** A declaration with a pattern takes nothing that this pattern does not match. */
const agree = (looks: readonly Look[], taken: Taken, declared: Declared): boolean =>
  bothSides.every((side) => {
    const spec = declared[side];
    const pattern = isString(spec) ? spec.pattern : undefined;
    return !taken[side] || looks.every((look) => look.pattern !== pattern || look.matches);
  });

const mostSupposed = 64;

/**
 * The regions of a text input: each text that is named somewhere, and of all others one for every way they can be seen. Where no
 * text was found that is seen in some way, the region has no value. Not exact when there are too many ways.
 */
export const stringRegions = (
  declared: Declared,
  comparisons: readonly Comparison[],
  compared: readonly InputValue[],
  samples: readonly string[],
): Regions => {
  const specs = specsOf(declared).filter(isString);
  if (specs.length === 0) return { regions: [], exact: true };
  const named = new Set<InputValue>([
    ...specs.flatMap(({ options }) => options ?? []),
    ...compared.filter((value) => typeof value === 'string'),
  ]);
  const patterns = new Map(
    comparisons.flatMap((one) => (one.kind === 'matches' ? [[one.source, one] as const] : [])),
  );
  const looksOf = (text: string): readonly Look[] =>
    [...patterns].map(([pattern, { matches }]) => ({ pattern, matches: matches(text) }));
  const regions = [...named].map((value): Region => ({ kind: 'one', value, looks: looksOf(String(value)) }));
  if (specs.every(({ options }) => options !== undefined)) return { regions, exact: true };
  const found = new Map<string, Other>();
  const add = (value: string | undefined, taken: Taken, looks: readonly Look[]): void => {
    const sight = sightOf(taken, looks);
    if ((taken.before || taken.after) && !found.has(sight))
      found.set(sight, { kind: 'other', value, not: [...named], looks, taken });
  };
  for (const value of candidatesFor(specs, patterns, compared, samples)) {
    if (named.has(value) || value !== value.normalize('NFC')) continue;
    const taken = { before: takes(declared.before, value), after: takes(declared.after, value) };
    add(value, taken, looksOf(value));
  }
  const taken = possiblyTaken(declared);
  const exact = taken.length * 2 ** patterns.size <= mostSupposed;
  if (exact)
    for (const looks of looksAt([...patterns.keys()]))
      for (const one of taken) if (agree(looks, one, declared)) add(undefined, one, looks);
  return { regions: [...regions, ...found.values()], exact };
};
