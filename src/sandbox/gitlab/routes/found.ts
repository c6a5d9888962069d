import { projectFor } from '../access.ts';
import { notFound } from '../refusal.ts';
import type { Commit } from '../repository.ts';
import type { Call } from '../route.ts';
import { level, type Project } from '../world.ts';

/** A project's commit that a request names. */
export interface Found {
  readonly project: Project;
  /** The ref as it was written; the default branch when there was none. */
  readonly ref: string;
  readonly commit: Commit;
}

/** The commit of a ref, `HEAD` or nothing meaning the default branch; refuses one that is not there, saying what is missing. */
export function commitAt(call: Call, ref: string | undefined, missing = 'Commit'): Found {
  const project = projectFor(call, level.reporter);
  const wanted = ref === undefined || ref === 'HEAD' ? project.ci.defaultBranch : ref;
  const commit = project.repository.find(wanted);
  if (!commit) throw notFound(missing);
  return { project, ref: wanted, commit };
}
