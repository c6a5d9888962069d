import type { InputSpec, InputValue, NumberInput } from '../../core/input.ts';
import { type Bound, type Region, takes } from './region.ts';

const isNumber = (spec: InputSpec): spec is NumberInput => spec.type === 'integer' || spec.type === 'number';

/** The next number above, of all that there are. */
const nextAbove = (value: number): number => {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
};

const nextBelow = (value: number): number => -nextAbove(-value);

/** Numbers between two bounds among which there is one that can be typed, if there is any: the plainest first. */
const candidatesBetween = (low: number, high: number): readonly number[] => {
  const [first, last] = [Math.floor(low) + 1, Math.ceil(high) - 1];
  const largest = Number.MAX_SAFE_INTEGER;
  const around = [low, high].filter(Number.isFinite);
  const middle = around.length === 2 ? [low + (high - low) / 2] : [];
  const near = [...around.flatMap((bound) => [bound + 0.5, bound - 0.5]), nextAbove(low), nextBelow(high)];
  return [first, last, 0, ...middle, 0.5, ...near, largest, -largest]
    .filter((value) => Number.isFinite(value) && value > low && value < high)
    .map((value) => (value === 0 ? 0 : value));
};

const bound = (at: number): Bound | undefined => (Number.isFinite(at) ? { at, open: true } : undefined);
const shut = (at: number): Bound | undefined => (Number.isFinite(at) ? { at, open: false } : undefined);

type Numbers = Extract<Region, { kind: 'numbers' }>;

/** What there is to know about the numbers that the declarations take. */
interface Kind {
  readonly specs: readonly NumberInput[];
  /** `whole` as in a region: every declaration takes whole numbers only, or this part is about one sort of them. */
  readonly whole: boolean | undefined;
  readonly onlyWhole: boolean;
}

/** All numbers strictly between two bounds, as one region; undefined when none can be typed. */
const between = (low: number, high: number, { specs, whole, onlyWhole }: Kind): Numbers | undefined => {
  const value = candidatesBetween(low, high).find(
    (one) =>
      (whole === undefined || Number.isInteger(one) === whole) && specs.some((spec) => takes(spec, one)),
  );
  if (value === undefined) return undefined;
  const [from, to] = onlyWhole
    ? [shut(Math.floor(low) + 1), shut(Math.ceil(high) - 1)]
    : [bound(low), bound(high)];
  return { kind: 'numbers', value, from, to, whole };
};

const kindsOf = (specs: readonly NumberInput[]): readonly Kind[] => {
  const types = new Set(specs.map(({ type }) => type));
  if (types.size > 1) return [true, false].map((whole) => ({ specs, whole, onlyWhole: false }));
  return [{ specs, whole: undefined, onlyWhole: types.has('integer') }];
};

const point = (at: number): Numbers => ({
  kind: 'numbers',
  value: at,
  from: shut(at),
  to: shut(at),
  whole: undefined,
});

const boundsOf = (specs: readonly NumberInput[], compared: readonly InputValue[]): readonly number[] => {
  const declared = specs.flatMap(({ options, min, max }) =>
    [...(options ?? []), min ?? [], max ?? []].flat(),
  );
  // Whole numbers beyond these are taken by `number` only.
  const { MAX_SAFE_INTEGER: largest } = Number;
  const mixed = new Set(specs.map(({ type }) => type)).size > 1 ? [largest, -largest] : [];
  const all = [...declared, ...mixed, ...compared.filter((value) => typeof value === 'number')];
  return [...new Set(all.map((at) => (at === 0 ? 0 : at)))].toSorted((a, b) => a - b);
};

/** Each bound by itself, and what lies between, below and above: neither a declaration nor a comparison tells more apart. */
export const numberRegions = (
  declared: readonly InputSpec[],
  compared: readonly InputValue[],
): readonly Region[] => {
  const specs = declared.filter(isNumber);
  if (specs.length === 0) return [];
  if (specs.every(({ options }) => options !== undefined))
    return [...new Set(specs.flatMap(({ options }) => options ?? []))].map((value) => ({
      kind: 'one',
      value,
    }));
  const bounds = boundsOf(specs, compared);
  const kinds = kindsOf(specs);
  const gap = (low: number, high: number): readonly (Numbers | undefined)[] =>
    kinds.map((kind) => between(low, high, kind));
  const regions = [
    ...gap(Number.NEGATIVE_INFINITY, bounds[0] ?? Number.POSITIVE_INFINITY),
    ...bounds.flatMap((at, index) => [point(at), ...gap(at, bounds[index + 1] ?? Number.POSITIVE_INFINITY)]),
  ];
  return regions.filter((region) => region !== undefined);
};
