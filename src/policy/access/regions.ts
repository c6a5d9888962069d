import type { InputSpec, InputValue } from '../../core/input.ts';
import type { Comparison } from '../condition/ast.ts';
import { numberRegions } from './number-regions.ts';
import { type Declared, type Region, type Regions, specsOf, takenBy } from './region.ts';
import { stringRegions } from './string-regions.ts';

const comparedValues = (comparison: Comparison): readonly InputValue[] => {
  if (comparison.kind === 'compare') return [comparison.value];
  return comparison.kind === 'in' ? comparison.values : [];
};

const truths: readonly Region[] = [
  { kind: 'one', value: true },
  { kind: 'one', value: false },
];

const ofBooleans = (specs: readonly InputSpec[]): readonly Region[] =>
  specs.some(({ type }) => type === 'boolean') ? truths : [];

/** Splits what an input may be into regions, by both declarations and by everything that rules compare it with. */
export const regionsOf = (
  declared: Declared,
  comparisons: readonly Comparison[],
  samples: readonly string[],
): Regions => {
  const specs = specsOf(declared);
  const compared = [...new Set(comparisons.flatMap(comparedValues))];
  const strings = stringRegions(declared, comparisons, compared, samples);
  const absent: Region = { kind: 'absent', value: undefined };
  const all = [absent, ...ofBooleans(specs), ...numberRegions(specs, compared), ...strings.regions];
  const isTaken = (region: Region): boolean => {
    const taken = takenBy(declared, region);
    // An input that only one side declares is always absent on the other.
    return (declared.before !== undefined && taken.before) || (declared.after !== undefined && taken.after);
  };
  return { regions: all.filter(isTaken), exact: strings.exact };
};
