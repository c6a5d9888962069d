import type { InputSpec, InputValue, NumberInput } from '../../core/input.ts';
import { type Comparison, valueAsText } from '../condition/ast.ts';
import { type Bound, type Declared, type Region, type Regions, specsOf, takes } from './region.ts';
import { stringRegions } from './string-regions.ts';

const comparedValues = (comparison: Comparison): readonly InputValue[] => {
  if (comparison.kind === 'compare') return [comparison.value];
  return comparison.kind === 'in' ? comparison.values : [];
};

const unique = <Value>(values: Iterable<Value>): readonly Value[] => [...new Set(values)];

const one = (value: InputValue): Region => ({ kind: 'one', value });

/** All whole numbers strictly between two bounds, as one region; undefined when there is none. */
const wholeBetween = (low: number | undefined, high: number | undefined): Region | undefined => {
  const first = low === undefined ? undefined : Math.floor(low) + 1;
  const last = high === undefined ? undefined : Math.ceil(high) - 1;
  if (first !== undefined && last !== undefined && first > last) return undefined;
  const bound = (at: number | undefined): Bound | undefined =>
    at === undefined ? undefined : { at, open: false };
  return { kind: 'numbers', value: first ?? last ?? 0, from: bound(first), to: bound(last) };
};

const anyBetween = (low: number | undefined, high: number | undefined): Region => {
  const bound = (at: number | undefined): Bound | undefined =>
    at === undefined ? undefined : { at, open: true };
  const middle = low === undefined ? (high ?? 1) - 1 : high === undefined ? low + 1 : low + (high - low) / 2;
  return { kind: 'numbers', value: middle, from: bound(low), to: bound(high) };
};

/** Each bound by itself, and what lies between, below and above: no comparison with these bounds tells more apart. */
const numberRegions = (bounds: readonly number[], whole: boolean): readonly Region[] => {
  const sorted = unique(bounds).toSorted((a, b) => a - b);
  const between = whole ? wholeBetween : anyBetween;
  const point = (at: number): Region => {
    const bound = { at, open: false };
    return { kind: 'numbers', value: at, from: bound, to: bound };
  };
  return [
    between(undefined, sorted[0]),
    ...sorted.flatMap((at, index) => [point(at), between(at, sorted[index + 1])]),
  ].filter((region) => region !== undefined);
};

const isNumber = (spec: InputSpec): spec is NumberInput => spec.type === 'integer' || spec.type === 'number';

const numberBounds = (specs: readonly InputSpec[], compared: readonly InputValue[]): readonly number[] => {
  const declared = specs.flatMap((spec) =>
    spec.type === 'integer' || spec.type === 'number'
      ? [
          ...(spec.options ?? []),
          ...(spec.min === undefined ? [] : [spec.min]),
          ...(spec.max === undefined ? [] : [spec.max]),
        ]
      : [],
  );
  return [...declared, ...compared.filter((value) => typeof value === 'number')];
};

const ofNumbers = (specs: readonly InputSpec[], compared: readonly InputValue[]): readonly Region[] => {
  const numbers = specs.filter(isNumber);
  if (numbers.length === 0) return [];
  if (numbers.every(({ options }) => options !== undefined))
    return unique(numbers.flatMap(({ options }) => options ?? [])).map(one);
  const whole = numbers.every(({ type }) => type === 'integer');
  return numberRegions(numberBounds(numbers, compared), whole);
};

const ofBooleans = (specs: readonly InputSpec[]): readonly Region[] =>
  specs.some(({ type }) => type === 'boolean') ? [one(true), one(false)] : [];

/** Splits what an input may be into regions, by both declarations and by everything that rules compare it with. */
export const regionsOf = (
  declared: Declared,
  comparisons: readonly Comparison[],
  samples: readonly string[],
): Regions => {
  const specs = specsOf(declared);
  const compared = unique(comparisons.flatMap(comparedValues));
  const strings = stringRegions(declared, comparisons, compared, samples);
  const absent: Region = { kind: 'absent', value: undefined };
  const all = [absent, ...ofBooleans(specs), ...ofNumbers(specs, compared), ...strings.regions];
  const taken = ({ value }: Region): boolean => specs.some((spec) => takes(spec, value));
  return { regions: all.filter(taken), exact: strings.exact };
};

const atLeast = (name: string, { at, open }: Bound): string => `${name} ${open ? '>' : '>='} ${at}`;
const atMost = (name: string, { at, open }: Bound): string => `${name} ${open ? '<' : '<='} ${at}`;

type Numbers = Extract<Region, { kind: 'numbers' }>;

/** A run of neighbouring regions. `first` and `last`: whether nothing lies below or above it. */
const rangeAsText = (name: string, run: readonly Numbers[], first: boolean, last: boolean): string => {
  const from = first ? undefined : run[0]?.from;
  const to = last ? undefined : run.at(-1)?.to;
  if (from !== undefined && to !== undefined)
    return from.at === to.at ? `${name} = ${from.at}` : `${atLeast(name, from)} and ${atMost(name, to)}`;
  if (from !== undefined) return atLeast(name, from);
  return to === undefined ? `any ${name}` : atMost(name, to);
};

/** Runs of neighbours among the chosen places of the regions. */
const runsOf = (places: readonly number[]): readonly (readonly number[])[] => {
  const runs: number[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === place - 1) run.push(place);
    else runs.push([place]);
  }
  return runs;
};

const numbersAsText = (
  name: string,
  numbers: readonly Numbers[],
  chosen: ReadonlySet<Region>,
): readonly string[] => {
  const places = numbers.flatMap((region, at) => (chosen.has(region) ? [at] : []));
  return runsOf(places).map((run) => {
    const regions = run.flatMap((place) => numbers[place] ?? []);
    return rangeAsText(name, regions, run[0] === 0, run.at(-1) === numbers.length - 1);
  });
};

const namedAsText = (name: string, values: readonly InputValue[]): readonly string[] => {
  const texts = values.map(valueAsText);
  if (texts.length === 0) return [];
  return [texts.length === 1 ? `${name} = ${texts[0]}` : `${name} in (${texts.join(', ')})`];
};

/**
 * The chosen regions of an input in words: `weight >= 26 and weight <= 50`; empty when they are all that there can be.
 * `possible` are the regions that the side in question takes, in order.
 */
export const regionsAsText = (
  name: string,
  chosen: ReadonlySet<Region>,
  possible: readonly Region[],
): string => {
  if (possible.every((region) => chosen.has(region))) return '';
  const numbers = possible.filter((region) => region.kind === 'numbers');
  const named = possible.filter(({ kind }) => kind === 'one');
  const values = (regions: readonly Region[]) =>
    regions.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const others = possible.some((region) => region.kind === 'other' && chosen.has(region));
  const left = values(named.filter((region) => !chosen.has(region)));
  const words = [
    ...numbersAsText(name, numbers, chosen),
    ...(others && left.length > 0 ? [`${name} not in (${left.map(valueAsText).join(', ')})`] : []),
    ...(others && left.length === 0 ? [`any ${name}`] : []),
    ...(others ? [] : namedAsText(name, values(named.filter((region) => chosen.has(region))))),
    ...(possible.some((region) => region.kind === 'absent' && chosen.has(region)) ? [`without ${name}`] : []),
  ];
  return words.length > 1 ? `(${words.join(' or ')})` : (words[0] ?? '');
};
