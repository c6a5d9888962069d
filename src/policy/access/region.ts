import { checkInput } from '../../core/check-input.ts';
import type { InputSpec, InputValue } from '../../core/input.ts';
import type { Side } from './sides.ts';

/** How a pattern of some condition sees a text. */
export interface Look {
  readonly pattern: string;
  readonly matches: boolean;
}

/** Which declarations take a value. */
export type Taken = Readonly<Record<Side, boolean>>;

/**
 * Values of one input that no rule and neither declaration tells apart, with one of them. `undefined` stands for an input that is
 * absent.
 */
export type Region =
  | { readonly kind: 'absent'; readonly value: undefined }
  /** `looks`: of a text, how the patterns see it. */
  | { readonly kind: 'one'; readonly value: InputValue; readonly looks?: readonly Look[] }
  /** Texts that are none of these, look like this to every pattern and are taken by these declarations. Without a value: there may be none. */
  | {
      readonly kind: 'other';
      readonly value: string | undefined;
      readonly not: readonly InputValue[];
      readonly looks: readonly Look[];
      readonly taken: Taken;
    }
  | {
      readonly kind: 'numbers';
      readonly value: number;
      /** Undefined: without end. `open`: the bound itself does not belong to it. */
      readonly from: Bound | undefined;
      readonly to: Bound | undefined;
      /** Only the whole ones of them, or only the others; undefined where no declaration tells them apart. */
      readonly whole: boolean | undefined;
    };

/** An end of a range of numbers. */
export interface Bound {
  readonly at: number;
  readonly open: boolean;
}

/** An input as both sides declare it; undefined where a side does not. */
export interface Declared {
  readonly before: InputSpec | undefined;
  readonly after: InputSpec | undefined;
}

/** The regions of an input. `exact` is false when values may exist that none of them stands for. */
export interface Regions {
  readonly regions: readonly Region[];
  readonly exact: boolean;
}

/** Whether the declaration takes the value; `undefined` is an input that is absent. */
export const takes = (spec: InputSpec | undefined, value: InputValue | undefined): boolean => {
  if (spec === undefined) return value === undefined;
  if (value === undefined) return !spec.required && spec.default === undefined;
  const checked = checkInput(spec, String(value));
  return checked.ok && checked.value === value;
};

/** Which declarations take the values of a region. */
export const takenBy = ({ before, after }: Declared, region: Region): Taken =>
  region.kind === 'other'
    ? region.taken
    : { before: takes(before, region.value), after: takes(after, region.value) };

/** The declarations there are. */
export const specsOf = ({ before, after }: Declared): readonly InputSpec[] =>
  [before, after].filter((spec) => spec !== undefined);
