import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Files } from './types.ts';

/** The folders of one job, all below one that goes when the job has ended. */
export interface Workcopy {
  readonly root: string;
  /** The project's files: where the scripts run. */
  readonly project: string;
  readonly home: string;
  /** File variables, one file each, named after the variable. */
  readonly variables: string;
}

/** Where a job's folders are. */
export function workcopyAt(root: string): Workcopy {
  return {
    root,
    project: join(root, 'project'),
    home: join(root, 'home'),
    variables: join(root, 'project.tmp'),
  };
}

/** Makes the folders and writes the project's files; `*.sh` can be executed. */
export async function writeWorkcopy(copy: Workcopy, files: Files): Promise<void> {
  await rm(copy.root, { recursive: true, force: true });
  for (const folder of [copy.project, copy.home, copy.variables]) await mkdir(folder, { recursive: true });
  for (const [path, content] of files) {
    const target = resolve(copy.project, path);
    if (!target.startsWith(copy.project + sep))
      throw new Error(`writing the project's files: ${path} leads out of it`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }
}

/** Removes the folders; a job may have taken away its own right to write in them. */
export async function removeWorkcopy(copy: Workcopy): Promise<void> {
  await rm(copy.root, { recursive: true, force: true, maxRetries: 3 });
}
