import { createHash } from 'node:crypto';
import type { PolicyProjectConfig } from '../config-policies.ts';
import type { GitLab } from '../gitlab/client.ts';
import { type Head, headOf, type Origin, originOf } from '../gitlab/policy-origin.ts';
import { filesAt } from '../gitlab/policy-project.ts';
import type { CommandSettings } from '../policy/commands/command.ts';
import type { Membership } from '../policy/compile.ts';
import {
  type FilesRead,
  isIgnored,
  mostBytesOf,
  mostFiles,
  policyFilesOf,
  type Stage,
} from '../policy/files.ts';
import type { Mistake } from '../policy/mistakes.ts';
import type { PolicyThread } from '../policy/review/in-thread.ts';

/** What reading a policy from a GitLab project needs. */
export interface PolicyProjectWiring {
  readonly config: PolicyProjectConfig;
  readonly api: Pick<GitLab, 'Branches' | 'Commits' | 'Repositories' | 'RepositoryFiles'>;
  readonly thread: Pick<PolicyThread, 'check'>;
  readonly settings: CommandSettings;
  /** Who is in which group, as it is known now. */
  readonly memberships: () => readonly Membership[];
  readonly now: () => number;
}

type Failed = Extract<FilesRead, { ok: false }>;

const failed = (stage: Stage, mistakes: readonly Mistake[]): Failed => ({ ok: false, stage, mistakes });

const because = (stage: Stage, ...texts: readonly string[]): Failed =>
  failed(
    stage,
    texts.map((text) => ({ file: '.', line: 1, code: 'file', text })),
  );

const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The policy folder of a project at a commit, as far as it can be read. */
const policyFilesAt =
  (api: PolicyProjectWiring['api']) =>
  async (project: string, folder: string, sha: string): Promise<FilesRead> => {
    const wanted = { mostBytes: mostBytesOf, isIgnored, mostFiles };
    const { files, problems } = await filesAt(api, wanted)(project, folder, sha);
    const wrong = problems.map(({ file, text }): Mistake => ({ file, line: 1, code: 'file', text }));
    const read = policyFilesOf(files);
    if (wrong.length === 0) return read;
    if (read.ok) return { ok: false, mistakes: wrong, readable: read.files };
    return { ...read, mistakes: [...wrong, ...read.mistakes] };
  };

/** What stands against a commit by where it comes from. */
const objections = (
  { require, ref }: PolicyProjectConfig,
  head: Head,
  origin: Origin | undefined,
): readonly string[] => {
  const found: string[] = [];
  const asks = (what: PolicyProjectConfig['require'][number]): boolean => require.includes(what);
  if (asks('protected') && !head.isProtected) found.push(`the branch ${ref} is not protected`);
  if (asks('merged') && origin === undefined)
    found.push(`commit ${head.sha.slice(0, 12)} did not come into ${ref} by a merged merge request`);
  const { author, merger, iid } = origin ?? {};
  if (asks('other-merger') && author !== undefined && author === merger)
    found.push(`!${iid} was merged by its own author; somebody else must`);
  return found;
};

/** The same question about the same files has the same answer. */
const keyOf = (sha: string, memberships: readonly Membership[], now: number): string =>
  createHash('sha256')
    .update(JSON.stringify([sha, memberships, Math.floor(now / 86_400_000)]))
    .digest('hex');

/** Reads the newest version of a project's policy: fetched at an exact commit, verified, linted, and tested with its own cases. Never rejects. */
export const createProjectReader = (wiring: PolicyProjectWiring): (() => Promise<FilesRead>) => {
  const { config, api, thread, settings, memberships, now } = wiring;
  const { project, ref, folder, require } = config;
  const files = policyFilesAt(api);
  let good: { readonly sha: string; readonly read: FilesRead } | undefined;
  let fetched: { readonly sha: string; readonly read: FilesRead } | undefined;
  let checked: { readonly key: string; readonly problem: Failed | undefined } | undefined;

  const verify = async (head: Head): Promise<Failed | undefined> => {
    const origin = require.length === 0 ? undefined : await originOf(api)(project, ref, head.sha);
    const found = objections(config, head, origin);
    return found.length === 0 ? undefined : because('verify', ...found);
  };

  const check = async (read: FilesRead): Promise<Failed | undefined> => {
    const ran = await thread.check({ files: read, settings, memberships: memberships(), now: now() });
    if (!ran.ok) return because('lint', `looking at the files was given up: ${ran.words}`);
    const { answer } = ran;
    if (answer.ok) return undefined;
    return failed(
      answer.stage,
      answer.mistakes.map((mistake) => ({ code: 'file', ...mistake })),
    );
  };

  const checkOnce = async (sha: string, read: FilesRead): Promise<Failed | undefined> => {
    const key = keyOf(sha, memberships(), now());
    if (checked?.key !== key) checked = { key, problem: await check(read) };
    return checked.problem;
  };

  const readHead = async (): Promise<FilesRead> => {
    const head = await headOf(api)(project, ref);
    if (head === undefined)
      return because('fetch', `${project} has no branch ${ref}, or the token may not see it`);
    const { sha } = head;
    if (good?.sha === sha) return good.read;
    const objection = await verify(head);
    if (objection !== undefined) return objection;
    if (fetched?.sha !== sha) fetched = { sha, read: await files(project, folder, sha) };
    const { read } = fetched;
    if (!read.ok) return { ...read, stage: 'fetch' };
    const problem = await checkOnce(sha, read);
    if (problem !== undefined) return problem;
    good = { sha, read: { ok: true, files: { files: read.files.files, revision: sha.slice(0, 12) } } };
    return good.read;
  };

  return () => readHead().catch((thrown: unknown) => because('fetch', wordsOf(thrown)));
};
