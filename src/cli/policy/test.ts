import { parseArgs } from 'node:util';
import { mutate } from '../../policy/cases/mutate.ts';
import { asJson } from '../../policy/cases/reports/json.ts';
import { asJunit } from '../../policy/cases/reports/junit.ts';
import { asTap } from '../../policy/cases/reports/tap.ts';
import { isFine, type Minimum, type Tested } from '../../policy/cases/reports/tested.ts';
import { asText } from '../../policy/cases/reports/text.ts';
import { type Ran, reportOf, runSuitesOf } from '../../policy/cases/run.ts';
import type { FilesRead } from '../../policy/files.ts';
import { type Beside, deliver, type PolicyOutside, readSources } from './sources.ts';

/** How `chatops policy test` is asked. */
export const testUsage = `  chatops policy test [folder] [--format text|tap|junit|json] [--output <file>] [--members <file>]
                      [--min-coverage <percent>] [--min-mutation <percent>] [--no-mutation]
    runs cases/*.yml and says which rules no case decides, and which changes of a row no case would notice`;

const formats: Readonly<Record<string, (tested: Tested) => string>> = {
  text: asText,
  tap: asTap,
  junit: asJunit,
  json: asJson,
};

const options = {
  format: { type: 'string', default: 'text' },
  output: { type: 'string' },
  members: { type: 'string' },
  'min-coverage': { type: 'string' },
  'min-mutation': { type: 'string' },
  'no-mutation': { type: 'boolean', default: false },
} as const;

/** Far more than a policy that people read has; whoever waits for a merge request's jobs waits no longer. */
const mostMutants = 200_000;
const mutationMs = 30_000;

interface Asked {
  readonly folder: string | undefined;
  readonly write: (tested: Tested) => string;
  readonly output: string | undefined;
  readonly members: string | undefined;
  readonly minimums: readonly Minimum[];
  readonly mutation: boolean;
}

const percentIn = (text: string): number => (/^\d{1,3}$/.test(text) ? Number(text) : Number.NaN);

/** What was asked, or a sentence that says what is wrong with it. */
const readArgs = (args: readonly string[]): Asked | string => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { format, output, members, 'min-coverage': coverage, 'min-mutation': mutation } = values;
    if (positionals.length > 1) return 'Name one folder.';
    const write = Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (write === undefined) return `--format: ${JSON.stringify(format)} must be text, tap, junit or json.`;
    if (mutation !== undefined && values['no-mutation'])
      return '--min-mutation needs what --no-mutation leaves out.';
    const minimums: Minimum[] = [];
    for (const [of, text] of [['coverage', coverage] as const, ['mutation', mutation] as const]) {
      if (text === undefined) continue;
      const percent = percentIn(text);
      if (!(percent <= 100))
        return `--min-${of}: ${JSON.stringify(text)} must be a whole number from 0 to 100.`;
      minimums.push({ of, percent });
    }
    return { folder: positionals[0], write, output, members, minimums, mutation: !values['no-mutation'] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const run = (read: FilesRead, sources: Beside): Ran => {
  const files = read.ok ? read.files : read.readable;
  const ran: Ran =
    files === undefined
      ? { mistakes: [], parts: undefined, checked: [], at: sources.now() }
      : runSuitesOf(files, sources);
  return read.ok ? ran : { ...ran, mistakes: [...read.mistakes, ...ran.mistakes] };
};

const measure = (ran: Ran, { mutation }: Asked, clock: () => number): Tested['mutation'] => {
  if (!mutation) return { skipped: '--no-mutation' };
  if (ran.mistakes.length > 0) return { skipped: 'the files have mistakes' };
  if (ran.checked.length === 0) return { skipped: 'there are no cases' };
  if (ran.checked.some(({ result }) => !result.passed)) return { skipped: 'a case fails' };
  return mutate(ran, { mutants: mostMutants, ms: mutationMs, clock });
};

/** `chatops policy test ...`; answers the exit code, or what is wrong with how it was asked. */
export const test = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const asked = readArgs(args);
  if (typeof asked === 'string') return asked;
  const found = await readSources(asked.folder, outside, asked.members);
  if (typeof found === 'string') return found;
  const { folder, read, sources } = found;
  const ran = run(read, sources);
  const mutation = measure(ran, asked, outside.now);
  const tested: Tested = { folder, report: reportOf(ran), mutation, minimums: asked.minimums };
  await deliver(asked.write(tested), asked.output, outside);
  return isFine(tested) ? 0 : 1;
};
