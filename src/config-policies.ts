/** A policy that is kept in a GitLab project. */
export interface PolicyProjectConfig {
  /** Full path: `chatops/policies`. */
  readonly project: string;
  readonly ref: string;
  /** Inside the project, without slashes around it; '' for the whole. */
  readonly folder: string;
  /** A folder in which the last good version is kept. */
  readonly cache: string;
  /** How often it is looked for a newer one, in milliseconds; a webhook makes it sooner. */
  readonly pollMs: number;
  /** What must be true of a commit before it is used. */
  readonly require: readonly Requirement[];
}

/**
 * `protected`: the branch is. `merged`: the commit came by a merge request. `other-merger`: whoever merged it is not its author,
 * where GitLab tells who.
 */
export const requirements = ['protected', 'merged', 'other-merger'] as const;
export type Requirement = (typeof requirements)[number];

/** How the settings are read: a value, or a problem to be told. */
export interface Settings {
  text(name: string): string | undefined;
  problem(text: string): void;
}

const shape = /^gitlab:([\w.-]+(?:\/[\w.-]+)+)@([^\s:@]+)(?::([^\s:]+))?$/;

const readPoll = (settings: Settings): number => {
  const value = settings.text('POLICIES_POLL') ?? '60';
  const seconds = Number(value);
  if (/^\d{1,5}$/.test(value) && seconds >= 1) return seconds * 1000;
  settings.problem(`POLICIES_POLL: ${JSON.stringify(value)} is no number of seconds from 1 to 99999`);
  return 60_000;
};

const isRequirement = (word: string): word is Requirement => requirements.some((known) => known === word);

const readRequired = (settings: Settings): readonly Requirement[] => {
  const value = settings.text('POLICIES_REQUIRE');
  if (value === undefined) return requirements;
  const words = value === 'nothing' ? [] : value.split(',').map((word) => word.trim());
  for (const word of words)
    if (!isRequirement(word))
      settings.problem(
        `POLICIES_REQUIRE: ${JSON.stringify(word)} is not one of ${requirements.join(', ')}, nor is it nothing`,
      );
  return words.filter(isRequirement);
};

/** Reads `gitlab:<project>@<ref>[:<folder>]`; undefined for anything else, which is a folder. */
export const readPolicyProject = (policies: string, settings: Settings): PolicyProjectConfig | undefined => {
  const cache = settings.text('POLICIES_CACHE') ?? '.policies-cache';
  const pollMs = readPoll(settings);
  const require = readRequired(settings);
  if (!policies.startsWith('gitlab:')) return undefined;
  const [, project, ref, folder = ''] = shape.exec(policies) ?? [];
  if (project === undefined || ref === undefined || folder.split('/').includes('..'))
    settings.problem(
      `POLICIES: ${JSON.stringify(policies)} must be gitlab:<group>/<project>@<branch>[:<folder>]`,
    );
  return {
    project: project ?? '',
    ref: ref ?? '',
    folder: folder.replace(/^\/+|\/+$/g, ''),
    cache,
    pollMs,
    require,
  };
};

/** Where operators are told what the policy's source is about: a channel's id, also as `slack:<team>/<channel>`. */
export const readOpsChannel = (settings: Settings): string | undefined => {
  const value = settings.text('OPS_CHANNEL');
  if (value === undefined) return undefined;
  const id = /^(?:slack:[A-Z0-9]+\/)?([A-Z0-9]{3,20})$/.exec(value)?.[1];
  if (id === undefined)
    settings.problem(`OPS_CHANNEL: ${JSON.stringify(value)} is no channel's id such as C0123ABCD`);
  return id;
};
