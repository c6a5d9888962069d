import { compilePolicy } from '../../policy/compile.ts';
import { inForceAt } from '../../policy/expiring.ts';
import { mistakesAsText } from '../../policy/mistakes.ts';
import type { Policy, PolicyParts } from '../../policy/policy.ts';
import type { PolicyOutside, Sources } from './sources.ts';

/** A policy that can answer, and its parts as they are in force now. */
export interface Ready {
  readonly policy: Policy;
  readonly parts: PolicyParts;
  /** Every row, also those that have expired. */
  readonly all: PolicyParts;
}

/** Compiles what was read; complains about every mistake and answers undefined when it cannot. */
export const compiledOr = ({ folder, read, sources }: Sources, outside: PolicyOutside): Ready | undefined => {
  const compiled = read.ok ? compilePolicy({ ...sources, files: read.files }) : read;
  if (compiled.ok && 'policy' in compiled)
    return { policy: compiled.policy, parts: inForceAt(compiled.parts, sources.now()), all: compiled.parts };
  const mistakes = compiled.ok ? [] : compiled.mistakes;
  outside.complain(`The policy in ${folder} cannot be used:\n${mistakesAsText(mistakes)}\n`);
  return undefined;
};
