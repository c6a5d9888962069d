import { parseArgs } from 'node:util';
import type { Finding } from '../../policy/lint/finding.ts';
import { lintPolicy } from '../../policy/lint/lint.ts';
import { asCodeQuality } from '../../policy/lint/reports/code-quality.ts';
import { asJson } from '../../policy/lint/reports/json.ts';
import { asSarif } from '../../policy/lint/reports/sarif.ts';
import { asText } from '../../policy/lint/reports/text.ts';
import { deliver, type PolicyOutside, readSources } from './sources.ts';

/** How `chatops policy lint` is asked. */
export const lintUsage = `  chatops policy lint [folder] [--format text|json|sarif|codequality] [--output <file>] [--members <file>]
                      [--allow-warnings]
      everything that is wrong or odd with a policy folder, with file and line`;

const formats: Readonly<Record<string, (findings: readonly Finding[], folder: string) => string>> = {
  text: asText,
  json: asJson,
  sarif: asSarif,
  codequality: asCodeQuality,
};

const options = {
  format: { type: 'string', default: 'text' },
  output: { type: 'string' },
  members: { type: 'string' },
  'allow-warnings': { type: 'boolean', default: false },
} as const;

const readArgs = (args: readonly string[]) => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [folder, more] = positionals;
    if (more !== undefined) return 'Name one folder.';
    const write = Object.hasOwn(formats, values.format) ? formats[values.format] : undefined;
    if (write === undefined) return `--format: one of ${Object.keys(formats).join(', ')}.`;
    return { folder, write, ...values };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** `chatops policy lint`: 0 when nothing counts, 1 when something does, or a sentence when it was asked wrongly. */
export const lint = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const asked = readArgs(args);
  if (typeof asked === 'string') return asked;
  const sources = await readSources(asked.folder, outside, asked.members);
  if (typeof sources === 'string') return sources;
  const findings = lintPolicy(sources.read, sources.sources);
  const report = asked.write(findings, sources.folder.replace(/(?<=.)\/+$/, ''));
  try {
    await deliver(report, asked.output, outside);
  } catch (error) {
    return `--output ${asked.output}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const counting = findings.filter(({ severity }) => severity === 'error' || !asked['allow-warnings']);
  return counting.length > 0 ? 1 : 0;
};
