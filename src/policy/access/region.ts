import { checkInput } from '../../core/check-input.ts';
import type { InputSpec, InputValue } from '../../core/input.ts';

/**
 * Values of one input that no rule and neither declaration tells apart, with one of them. `undefined` stands for an input that is
 * absent.
 */
export type Region =
  | { readonly kind: 'absent'; readonly value: undefined }
  | { readonly kind: 'one'; readonly value: InputValue }
  /** A text that is none of these, and the like of `value` to every pattern. */
  | { readonly kind: 'other'; readonly value: InputValue; readonly not: readonly InputValue[] }
  | {
      readonly kind: 'numbers';
      readonly value: number;
      /** Undefined: without end. `open`: the bound itself does not belong to it. */
      readonly from: Bound | undefined;
      readonly to: Bound | undefined;
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

/** The declarations there are. */
export const specsOf = ({ before, after }: Declared): readonly InputSpec[] =>
  [before, after].filter((spec) => spec !== undefined);
