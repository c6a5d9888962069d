import type { Finding } from '../finding.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { pathOf } from './paths.ts';

/** GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const asCodeQuality = (findings: readonly Finding[], folder: string): string => {
  const prints = fingerprintsOf(findings, folder);
  const issues = findings.map((one, at) => ({
    description: one.text,
    check_name: one.code,
    fingerprint: prints[at],
    severity: one.severity === 'error' ? 'critical' : 'minor',
    location: { path: pathOf(one, folder), lines: { begin: one.line } },
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};
