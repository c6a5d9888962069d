import type { Run } from './run.ts';

/** Saves what was done so far, before the next effect. `conflict`: somebody else has the run now, do nothing more. */
export type Save = (run: Run) => Promise<Run | 'conflict'>;

/**
 * Carries a run one step further: at most one effect, and the run as it is afterwards, with `dueAt` for the next look.
 * Calling it again for the same run is harmless. `urgent`: something is known to have changed.
 */
export type Work = (run: Run, save: Save, urgent: boolean) => Promise<Run | 'conflict'>;
