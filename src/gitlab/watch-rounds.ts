import { setImmediate } from 'node:timers/promises';
import type { PipelineState } from './shapes.ts';
import type { WatchMemory } from './watch-memory.ts';

/** How far a list goes: what was updated after a moment (Unix milliseconds), or the newest down to an id. */
export type Reach = { readonly updatedAfter: number } | { readonly downTo: number };

/** What all callers of one project share within one interval. */
export interface Round {
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Settles when the interval's list has been taken in; rejects for everyone when GitLab cannot tell. */
  readonly listed: Promise<void>;
  /** Whether one more unknown pipeline may be asked for by itself. */
  maySingle(): boolean;
  /** Whether one more question is allowed that no change asks for: thousands must not fall due at once. */
  mayCheck(): boolean;
}

/** Lists may lag behind by this much, and clocks differ: every list reaches back so far, in milliseconds. */
const overlapMs = 30_000;
/** So many unknown pipelines are asked for one by one per project and interval; more wait for the next list. */
const fewSingles = 10;
const fewChecks = 20;

interface ProjectRounds {
  latest: Round | undefined;
  /** Changes up to this moment of GitLab's clock are known, give or take the overlap. */
  seenUntil: number | undefined;
  /** Ids somebody waits for and nothing is known of. */
  readonly wanted: Set<number>;
}

interface RoundParts {
  readonly list: (project: string, reach: Reach) => Promise<readonly PipelineState[]>;
  readonly memory: WatchMemory;
  readonly now: () => number;
  readonly intervalMs: number;
}

/** The rounds of all projects: at most one list request per project and interval. */
export const createRounds = (parts: RoundParts) => {
  const { memory, now, intervalMs } = parts;
  const projects = new Map<string, ProjectRounds>();

  const roundsOf = (project: string): ProjectRounds => {
    const rounds = projects.get(project) ?? { latest: undefined, seenUntil: undefined, wanted: new Set() };
    projects.set(project, rounds);
    return rounds;
  };

  const listInto = async (project: string, rounds: ProjectRounds): Promise<void> => {
    // All who call in the same turn are to be known before it is decided what to ask for.
    await setImmediate();
    const reach = reachFor(rounds);
    if (reach === undefined) return;
    const listed = await parts.list(project, reach);
    for (const state of listed) memory.learn(state, now());
    // A list by id may leave out changes of older pipelines, so it moves the mark only when there was none.
    if ('downTo' in reach && rounds.seenUntil !== undefined) return;
    rounds.seenUntil = newestOf(listed, rounds.seenUntil);
  };

  const forgetOld = (): void => {
    memory.forget(now());
    for (const [project, { latest, wanted }] of projects) {
      const isIdle = latest === undefined || now() - latest.startedAt > 10 * intervalMs;
      if (isIdle && wanted.size === 0 && !memory.holds(project)) projects.delete(project);
    }
  };

  return {
    /** The project's round now; begins one when the last is an interval old. */
    of: (project: string): Round => {
      const running = roundsOf(project);
      if (running.latest && now() - running.latest.startedAt < intervalMs) return running.latest;
      forgetOld();
      const rounds = roundsOf(project);
      const listed = listInto(project, rounds);
      // Every caller of the interval hears of a failure; without callers it is no unhandled rejection.
      listed.catch(() => undefined);
      rounds.latest = { startedAt: now(), listed, maySingle: upTo(fewSingles), mayCheck: upTo(fewChecks) };
      return rounds.latest;
    },
    /** Says that somebody waits for an unknown pipeline; call what is returned when the wait is over. */
    want: (project: string, id: number): (() => void) => {
      const { wanted } = roundsOf(project);
      wanted.add(id);
      return () => {
        wanted.delete(id);
      };
    },
    /** From here on changes are listed, when there was no list yet. */
    begin: (project: string, updatedAt: number): void => {
      roundsOf(project).seenUntil ??= updatedAt;
    },
  };
};

/** The newest change listed, or seen before; undefined as long as there is none. */
const newestOf = (listed: readonly PipelineState[], before: number | undefined): number | undefined =>
  listed.reduce((most, { updatedAt }) => Math.max(most ?? 0, updatedAt), before);

const reachFor = ({ seenUntil, wanted }: ProjectRounds): Reach | undefined => {
  if (wanted.size > fewSingles) return { downTo: Math.min(...wanted) };
  return seenUntil === undefined ? undefined : { updatedAfter: seenUntil - overlapMs };
};

const upTo = (count: number) => {
  let used = 0;
  return (): boolean => {
    used += 1;
    return used <= count;
  };
};
