import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { matchesAny } from './glob.ts';

/** Copies the files that the patterns mean from one folder to another, modes kept; the paths copied, none when nothing fits. */
export async function collect(
  from: string,
  patterns: readonly string[],
  to: string,
): Promise<readonly string[]> {
  const found = (await walk(from)).filter((path) => matchesAny(path, patterns));
  for (const path of found) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(from, path), join(to, path));
  }
  return found;
}

/** Puts a job's kept files into a working copy, over what is there. */
export async function unpack(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, force: true });
}

/** Paths of all plain files below a folder, with `/`; links are left out since they may lead out of it. */
async function walk(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Reads `NAME=value` lines of a dotenv report (https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv); undefined when the file is invalid. */
export function parseDotenv(text: string): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, key, value = ''] = /^([A-Za-z0-9_]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined) return undefined;
    values.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return values;
}

/** The variables of some dotenv files below a folder, or what is wrong with one of them. */
export async function readDotenv(
  folder: string,
  paths: readonly string[],
): Promise<{ readonly values: ReadonlyMap<string, string> } | { readonly wrong: string }> {
  const found = (await walk(folder)).filter((path) => matchesAny(path, paths));
  const values = new Map<string, string>();
  for (const path of found) {
    const parsed = parseDotenv(await readFile(join(folder, path), 'utf8'));
    if (parsed === undefined)
      return { wrong: `${path}: Invalid Format: each line of a dotenv report is NAME=value` };
    for (const [key, value] of parsed) values.set(key, value);
  }
  return { values };
}
