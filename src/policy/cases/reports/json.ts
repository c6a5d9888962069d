import { isFine, reachedOf, sharesOf, type Tested } from './tested.ts';

/** The report for programs: everything that the other reports are made of. */
export const asJson = (tested: Tested): string => {
  const { folder, report, mutation } = tested;
  const { mistakes, results, coverage } = report;
  const shares = sharesOf(tested);
  const whole = {
    passed: isFine(tested),
    folder,
    mistakes,
    results,
    coverage: { percent: shares.coverage, ...coverage },
    mutation: 'skipped' in mutation ? mutation : { percent: shares.mutation, ...mutation },
    minimums: reachedOf(tested),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
};
