import type { Mutation } from '../mutate.ts';
import type { CasesReport } from '../run.ts';

/** A share that must be reached at least, in percent. */
export interface Minimum {
  readonly of: 'coverage' | 'mutation';
  readonly percent: number;
}

/** Everything that reports are made of. */
export interface Tested {
  /** The policy folder as it was named: files of reports begin with it. */
  readonly folder: string;
  readonly report: CasesReport;
  /** Why it was not measured, when it was not. */
  readonly mutation: Mutation | { readonly skipped: string };
  readonly minimums: readonly Minimum[];
}

/** How a minimum ended. */
export interface Reached {
  readonly name: string;
  readonly passed: boolean;
  readonly got: string;
}

/** How many of the mutants a case could notice: they can be loaded and change a decision. */
export const noticeable = ({ mutants, equivalent, refused }: Mutation): number =>
  mutants - equivalent - refused;

/** A share in whole percent, rounded down: 100 only when nothing is missing. */
export const percentOf = (part: number, whole: number): number =>
  whole === 0 ? 100 : Math.floor((part * 100) / whole);

/** How much of the rules and of the mutants the cases reach, in percent; no mutation when it was not measured. */
export const sharesOf = ({ report, mutation }: Tested): Record<Minimum['of'], number | undefined> => ({
  coverage: percentOf(report.coverage.decided, report.coverage.rules),
  mutation: 'skipped' in mutation ? undefined : percentOf(mutation.noticed, noticeable(mutation)),
});

/** Holds the shares against the minimums. What was not measured reaches none. */
export const reachedOf = (tested: Tested): readonly Reached[] => {
  const shares = sharesOf(tested);
  return tested.minimums.map(({ of, percent }) => {
    const share = shares[of];
    return {
      name: `${of} is at least ${percent} %`,
      passed: share !== undefined && share >= percent,
      got: share === undefined ? 'not measured' : `${share} %`,
    };
  });
};

/** Whether all is well: no mistakes, no failing case, no minimum missed. */
export const isFine = (tested: Tested): boolean =>
  tested.report.mistakes.length === 0 &&
  tested.report.results.every(({ passed }) => passed) &&
  reachedOf(tested).every(({ passed }) => passed);

/** Text that would be taken for something else in a terminal or a file is made visible. */
export const visible = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
