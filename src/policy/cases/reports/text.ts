import type { CaseResult } from '../check-case.ts';
import { ruleAsText } from '../rule-names.ts';
import type { CasesReport } from '../run.ts';
import { noticeable, percentOf, reachedOf, type Tested, visible } from './tested.ts';

/** More lines of one kind than this are counted, not shown. */
const most = 50;

const few = (lines: readonly string[]): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `  and ${lines.length - most} more`];

const mistakesAsLines = ({ mistakes }: CasesReport): readonly string[] =>
  mistakes.map(({ file, line, text }) => `${file}:${line}  ${text}`);

const failureAsLines = ({ file, line, name, expected, got, near }: CaseResult): readonly string[] => [
  `${file}:${line}  ${name}`,
  `  expected  ${expected}`,
  `  got       ${got}`,
  ...(near === undefined ? [] : [`  nearest   ${near}`]),
  '',
];

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const casesAsLine = ({ results, mistakes }: CasesReport): string => {
  const failed = results.filter(({ passed }) => !passed).length;
  if (mistakes.length > 0)
    return `${counted(mistakes.length, 'mistake')}; ${counted(results.length, 'case')} run, ${failed} failed`;
  if (results.length === 0) return 'no cases: cases/ holds none';
  return `${counted(results.length, 'case')}, ${failed === 0 ? 'all passed' : `${failed} failed`}`;
};

const coverageAsLines = ({ coverage, mistakes }: CasesReport): readonly string[] => {
  const { rules, decided, undecided } = coverage;
  if (rules === 0) return mistakes.length > 0 ? [] : ['coverage  no rules'];
  const share = percentOf(decided, rules);
  return [
    `coverage  ${decided} of ${counted(rules, 'rule')} decided a case (${share} %)`,
    ...few(undecided.map((rule) => `  no case is decided by ${ruleAsText(rule)}`)),
  ];
};

const mutationAsLines = ({ mutation }: Tested): readonly string[] => {
  if ('skipped' in mutation) return [`mutation  not measured: ${mutation.skipped}`];
  const { noticed, equivalent, refused, survivors, complete, mutants } = mutation;
  const whole = noticeable(mutation);
  const same = equivalent === 0 ? '' : `; ${equivalent} more change no decision`;
  const stillborn = refused === 0 ? '' : `; ${refused} more would not be loaded`;
  const early = complete ? '' : `; only ${mutants} were tried`;
  return [
    `mutation  ${noticed} of ${counted(whole, 'mutant')} noticed (${percentOf(noticed, whole)} %)${same}${stillborn}${early}`,
    ...few(survivors.map(({ text }) => `  nobody would notice if ${text}`)),
  ];
};

/** The report for a terminal: what failed first, then one line each for cases, coverage and mutation. */
export const asText = (tested: Tested): string => {
  const { report } = tested;
  const mistakes = mistakesAsLines(report);
  const lines = [
    ...mistakes,
    ...(mistakes.length > 0 ? [''] : []),
    ...report.results.filter(({ passed }) => !passed).flatMap(failureAsLines),
    casesAsLine(report),
    ...coverageAsLines(report),
    ...mutationAsLines(tested),
    ...reachedOf(tested).flatMap(({ passed, name, got }) => (passed ? [] : [`missed    ${name}: ${got}`])),
  ];
  return `${lines.map(visible).join('\n')}\n`;
};
