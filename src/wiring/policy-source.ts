import { setTimeout as pause } from 'node:timers/promises';
import type { PolicyProjectConfig } from '../config-policies.ts';
import { GatewayError } from '../core/errors.ts';
import type { FilesRead, PolicyFiles } from '../policy/files.ts';
import { readPolicyFolder } from '../policy/folder.ts';
import type { LastGood, LastGoodStore } from '../policy/last-good.ts';
import { mistakesAsText } from '../policy/mistakes.ts';
import { createPolling } from '../policy/polling.ts';
import { type Watching, watchPolicyFolder } from '../policy/watch.ts';

/** Where a policy comes from, as the keeper needs it. */
export interface PolicySource {
  /** The newest version, or what keeps it from being used. */
  readonly read: () => Promise<FilesRead>;
  readonly watch: (changed: () => Promise<unknown>) => Watching;
  /** There may be a newer version. */
  readonly hint: () => void;
  /** Hears that this version is in force. */
  readonly used: (files: PolicyFiles) => void;
  /** Unix milliseconds at which the version was right that a start without its source began with; undefined when it is a fresh one. */
  readonly oldSince: () => number | undefined;
}

/** A folder on disk, watched. */
export const folderSource = (folder: string): PolicySource => ({
  read: () => readPolicyFolder(folder),
  watch: (changed) => watchPolicyFolder(folder, { settleMs: 200, pollMs: 10_000 }, changed),
  hint: () => undefined,
  used: () => undefined,
  oldSince: () => undefined,
});

/** What a GitLab project as a source needs. */
export interface ProjectSourceWiring {
  readonly config: PolicyProjectConfig;
  readonly read: () => Promise<FilesRead>;
  readonly lastGood: LastGoodStore;
  readonly now: () => number;
  readonly random: () => number;
  /** Hears when the project was asked with success, in Unix milliseconds. */
  readonly asked?: ((at: number) => void) | undefined;
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
}

const firstTries = 3;
const betweenTriesMs = 1000;

/** What is kept is kept anew after so long, so that its age tells how long GitLab has been away. */
const keepAgainMs = 3_600_000;

/** The first version: GitLab's, tried a few times where it does not answer. */
const firstRead = async (read: () => Promise<FilesRead>, tries: number): Promise<FilesRead> => {
  for (let left = tries; ; left--) {
    const found = await read();
    if (found.ok || found.away !== true || left === 1) return found;
    await pause(betweenTriesMs);
  }
};

type Kept = LastGood | string;

const refused = ({ project, ref }: PolicyProjectConfig, first: FilesRead, kept: string): GatewayError => {
  const [stage, mistakes] = first.ok ? ['compile', []] : [first.stage ?? 'fetch', first.mistakes];
  return new GatewayError(
    'policies.invalid',
    `the policy of ${project}@${ref} cannot be used (${stage}), and ${kept}:\n${mistakesAsText(mistakes)}`,
  );
};

/** What the gateway begins with, and since when it is old when it comes from disk. */
const beginning = async ({ config, read, lastGood, log }: ProjectSourceWiring) => {
  const kept: Kept = await lastGood.load();
  // With something to begin with, nobody waits for a GitLab that does not answer.
  const first = await firstRead(read, typeof kept === 'string' ? firstTries : 1);
  if (first.ok) return { files: first.files, oldSince: undefined };
  if (typeof kept === 'string') throw refused(config, first, kept);
  const { files, at } = kept;
  log.warn(
    { revision: files.revision, keptAt: new Date(at).toISOString(), stage: first.stage },
    'starting with the last good policy, kept on disk',
  );
  return { files, oldSince: at };
};

/**
 * A GitLab project, polled. When its newest version cannot be used at the start, the last good one on disk is; without one, this
 * rejects with `policies.invalid`.
 */
export const projectSource = async (wiring: ProjectSourceWiring): Promise<PolicySource> => {
  const { config, read, lastGood, now, random, log, asked } = wiring;
  const begun = await beginning(wiring);
  let first: PolicyFiles | undefined = begun.files;
  let { oldSince } = begun;
  let inForce: PolicyFiles | undefined;
  let keptAt = Number.NEGATIVE_INFINITY;
  let hint = (): void => undefined;

  const keep = (files: PolicyFiles): void => {
    keptAt = now();
    lastGood.save(files, keptAt).catch((err: unknown) => {
      keptAt = Number.NEGATIVE_INFINITY;
      log.error({ err }, 'the policy could not be kept on disk: a start without GitLab would not have it');
    });
  };

  const confirm = ({ revision }: PolicyFiles): void => {
    oldSince = undefined;
    if (inForce?.revision === revision && now() - keptAt >= keepAgainMs) keep(inForce);
  };

  return {
    read: async () => {
      const once = first;
      first = undefined;
      if (once !== undefined) {
        if (oldSince === undefined) asked?.(now());
        return { ok: true, files: once };
      }
      const found = await read();
      if (found.ok) confirm(found.files);
      if (found.ok || found.away !== true) asked?.(now());
      return found;
    },
    watch: (changed) => {
      const polling = createPolling({ everyMs: config.pollMs, random, changed });
      hint = polling.hint;
      // What came from disk is compared with GitLab at once.
      if (oldSince !== undefined) hint();
      return polling;
    },
    hint: () => hint(),
    used: (files) => {
      inForce = files;
      if (oldSince === undefined) keep(files);
    },
    oldSince: () => oldSince,
  };
};
