import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { folderStamp } from './folder.ts';

/** Something that tells of changes until it is closed. */
export interface Watching {
  close(): void;
}

const watched = ['', 'commands', 'cases'];

const open = (path: string, hint: () => void): FSWatcher | undefined => {
  try {
    return watch(path, { persistent: false }, hint).on('error', hint);
  } catch {
    // The folder may come later, or the system may have no watches left: the poll still sees every change.
    return undefined;
  }
};

const stampNow = async (path: string): Promise<string> => {
  try {
    return await folderStamp(path);
  } catch (thrown) {
    return `unreadable: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
};

/**
 * Tells when a policy folder may have changed: the system's hints, gathered for `settleMs`, and a look every `pollMs`
 * because hints get lost (network mounts, swapped ConfigMaps). It also tells once at the beginning, so that no change
 * between a first reading and the first look is lost.
 */
export const watchPolicyFolder = (
  path: string,
  times: { readonly settleMs: number; readonly pollMs: number },
  changed: () => void,
): Watching => {
  let closed = false;
  let settling: NodeJS.Timeout | undefined;
  let seen: string | undefined;
  let watchers: readonly FSWatcher[] = [];
  const closeWatchers = (): void => {
    for (const watcher of watchers) watcher.close();
  };
  const openWatchers = (): void => {
    closeWatchers();
    watchers = watched.flatMap((folder) => open(join(path, folder), hint) ?? []);
  };
  const look = async (): Promise<void> => {
    const stamp = await stampNow(path);
    if (closed || stamp === seen) return;
    seen = stamp;
    // After a swap of symlinks the old watches look at folders that nobody sees any more.
    openWatchers();
    changed();
  };
  function hint(): void {
    if (closed) return;
    clearTimeout(settling);
    settling = setTimeout(() => void look(), times.settleMs);
    settling.unref();
  }
  const poll = setInterval(() => void look(), times.pollMs);
  poll.unref();
  openWatchers();
  void look();
  return {
    close() {
      closed = true;
      clearTimeout(settling);
      clearInterval(poll);
      closeWatchers();
    },
  };
};
