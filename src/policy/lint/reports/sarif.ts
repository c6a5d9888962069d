import { type Finding, type FindingCode, meaningOf } from '../finding.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { pathOf } from './paths.ts';

/** A path as a relative reference: what has a meaning in addresses is written as its code. */
const addressOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const locationOf = (one: Finding, folder: string) => ({
  physicalLocation: {
    artifactLocation: { uri: addressOf(pathOf(one, folder)) },
    region: { startLine: one.line },
  },
});

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const asSarif = (findings: readonly Finding[], folder: string): string => {
  const codes: readonly FindingCode[] = [...new Set(findings.map(({ code }) => code))].toSorted();
  const prints = fingerprintsOf(findings, folder);
  const results = findings.map((one, at) => ({
    ruleId: one.code,
    ruleIndex: codes.indexOf(one.code),
    level: one.severity,
    message: { text: one.text },
    locations: [locationOf(one, folder)],
    partialFingerprints: { 'chatopsPolicyLint/v1': prints[at] },
  }));
  const rules = codes.map((id) => ({ id, shortDescription: { text: meaningOf(id) } }));
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'chatops policy lint', rules } }, results }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};
