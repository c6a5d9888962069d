import type { Finding } from '../finding.ts';

/** How many findings there are of each severity. */
export const countsOf = (
  findings: readonly Finding[],
): { readonly errors: number; readonly warnings: number } => {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
};
