import type { Finding } from '../finding.ts';

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const summary = (findings: readonly Finding[]): string => {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(findings.length > errors ? [counted(findings.length - errors, 'warning')] : []),
  ];
  return parts.length === 0 ? 'Nothing found.' : `${parts.join(', ')}.`;
};

/** For people: one line each, `file:line: severity code: what`. */
export const asText = (findings: readonly Finding[], folder: string): string => {
  const lines = findings.map(
    ({ file, line, severity, code, text }) => `${folder}/${file}:${line}: ${severity} ${code}: ${text}`,
  );
  return `${[...lines, summary(findings)].join('\n')}\n`;
};
