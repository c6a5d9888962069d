import type { InputSpec, InputValue, StringInput } from '../../core/input.ts';
import type { Comparison } from '../condition/ast.ts';
import { examplesOf } from './examples.ts';
import { type Declared, type Region, type Regions, specsOf, takes } from './region.ts';

type Matches = Extract<Comparison, { kind: 'matches' }>;

const isString = (spec: InputSpec): spec is StringInput => spec.type === 'string';

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

const padded = (spec: StringInput): readonly string[] => {
  const { minLength = 0, maxLength = 1000 } = spec;
  return [minLength, minLength + 1, maxLength, maxLength + 1]
    .filter((length) => length > 0 && length <= 1000)
    .map((length) => 'x'.repeat(length));
};

const candidatesFor = (
  specs: readonly StringInput[],
  matching: readonly Matches[],
  compared: readonly InputValue[],
  samples: readonly string[],
): readonly string[] => {
  const sources = [...specs.flatMap(({ pattern }) => pattern ?? []), ...matching.map(({ source }) => source)];
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

/** How both declarations and every pattern see a text: texts that are seen alike are decided alike. */
const sightOf = (declared: Declared, matching: readonly Matches[], text: string): string =>
  [takes(declared.before, text), takes(declared.after, text), ...matching.map(({ matches }) => matches(text))]
    .map(Number)
    .join('');

/** Both sides take the same texts, as far as their declarations show. */
const alike = ({ before, after }: Declared): boolean => {
  const shapeOf = (spec: InputSpec | undefined) =>
    spec !== undefined && isString(spec)
      ? JSON.stringify([spec.options, spec.pattern, spec.minLength, spec.maxLength])
      : 'none';
  return before === undefined || after === undefined || shapeOf(before) === shapeOf(after);
};

/**
 * The regions of a text input: each text that is named somewhere, and of all others one for every way they can be seen.
 * Not exact when there may be a way for which no text was found.
 */
export const stringRegions = (
  declared: Declared,
  comparisons: readonly Comparison[],
  compared: readonly InputValue[],
  samples: readonly string[],
): Regions => {
  const specs = specsOf(declared).filter(isString);
  const named = new Set<InputValue>([
    ...specs.flatMap(({ options }) => options ?? []),
    ...compared.filter((value) => typeof value === 'string'),
  ]);
  const regions = [...named].map((value): Region => ({ kind: 'one', value }));
  if (specs.length === 0 || specs.every(({ options }) => options !== undefined))
    return { regions: specs.length === 0 ? [] : regions, exact: true };
  const matching = comparisons.filter((comparison) => comparison.kind === 'matches');
  const bySight = new Map<string, Region>();
  for (const value of candidatesFor(specs, matching, compared, samples)) {
    const sight = sightOf(declared, matching, value);
    const taken = specs.some((spec) => takes(spec, value));
    if (taken && !named.has(value) && !bySight.has(sight))
      bySight.set(sight, { kind: 'other', value, not: [...named] });
  }
  const complete = alike(declared) && bySight.size === 2 ** matching.length;
  return { regions: [...regions, ...bySight.values()], exact: complete };
};
