import { readFile, writeFile } from 'node:fs/promises';
import type { Membership, PolicySources } from '../../policy/compile.ts';
import type { FilesRead } from '../../policy/files.ts';
import { readPolicyFolder } from '../../policy/folder.ts';
import { parseYaml } from '../../policy/parse-yaml.ts';
import { reserved } from '../../wiring/built-ins.ts';
import { uses } from '../../wiring/effects.ts';
import type { Outside } from '../audit.ts';

/** Where the words of a command go, what time it is, and the environment. */
export interface PolicyOutside extends Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a policy is compiled with, beside its files. */
export type Beside = Omit<PolicySources, 'files'>;

/** A policy folder as the command line names it. */
export interface Sources {
  readonly folder: string;
  readonly read: FilesRead;
  readonly sources: Beside;
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const membersOf = (group: string, names: unknown): readonly Membership[] => {
  if (!isNames(names)) throw new Error(`the members of ${group} must be a list of usernames`);
  const path = group.replace(/^gitlab-group:/, '');
  return names.map((name) => [`gitlab:${name.replace(/^gitlab:/, '')}`, `gitlab-group:${path}`]);
};

/** Who is in which GitLab group, from a YAML file: `ops/sre: [ana, carol]`. Throws with what is wrong. */
export const readMembers = async (path: string): Promise<readonly Membership[]> => {
  const [parsed] = parseYaml(await readFile(path, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('it must hold groups and their members, such as  ops/sre: [ana, carol]');
  return Object.entries(parsed).flatMap(([group, names]) => membersOf(group, names));
};

/** The folder a command is about: as given, else `POLICIES` when that is a folder, else `policies`. */
const folderOr = (given: string | undefined, { POLICIES: configured }: PolicyOutside['env']): string =>
  given ?? (configured === undefined || configured.startsWith('gitlab:') ? 'policies' : configured);

/** Reads a policy folder with what it is compiled with; a sentence when `members` (a file's path) cannot be used. */
export const readSources = async (
  given: string | undefined,
  { env, now }: PolicyOutside,
  members?: string,
): Promise<Sources | string> => {
  const folder = folderOr(given, env);
  try {
    const memberships = members === undefined ? [] : await readMembers(members);
    return { folder, read: await readPolicyFolder(folder), sources: { memberships, reserved, uses, now } };
  } catch (error) {
    return `--members ${members}: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** Prints a report, or writes it to the file that `--output` names. */
export const deliver = async (
  text: string,
  output: string | undefined,
  outside: PolicyOutside,
): Promise<void> => {
  if (output === undefined) outside.print(text);
  else await writeFile(output, text);
};
