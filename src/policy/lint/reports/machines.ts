import { createHash } from 'node:crypto';
import { type Finding, type FindingCode, meaningOf } from '../finding.ts';

const asDocument = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const pathOf = ({ file }: Finding, folder: string): string =>
  file === '.' ? folder : `${folder}/${file}`.replace(/^\.\//, '');

/** As data: the names of the fields stay. */
export const asJson = (findings: readonly Finding[], folder: string): string =>
  asDocument({ findings: findings.map((one) => ({ ...one, path: pathOf(one, folder) })) });

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const asSarif = (findings: readonly Finding[], folder: string): string => {
  const codes: readonly FindingCode[] = [...new Set(findings.map(({ code }) => code))].toSorted();
  const rules = codes.map((id) => ({ id, shortDescription: { text: meaningOf(id) } }));
  const results = findings.map((one) => ({
    ruleId: one.code,
    level: one.severity,
    message: { text: one.text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(pathOf(one, folder)) },
          region: { startLine: one.line },
        },
      },
    ],
  }));
  return asDocument({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'chatops policy lint', rules } }, results }],
  });
};

/** The same finding keeps its fingerprint when lines move; several alike in one file are numbered. */
const fingerprints = (findings: readonly Finding[], folder: string): readonly string[] => {
  const seen = new Map<string, number>();
  return findings.map((one) => {
    const key = JSON.stringify([pathOf(one, folder), one.code, one.text.replace(/:\d+/g, '')]);
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return createHash('sha256').update(`${key}${number}`).digest('hex').slice(0, 32);
  });
};

/** GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const asCodeQuality = (findings: readonly Finding[], folder: string): string => {
  const prints = fingerprints(findings, folder);
  return asDocument(
    findings.map((one, at) => ({
      description: one.text,
      check_name: one.code,
      fingerprint: prints[at],
      severity: one.severity === 'error' ? 'critical' : 'minor',
      location: { path: pathOf(one, folder), lines: { begin: one.line } },
    })),
  );
};
