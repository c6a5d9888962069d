import { type PastDecision, replay } from '../access/replay.ts';
import { findSurvivors, type Mutation } from '../cases/mutate.ts';
import { type CasesReport, runCases } from '../cases/run.ts';
import type { CommandSettings } from '../commands/command.ts';
import { compilePolicy, type Membership } from '../compile.ts';
import type { FilesRead, PolicyFiles } from '../files.ts';
import type { Finding } from '../lint/finding.ts';
import { lintPolicy } from '../lint/lint.ts';
import type { Policy, PolicyParts } from '../policy.ts';
import { type AccessPart, compareAccess } from './access-part.ts';
import { commandChanges } from './commands.ts';
import { type Ending, endingChanges } from './endings.ts';
import { inOneLine } from './quoted.ts';

/** What a review is made from. */
export interface ReviewSources {
  /** The policy on the target branch; undefined where there is none yet. */
  readonly before: FilesRead | undefined;
  /** The policy at the source commit. */
  readonly after: FilesRead;
  readonly memberships: readonly Membership[];
  readonly settings: CommandSettings;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds from any beginning: how long the search for mutants may take is measured with it. */
  readonly clock: () => number;
  /** What was decided in so many days, to be decided again by both. */
  readonly past?: { readonly decisions: readonly PastDecision[]; readonly days: number } | undefined;
  /** What the change may not do, as `chatops policy diff --fail-on` takes it. */
  readonly failOn?: readonly string[];
}

/** Everything that a reviewer of a change should know. */
export interface Review {
  readonly verdict: { readonly ok: true } | { readonly ok: false; readonly because: string };
  readonly lint: {
    /** Findings that the target branch does not have. */
    readonly fresh: readonly Finding[];
    /** How many it has too. */
    readonly before: number;
  };
  /** Undefined where the policy has mistakes. */
  readonly cases: CasesReport | undefined;
  readonly mutants: Mutation | undefined;
  readonly access: AccessPart;
  /** What commands do differently, in Markdown. */
  readonly commands: readonly string[];
  /** Rows that end on another day. */
  readonly endings: readonly Ending[];
  /** GitLab groups that the target branch does not speak of: who is in them is not known. */
  readonly newGroups: readonly string[];
  /** What past decisions would have been, in one line. */
  readonly replay: string | undefined;
}

const mutationLimits = { mutants: 2000, ms: 5000 };

type Settings = CommandSettings & { readonly memberships: readonly Membership[]; readonly now: () => number };

/** One side of the comparison, as far as it can be had. */
interface Side {
  readonly findings: readonly Finding[];
  readonly files: PolicyFiles | undefined;
  readonly parts: PolicyParts | undefined;
  readonly policy: Policy | undefined;
}

const unusable = { files: undefined, parts: undefined, policy: undefined };

const sideOf = (read: FilesRead | undefined, settings: Settings): Side => {
  if (read === undefined) return { findings: [], ...unusable };
  const findings = lintPolicy(read, settings);
  if (!read.ok) return { findings, ...unusable };
  const compiled = compilePolicy({ ...settings, files: read.files });
  return compiled.ok ? { findings, files: read.files, ...compiled } : { findings, ...unusable };
};

/** Lines move when others are put in, so a finding is known again by what it says, whatever line it speaks of. */
const keyOf = ({ file, code, text }: Finding): string =>
  JSON.stringify([file, code, text.replace(/:\d+/g, ':')]);

const freshOf = (before: readonly Finding[], after: readonly Finding[]): readonly Finding[] => {
  const known = new Map<string, number>();
  for (const one of before) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1);
  return after.filter((one) => {
    const left = known.get(keyOf(one)) ?? 0;
    known.set(keyOf(one), left - 1);
    return left <= 0;
  });
};

const placed = ({ file, line }: { readonly file: string; readonly line: number }): string =>
  `${file}:${line}`;

const verdictOf = (after: Side, cases: CasesReport | undefined, access: AccessPart): Review['verdict'] => {
  const fail = (because: string): Review['verdict'] => ({ ok: false, because: inOneLine(because, 200) });
  const error = after.findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) return fail(`${placed(error)}: ${error.text}`);
  const mistake = cases?.mistakes[0];
  if (mistake !== undefined) return fail(`${placed(mistake)}: ${mistake.text}`);
  const failed = cases?.results.find(({ passed }) => !passed);
  if (failed !== undefined)
    return fail(`${placed(failed)}: "${failed.name}" expected ${failed.expected}, got ${failed.got}`);
  if (after.parts === undefined) return fail('the policy has mistakes');
  const forbidden = access.kind === 'compared' ? access.forbidden[0] : undefined;
  return forbidden === undefined ? { ok: true } : fail(forbidden);
};

/** Counts only: who ran what is for the audit's readers, and a merge request may have others. */
const replayed = async (
  past: ReviewSources['past'],
  before: Policy | undefined,
  after: Policy | undefined,
): Promise<string | undefined> => {
  if (past === undefined || before === undefined || after === undefined) return undefined;
  const { decisions, changed } = await replay(past.decisions, before, after);
  const allowed = changed.filter(({ now }) => now).length;
  const how =
    changed.length === 0
      ? 'none would be different now'
      : `${allowed} would now be allowed, ${changed.length - allowed} denied`;
  return `${decisions} past decisions of ${past.days} days decided again: ${how}.`;
};

/** Reviews a change of the policy: lint, its own cases, and what it means for people. */
export const reviewPolicies = async (sources: ReviewSources): Promise<Review> => {
  const { memberships, settings, now, clock, failOn = [] } = sources;
  const around: Settings = { ...settings, memberships, now };
  const before = sideOf(sources.before, around);
  const after = sideOf(sources.after, around);
  const { files, parts } = after;
  // Cases bring their own people: who joined a group today must not decide whether the files are right.
  const alone: Settings = { ...around, memberships: [] };
  const cases = files && runCases(files, alone);
  const sound = cases?.mistakes.length === 0 && cases.results.every(({ passed }) => passed);
  const mutants = files && sound ? findSurvivors(files, alone, { ...mutationLimits, clock }) : undefined;
  const access = compareAccess(sources.before === undefined ? 'none' : before.parts, parts, now(), failOn);
  const fresh = freshOf(before.findings, after.findings);
  return {
    verdict: verdictOf(after, cases, access),
    lint: { fresh, before: after.findings.length - fresh.length },
    cases,
    mutants,
    access,
    commands: parts === undefined ? [] : commandChanges(before.parts?.commands ?? [], parts.commands),
    endings: parts === undefined ? [] : endingChanges(before.parts, parts),
    newGroups: (parts?.groups ?? []).filter((group) => !(before.parts?.groups ?? []).includes(group)),
    replay: await replayed(sources.past, before.policy, after.policy),
  };
};

/** The review in one line of plain text. */
export const headlineOf = ({ verdict, access, cases, lint }: Review): string => {
  if (!verdict.ok) return verdict.because;
  const count = cases?.results.length ?? 0;
  const passed = count === 1 ? '1 case passes' : `${count} cases pass`;
  const warned =
    lint.fresh.length === 0 ? 'nothing new from lint' : `new warnings from lint: ${lint.fresh.length}`;
  return [access.kind === 'compared' ? access.words : '', passed, warned]
    .filter((part) => part !== '')
    .join('; ');
};
