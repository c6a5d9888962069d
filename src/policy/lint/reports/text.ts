import { type Finding, meaningOf } from '../finding.ts';
import { countsOf } from './counts.ts';
import { pathOf } from './paths.ts';

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const summary = (findings: readonly Finding[]): string => {
  const { errors, warnings } = countsOf(findings);
  if (findings.length === 0) return 'Nothing found.';
  const counts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return errors > 0
    ? `${counts.join(', ')}. Errors must be mended; until then the last good version stays in force.`
    : `${counts.join(', ')}. The policy can be used; --allow-warnings lets these pass.`;
};

const byPath = (findings: readonly Finding[], folder: string): ReadonlyMap<string, readonly string[]> => {
  const files = new Map<string, string[]>();
  for (const one of findings) {
    const path = pathOf(one, folder);
    const lines = files.get(path) ?? [];
    files.set(path, lines);
    lines.push(`${path}:${one.line}: ${one.severity} ${one.code}: ${one.text}`);
  }
  return files;
};

/** For people: a block for each file, a line for each finding, then what the codes mean and how many there are. */
export const asText = (findings: readonly Finding[], folder: string): string => {
  const blocks = [...byPath(findings, folder).values()].map((lines) => lines.join('\n'));
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  const widest = Math.max(0, ...codes.map(({ length }) => length));
  const meanings = codes.map((code) => `  ${code.padEnd(widest)}  ${meaningOf(code)}`);
  return `${[...blocks, ...(codes.length === 0 ? [] : [meanings.join('\n')]), summary(findings)].join('\n\n')}\n`;
};
