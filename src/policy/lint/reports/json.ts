import type { Finding } from '../finding.ts';
import { countsOf } from './counts.ts';
import { pathOf } from './paths.ts';

/** As data: the names of the fields stay. */
export const asJson = (findings: readonly Finding[], folder: string): string =>
  `${JSON.stringify(
    { ...countsOf(findings), findings: findings.map((one) => ({ ...one, path: pathOf(one, folder) })) },
    undefined,
    2,
  )}\n`;
