import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publicKeyOf } from '../listeners/audit/checkpoint.ts';
import { type Verified, verifyFile } from '../listeners/audit/verify-file.ts';
import type { Outside } from './audit.ts';

interface Asked {
  readonly files: readonly string[];
  readonly keys: readonly KeyObject[] | undefined;
  readonly checkpoints: string | undefined;
}

const readKey = (path: string): KeyObject | string => {
  try {
    const key = publicKeyOf(readFileSync(path, 'utf8'));
    return key ?? `${path} is not a P-256 key in PEM form.`;
  } catch {
    return `The key file ${path} cannot be read.`;
  }
};

const options = {
  key: { type: 'string', multiple: true },
  checkpoints: { type: 'string' },
} as const;

/** What was asked, or a sentence that says what is wrong with it. */
const readArgs = (args: readonly string[]): Asked | string => {
  try {
    const { values, positionals: files } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { key: paths, checkpoints } = values;
    if (files.length === 0) return 'Name the audit file.';
    if (checkpoints !== undefined && files.length > 1) return '--checkpoints belongs to one file; name one.';
    const read = paths?.map(readKey);
    const problem = read?.find((key) => typeof key === 'string');
    if (typeof problem === 'string') return problem;
    return { files, checkpoints, keys: read?.filter((key) => typeof key !== 'string') };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const time = (ms: number | undefined): string => (ms === undefined ? '?' : new Date(ms).toISOString());

const signaturesOf = ({ checkpoints, confirmed }: Verified, checked: boolean): string => {
  if (checkpoints === 0)
    return 'No checkpoints: a cut-off end, or a change with the chain made anew, would not show.';
  const some = checkpoints === 1 ? 'One checkpoint confirms' : `${checkpoints} checkpoints confirm`;
  const so = `${some} it up to line ${confirmed}`;
  return checked ? `${so}, signed by the key.` : `${so}; without --key no signature was checked.`;
};

const report = (path: string, verified: Verified, checked: boolean): string => {
  const { lines, from, to, problem } = verified;
  const range = lines === 0 ? 'no lines' : `${lines} lines from ${time(from)} to ${time(to)}`;
  if (problem === undefined) return `${path}: whole, ${range}.\n  ${signaturesOf(verified, checked)}\n`;
  const where = problem.in === 'lines' ? `line ${problem.line}` : `line ${problem.line} of its checkpoints`;
  return `${path}: BROKEN at ${where}: ${problem.sentence}.\n  ${range}; confirmed up to line ${verified.confirmed}.\n`;
};

/** A key makes sense of checkpoints only: a file that should have some and has none is not proved. */
const withExpected = (verified: Verified, keys: readonly KeyObject[] | undefined): Verified => {
  if (keys === undefined || verified.checkpoints > 0 || verified.lines === 0) return verified;
  const sentence = 'there is no checkpoint, so the key proves nothing';
  return { ...verified, problem: verified.problem ?? { in: 'checkpoints', line: 1, sentence } };
};

const verifyOne = async (path: string, { keys, checkpoints }: Asked, outside: Outside): Promise<number> => {
  const usual = `${path}.checkpoints`;
  const found = checkpoints ?? (existsSync(usual) ? usual : undefined);
  try {
    const verified = withExpected(await verifyFile({ path, checkpoints: found, keys }), keys);
    outside.print(report(path, verified, keys !== undefined));
    return verified.problem === undefined ? 0 : 1;
  } catch (error) {
    outside.complain(`${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
};

/** `chatops audit verify`: the exit code, or a sentence when it was asked wrongly. */
export const verify = async (args: readonly string[], outside: Outside): Promise<number | string> => {
  const asked = readArgs(args);
  if (typeof asked === 'string') return asked;
  let worst = 0;
  for (const path of asked.files) worst = Math.max(worst, await verifyOne(path, asked, outside));
  return worst;
};
