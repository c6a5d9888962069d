import type { Place } from '../../core/command.ts';
import type { PolicySources } from '../compile.ts';
import type { PolicyFiles } from '../files.ts';
import type { PolicyParts } from '../policy.ts';
import { changesNothing, createLasting } from './equivalent.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { createReaches, noticesLink, noticesRule } from './noticing.ts';
import { createProbes, distinct, type Probe } from './probes.ts';
import { createIsRefused } from './refused.ts';
import { type Ran, runSuitesOf } from './run.ts';

/** How far mutants are looked for. */
export interface MutationLimits {
  readonly mutants: number;
  readonly ms: number;
  /** Milliseconds from any beginning. */
  readonly clock: () => number;
}

/** A mutant that no case noticed: its row, and the row with its change, to follow "nobody would notice if". */
export interface Survivor extends Place {
  readonly text: string;
}

/** What the cases notice. Mutants that no case could notice are counted apart. */
export interface Mutation {
  readonly mutants: number;
  readonly noticed: number;
  /** Those that decide everything as the policy does. */
  readonly equivalent: number;
  /** Those that would not be loaded at all. */
  readonly refused: number;
  readonly survivors: readonly Survivor[];
  /** Whether every mutant was tried. */
  readonly complete: boolean;
}

const placeOf = (mutant: Mutant): Place => {
  const { file, line } = mutant.kind === 'rule' ? mutant.rule : mutant.link;
  return { file, line };
};

/** Whether a case notices the mutant. */
const createNotices = (parts: PolicyParts, probes: readonly Probe[]): ((mutant: Mutant) => boolean) => {
  const policy = { parts, places: new Map(parts.rules.map((rule, place) => [rule, place])) };
  const forRules = distinct(parts, probes);
  const reachOf = createReaches();
  return (mutant) =>
    mutant.kind === 'rule'
      ? forRules.some(noticesRule(policy, mutant.rule, mutant.to))
      : probes.some(noticesLink(reachOf, mutant));
};

/** Tries the mutants of a policy on the cases that passed. */
export const mutate = ({ parts, checked, at }: Ran, limits: MutationLimits): Mutation => {
  const end = limits.clock() + limits.ms;
  const count = { mutants: 0, noticed: 0, equivalent: 0, refused: 0 };
  const survivors: Survivor[] = [];
  if (parts === undefined) return { ...count, survivors, complete: false };
  const passed = checked.filter(({ result }) => result.passed);
  const notices = createNotices(parts, createProbes(passed.flatMap(({ questions }) => questions)));
  const policy = createLasting(parts, at);
  const isRefused = createIsRefused(parts);
  for (const mutant of mutantsOf(parts)) {
    if (count.mutants >= limits.mutants || limits.clock() > end)
      return { ...count, survivors, complete: false };
    count.mutants++;
    if (notices(mutant)) count.noticed++;
    else if (changesNothing(policy, mutant)) count.equivalent++;
    else if (isRefused(mutant)) count.refused++;
    else survivors.push({ ...placeOf(mutant), text: mutant.text });
  }
  return { ...count, survivors, complete: true };
};

/** Runs the cases of a policy folder and says which changes of a row none of them would notice. */
export const findSurvivors = (
  files: PolicyFiles,
  sources: Omit<PolicySources, 'files'>,
  limits: MutationLimits,
): Mutation => mutate(runSuitesOf(files, sources), limits);
