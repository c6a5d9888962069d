import { findSurvivors, type Mutation } from '../../../src/policy/cases/mutate.ts';
import { type CasesReport, runCases } from '../../../src/policy/cases/run.ts';
import type { Membership } from '../../../src/policy/compile.ts';
import type { PolicyFiles } from '../../../src/policy/files.ts';
import { uses } from '../../../src/wiring/effects.ts';
import { filesWith, links, today } from '../fixtures.ts';

/** What the files are compiled with. */
export const beside = (memberships: readonly Membership[] = []) => ({
  memberships,
  reserved: ['help', 'run', 'cancel'],
  uses,
  now: () => today,
});

/** SREs may do everything in ops, developers a little in dev, and nobody too much. */
export const rules = `p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow
p, *, *, lb weight, env = production and weight > 50, deny
`;

/** A policy folder with these rules, people linked as everywhere in the tests, and these files of cases. */
export const folderWith = (
  cases: string | Readonly<Record<string, string>>,
  csv: string = links + rules,
): PolicyFiles => filesWith(csv, typeof cases === 'string' ? { 'cases/a.yml': cases } : cases);

export const reportOn = (
  cases: string | Readonly<Record<string, string>>,
  csv?: string,
  memberships: readonly Membership[] = [],
): CasesReport => runCases(folderWith(cases, csv), beside(memberships));

/** The mistakes of the cases as lines. */
export const mistakesIn = (
  cases: string | Readonly<Record<string, string>>,
  csv?: string,
): readonly string[] =>
  reportOn(cases, csv).mistakes.map(({ file, line, text }) => `${file}:${line}: ${text}`);

/** What failed, as `line: got`; empty when all passed. Throws when the files have mistakes or hold no case. */
export const failuresIn = (cases: string, csv?: string): readonly string[] => {
  const { mistakes, results } = reportOn(cases, csv);
  if (mistakes.length > 0 || results.length === 0) throw new Error(JSON.stringify(mistakes));
  return results.filter(({ passed }) => !passed).map(({ line, got }) => `${line}: ${got}`);
};

/** Tries all mutants; no time passes. */
export const mutationOf = (files: PolicyFiles, most = 10_000): Mutation =>
  findSurvivors(files, beside(), { mutants: most, ms: 1, clock: () => 0 });
