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
import { within } from './within.ts';

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

/** What a check found, and until when (Unix milliseconds) that is believed. */
interface Problem {
  readonly key: string;
  readonly problem: Failed | undefined;
  readonly until: number;
}

/** A check that was ended may have met a busy moment; one that always hangs must not keep a core busy. */
const againAfterMs = 600_000;

/** A GitLab that answers slowly, file for file, is as good as away. */
const longestReadMs = 120_000;

/** Reads a project's policy. */
export interface ProjectReader {
  /** The newest version: fetched at an exact commit, verified, linted, and tested with its own cases. Never rejects. */
  readonly read: () => Promise<FilesRead>;
  /** The full name of the commit that a revision stands for, as far as it is known. */
  readonly shaOf: (revision: string) => string;
}

/** Makes a reader that downloads and checks each commit once. */
export const createProjectReader = (wiring: PolicyProjectWiring): ProjectReader => {
  const { config, api, thread, settings, memberships, now } = wiring;
  const { project, ref, folder, require } = config;
  const files = policyFilesAt(api);
  let good: { readonly sha: string; readonly read: FilesRead } | undefined;
  let fetched: { readonly sha: string; readonly read: FilesRead } | undefined;
  let checked: Problem | undefined;

  const verify = async (head: Head): Promise<Failed | undefined> => {
    const origin = require.length === 0 ? undefined : await originOf(api)(project, ref, head.sha);
    const found = objections(config, head, origin);
    return found.length === 0 ? undefined : because('verify', ...found);
  };

  const check = async (read: FilesRead) => {
    const ran = await thread.check({ files: read, settings, memberships: memberships(), now: now() });
    if (!ran.ok)
      return { finished: false, problem: because('lint', `looking at the files was given up: ${ran.words}`) };
    const { answer } = ran;
    if (answer.ok) return { finished: true, problem: undefined };
    const mistakes = answer.mistakes.map((mistake) => ({ code: 'file' as const, ...mistake }));
    return { finished: true, problem: failed(answer.stage, mistakes) };
  };

  const checkOnce = async (sha: string, read: FilesRead): Promise<Failed | undefined> => {
    const key = keyOf(sha, memberships(), now());
    if (checked?.key === key && now() < checked.until) return checked.problem;
    const { finished, problem } = await check(read);
    checked = { key, problem, until: finished ? Number.POSITIVE_INFINITY : now() + againAfterMs };
    return problem;
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

  return {
    read: () =>
      within(longestReadMs, readHead(), `reading the policy of ${project}`).catch((thrown: unknown) => ({
        ...because('fetch', wordsOf(thrown)),
        away: true,
      })),
    shaOf: (revision) => (good?.sha.startsWith(revision) === true ? good.sha : revision),
  };
};
