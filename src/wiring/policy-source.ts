import { setTimeout as pause } from 'node:timers/promises';
import type { PolicyProjectConfig } from '../config-policies.ts';
import { GatewayError } from '../core/errors.ts';
import type { FilesRead, PolicyFiles } from '../policy/files.ts';
import { readPolicyFolder } from '../policy/folder.ts';
import type { LastGoodStore } from '../policy/last-good.ts';
import { mistakesAsText } from '../policy/mistakes.ts';
import { createPolling } from '../policy/polling.ts';
import { type Watching, watchPolicyFolder } from '../policy/watch.ts';

/** Where a policy comes from, as the keeper needs it. */
export interface PolicySource {
  /** The newest version, or what keeps it from being used. */
  readonly read: () => Promise<FilesRead>;
  readonly watch: (changed: () => void) => Watching;
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
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
}

const firstTries = 3;
const betweenTriesMs = 1000;

/** The first version: GitLab's, tried a few times where it does not answer. */
const firstRead = async (read: () => Promise<FilesRead>): Promise<FilesRead> => {
  for (let left = firstTries; ; left--) {
    const found = await read();
    if (found.ok || found.stage !== 'fetch' || left === 1) return found;
    await pause(betweenTriesMs);
  }
};

/**
 * A GitLab project, polled. When its newest version cannot be used at the start, the last good one on disk is; without one, this
 * rejects with `policies.invalid`.
 */
export const projectSource = async (wiring: ProjectSourceWiring): Promise<PolicySource> => {
  const { config, read, lastGood, now, random, log } = wiring;
  const { project, ref, pollMs } = config;
  let first: FilesRead | undefined = await firstRead(read);
  let oldSince: number | undefined;
  if (!first.ok) {
    const kept = await lastGood.load();
    if (typeof kept === 'string')
      throw new GatewayError(
        'policies.invalid',
        `the policy of ${project}@${ref} cannot be used (${first.stage ?? 'fetch'}), and ${kept}:\n${mistakesAsText(first.mistakes)}`,
      );
    oldSince = kept.at;
    const { revision } = kept.files;
    log.warn(
      { revision, keptAt: new Date(kept.at).toISOString() },
      'starting with the last good policy, kept on disk',
    );
    first = { ok: true, files: kept.files };
  }
  let hint = (): void => undefined;
  return {
    read: async () => {
      const once = first;
      first = undefined;
      if (once !== undefined) return once;
      const found = await read();
      if (found.ok) oldSince = undefined;
      return found;
    },
    watch: (changed) => {
      const polling = createPolling({ everyMs: pollMs, random, changed });
      hint = polling.hint;
      // What came from disk is compared with GitLab at once.
      if (oldSince !== undefined) hint();
      return polling;
    },
    hint: () => hint(),
    used: (files) => {
      if (oldSince !== undefined) return;
      lastGood.save(files, now()).catch((err: unknown) => {
        log.error({ err }, 'the policy could not be kept on disk: a start without GitLab would not have it');
      });
    },
    oldSince: () => oldSince,
  };
};
