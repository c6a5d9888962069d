import { holds } from './expression.ts';
import { matchesAny } from './glob.ts';
import type { Rule } from './model.ts';
import type { Files } from './types.ts';

/** The first rule that fits, or undefined: then the job (or the whole pipeline) is left out. */
export function firstFitting(
  rules: readonly Rule[],
  variable: (name: string) => string | undefined,
  files: Files,
): Rule | undefined {
  return rules.find((rule) => {
    if (rule.if !== undefined && !holds(rule.if, variable)) return false;
    return rule.exists === undefined || [...files.keys()].some((path) => matchesAny(path, rule.exists ?? []));
  });
}
