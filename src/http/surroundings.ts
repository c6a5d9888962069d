import type { Background } from './background.ts';
import type { Refuse } from './problem.ts';

/** What all routes share. */
export interface Surroundings {
  readonly refuse: Refuse;
  readonly background: Background;
}
