/** A row of the policy known from GitLab: `['gitlab:ana', 'gitlab-group:ops/sre']`. */
export type MembershipRow = readonly [member: string, group: string];

/** What keeping memberships fresh needs. Times in milliseconds. */
export interface GroupsParts {
  /** Usernames of everyone in a group; rejects when GitLab cannot tell. */
  readonly members: (groupPath: string) => Promise<readonly string[]>;
  /** The groups that the policy in force speaks of, as `gitlab-group:<path>`. */
  readonly groups: () => readonly string[];
  readonly onChange: (rows: readonly MembershipRow[]) => Promise<unknown>;
  readonly now: () => number;
  readonly everyMs: number;
  /** After this long without an answer a group's members are no longer believed: nobody is in it. */
  readonly keepForMs: number;
  readonly problem: (words: string, fields: object) => void;
}

interface Known {
  readonly at: number;
  readonly usernames: readonly string[];
}

const prefix = 'gitlab-group:';

/** Keeps the memberships of GitLab's groups, so that a decision never waits for GitLab. Fails closed. */
export const createGroups = (parts: GroupsParts) => {
  const known = new Map<string, Known>();
  let told = '[]';
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const ask = async (group: string): Promise<void> => {
    try {
      known.set(group, { at: parts.now(), usernames: await parts.members(group.slice(prefix.length)) });
    } catch (error) {
      const last = known.get(group);
      const kept = last !== undefined && parts.now() - last.at < parts.keepForMs;
      if (!kept) known.delete(group);
      const words = kept
        ? 'a GitLab group cannot be read; its last members stay'
        : 'a GitLab group cannot be read; nobody is in it';
      parts.problem(words, { group, err: error });
    }
  };

  const rows = (): readonly MembershipRow[] =>
    [...known]
      .flatMap(([group, { usernames }]) => usernames.map((name): MembershipRow => [`gitlab:${name}`, group]))
      .sort((a, b) => (a.join() < b.join() ? -1 : 1));

  const refresh = async (): Promise<void> => {
    const groups = parts.groups();
    for (const group of known.keys()) if (!groups.includes(group)) known.delete(group);
    await Promise.all(groups.map(ask));
    const now = rows();
    const text = JSON.stringify(now);
    if (text === told || closed) return;
    told = text;
    await parts.onChange(now);
  };

  const next = (): void => {
    if (closed) return;
    timer = setTimeout(() => void refresh().finally(next), parts.everyMs);
    timer.unref();
  };

  return {
    /** Asks now, and again every `everyMs`. */
    start: async (): Promise<void> => {
      await refresh();
      next();
    },
    refresh,
    close: (): void => {
      closed = true;
      clearTimeout(timer);
    },
  };
};
