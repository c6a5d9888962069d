import { GatewayError } from '../core/errors.ts';
import type { Compiled, Membership } from './compile.ts';
import type { FilesRead, PolicyFiles, Stage } from './files.ts';
import { type Mistake, mistakesAsText } from './mistakes.ts';
import type { Policy } from './policy.ts';
import type { Watching } from './watch.ts';

/** How a reload ended. `failing`: the new files have mistakes, the last good policy still decides. */
export type Reloaded =
  | { readonly outcome: 'swapped'; readonly revision: string }
  | { readonly outcome: 'unchanged'; readonly revision: string }
  | {
      readonly outcome: 'failing';
      readonly stage: Stage;
      readonly mistakes: readonly Mistake[];
      /** The source could not be asked: nothing is known of newer files. */
      readonly away?: boolean;
    };

/** What the keeper works with. */
export interface PolicyKeeperParts {
  readonly read: () => Promise<FilesRead>;
  readonly compile: (files: PolicyFiles, memberships: readonly Membership[]) => Compiled;
  /** Memberships known at the start; empty when none are. */
  readonly memberships?: readonly Membership[];
  /** Calls `changed` when the source may have changed. */
  readonly watch?: (changed: () => Promise<unknown>) => Watching;
  /** Hears which files are in force, from the first on. */
  readonly using?: (files: PolicyFiles) => void;
  /** Hears of every swap, of every failure that differs from the one before, and of the end of a failure. */
  readonly told?: (reloaded: Reloaded) => void;
}

/** What newer files failed at, and why. */
export type Failing = Omit<Extract<Reloaded, { outcome: 'failing' }>, 'outcome'>;

/** Keeps the policy that decides. It is only ever replaced whole. */
export interface PolicyKeeper {
  current(): Policy;
  /** What keeps newer files from being used; undefined when the newest are in force. For /readyz and metrics. */
  failing(): Failing | undefined;
  /** Reads anew. Reloads follow one another; it never rejects. */
  reload(): Promise<Reloaded>;
  /** Decides with these memberships from now on, also while newer files are failing or being read. */
  setMemberships(memberships: readonly Membership[]): Promise<Reloaded>;
  close(): void;
}

type Cause = 'files' | 'source' | 'memberships';

interface State {
  policy: Policy;
  /** What `policy` was compiled from: new memberships must take effect on it even when newer files are broken. */
  good: PolicyFiles;
  memberships: readonly Membership[];
  readonly failing: Record<Cause, Failing | undefined>;
}

const thrownAsMistake = (thrown: unknown): readonly Mistake[] => [
  { file: '.', line: 1, code: 'file', text: thrown instanceof Error ? thrown.message : String(thrown) },
];

const readSafely = async (read: () => Promise<FilesRead>): Promise<FilesRead> => {
  try {
    return await read();
  } catch (thrown) {
    return { ok: false, mistakes: thrownAsMistake(thrown) };
  }
};

const compileSafely = (
  parts: PolicyKeeperParts,
  files: PolicyFiles,
  memberships: readonly Membership[],
): Compiled => {
  try {
    return parts.compile(files, memberships);
  } catch (thrown) {
    return { ok: false, mistakes: thrownAsMistake(thrown) };
  }
};

/** The mistakes of the files as files, and of what they say as far as it could be read. */
const allMistakes = (
  parts: PolicyKeeperParts,
  read: Extract<FilesRead, { ok: false }>,
  memberships: readonly Membership[],
): readonly Mistake[] => {
  if (read.readable === undefined) return read.mistakes;
  const compiled = compileSafely(parts, read.readable, memberships);
  return compiled.ok ? read.mistakes : [...read.mistakes, ...compiled.mistakes];
};

const invalid = (mistakes: readonly Mistake[]): GatewayError =>
  new GatewayError(
    'policies.invalid',
    `the policies have ${mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`}:\n${mistakesAsText(mistakes)}`,
  );

const firstState = async (parts: PolicyKeeperParts): Promise<State> => {
  const memberships = parts.memberships ?? [];
  const read = await readSafely(parts.read);
  if (!read.ok) throw invalid(allMistakes(parts, read, memberships));
  const compiled = compileSafely(parts, read.files, memberships);
  if (!compiled.ok) throw invalid(compiled.mistakes);
  parts.using?.(read.files);
  return {
    policy: compiled.policy,
    good: read.files,
    memberships,
    failing: { files: undefined, source: undefined, memberships: undefined },
  };
};

/** A source that is away says so in other words from look to look. */
const textOf = (failing: Failing | undefined): string => {
  if (failing === undefined) return '';
  return failing.away === true ? 'away' : `${failing.stage}\n${mistakesAsText(failing.mistakes)}`;
};

const fail = (parts: PolicyKeeperParts, state: State, cause: Cause, failing: Failing): Reloaded => {
  const known = textOf(state.failing[cause]) === textOf(failing);
  state.failing[cause] = failing;
  const reloaded = { outcome: 'failing', ...failing } as const;
  if (!known) parts.told?.(reloaded);
  return reloaded;
};

const tryFiles = (parts: PolicyKeeperParts, state: State, cause: Cause, files: PolicyFiles): Reloaded => {
  const compiled = compileSafely(parts, files, state.memberships);
  if (!compiled.ok) return fail(parts, state, cause, { stage: 'compile', mistakes: compiled.mistakes });
  state.policy = compiled.policy;
  state.good = files;
  if (cause === 'files') parts.using?.(files);
  state.failing[cause] = undefined;
  const swapped = { outcome: 'swapped', revision: files.revision } as const;
  parts.told?.(swapped);
  return swapped;
};

const useRead = (parts: PolicyKeeperParts, state: State, read: FilesRead): Reloaded => {
  if (!read.ok) {
    const mistakes = allMistakes(parts, read, state.memberships);
    const stage = read.stage ?? 'fetch';
    // What is known of newer files stays true while nobody can be asked for still newer ones.
    if (read.away === true) return fail(parts, state, 'source', { stage, mistakes, away: true });
    state.failing.source = undefined;
    return fail(parts, state, 'files', { stage, mistakes });
  }
  const mended = state.failing.files ?? state.failing.source;
  state.failing.source = undefined;
  const { revision } = read.files;
  if (revision !== state.good.revision) return tryFiles(parts, state, 'files', read.files);
  const unchanged = { outcome: 'unchanged', revision } as const;
  state.failing.files = undefined;
  if (mended !== undefined) parts.told?.(unchanged);
  return unchanged;
};

/** Loads the policy for the first time and keeps it. Rejects with `policies.invalid` and every mistake when that fails. */
export const createPolicyKeeper = async (parts: PolicyKeeperParts): Promise<PolicyKeeper> => {
  const state = await firstState(parts);
  let last: Promise<unknown> = Promise.resolve();
  const reload = (): Promise<Reloaded> => {
    const next = last.then(async () => useRead(parts, state, await readSafely(parts.read)));
    last = next;
    return next;
  };
  // Somebody who left a group must not stay in it while newer files are being read.
  const setMemberships = async (memberships: readonly Membership[]): Promise<Reloaded> => {
    state.memberships = memberships;
    const reloaded = tryFiles(parts, state, 'memberships', state.good);
    return state.failing.files !== undefined && reloaded.outcome === 'swapped' ? reload() : reloaded;
  };
  const watching = parts.watch?.(reload);
  return {
    current: () => state.policy,
    failing: () => state.failing.files ?? state.failing.source ?? state.failing.memberships,
    reload,
    setMemberships,
    close: () => watching?.close(),
  };
};
