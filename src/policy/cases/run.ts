import type { Rule } from '../../core/decision.ts';
import { compilePolicy, type PolicySources } from '../compile.ts';
import type { PolicyFiles } from '../files.ts';
import { createMistakeList, type Mistake } from '../mistakes.ts';
import type { PolicyParts } from '../policy.ts';
import { createLines } from './asking.ts';
import type { Suite } from './case.ts';
import { type CaseResult, type Checked, checkCase, mostQuestions } from './check-case.ts';
import { checkWhoCan } from './check-who-can.ts';
import { readSuites } from './read.ts';
import { createWorlds, givenMistakes } from './world.ts';

/** How the cases of a policy ended. */
export interface CasesReport {
  /** What is wrong with the files, those of the cases and, when they keep it from being compiled, those of the policy. */
  readonly mistakes: readonly Mistake[];
  readonly results: readonly CaseResult[];
  /** Rules that decided a case; rules that have expired and decide none are not counted. */
  readonly coverage: {
    readonly rules: number;
    readonly decided: number;
    readonly undecided: readonly Rule[];
  };
}

/** Cases that were run, with all that was asked. */
export interface Ran {
  readonly mistakes: readonly Mistake[];
  readonly parts: PolicyParts | undefined;
  readonly checked: readonly Checked[];
  /** Unix milliseconds. */
  readonly at: number;
}

const runSuites = (
  suites: readonly Suite[],
  parts: PolicyParts,
  reserved: readonly string[],
  now: number,
): readonly Checked[] => {
  const worldOf = createWorlds(parts, suites, now);
  let asked = 0;
  const take = (questions: number): boolean => {
    asked += questions;
    return asked <= mostQuestions;
  };
  return suites.flatMap((suite) => {
    const world = worldOf(suite);
    const read = createLines(world, reserved);
    const around = { suite: suite.name, world, rules: parts.rules, read, take };
    return [
      ...suite.cases.map((one) => checkCase(one, around)),
      ...suite.whoCan.map((one) => checkWhoCan(one, around)),
    ];
  });
};

/** Compiles a policy and runs its cases; files of cases with mistakes are left out. */
export const runSuitesOf = (files: PolicyFiles, sources: Omit<PolicySources, 'files'>): Ran => {
  const at = sources.now();
  const wrong = createMistakeList('file');
  const suites = readSuites(files, wrong);
  const compiled = compilePolicy({ ...sources, files });
  if (!compiled.ok)
    return { mistakes: [...wrong.all(), ...compiled.mistakes], parts: undefined, checked: [], at };
  const { parts } = compiled;
  const mistakes = [...wrong.all(), ...suites.flatMap((suite) => givenMistakes(parts, suite))];
  const sound = suites.filter(({ file }) => mistakes.every((mistake) => mistake.file !== file));
  return { mistakes, parts, checked: runSuites(sound, parts, sources.reserved, at), at };
};

const coverageOf = ({ parts, checked, at }: Ran): CasesReport['coverage'] => {
  const deciding = new Set(
    checked.flatMap(({ questions }) => questions.map(({ decision }) => decision.rule)),
  );
  const rules = (parts?.rules ?? []).filter(
    (rule) => deciding.has(rule) || rule.expires === undefined || at < rule.expires,
  );
  const undecided = rules.filter((rule) => !deciding.has(rule));
  return { rules: rules.length, decided: rules.length - undecided.length, undecided };
};

/** What was run, as a report. */
export const reportOf = (ran: Ran): CasesReport => ({
  mistakes: ran.mistakes,
  results: ran.checked.map(({ result }) => result),
  coverage: coverageOf(ran),
});

/** Runs the cases of a policy folder. */
export const runCases = (files: PolicyFiles, sources: Omit<PolicySources, 'files'>): CasesReport =>
  reportOf(runSuitesOf(files, sources));
