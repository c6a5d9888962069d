import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { attempt } from './apt.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

const onPath = async (): Promise<string | undefined> => {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
};

const installed = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another test file may be installing right now: wait for dpkg's lock instead of failing.
  const patient = ['-o', 'DPkg::Lock::Timeout=240'];
  await attempt('apt-get', [...patient, 'update', '-q'], { env });
  await attempt('apt-get', [...patient, 'install', '-y', '-q', '--no-install-recommends', 'chromium'], {
    env,
  });
  return onPath();
};

/** The path of a Chromium: from the PATH, else installed from the distribution when run as root, else an error that says what to install. */
export const findChromium = async (): Promise<string> => {
  const path = (await onPath()) ?? (await installed());
  if (path !== undefined) return path;
  throw new Error(
    'These tests need a Chromium browser: install the package chromium so that `chromium` is on the PATH.',
  );
};
