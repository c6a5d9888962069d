import { againWord } from '../command.ts';
import type { Run } from '../run.ts';

/** What stands before every line that is typed. */
export const typedAs = '/chatops ';

/** The run's line, to run it once more although it was just typed. */
export const againLine = ({ line }: Pick<Run, 'line'>): string => `${typedAs}${line} --${againWord}`;

/** What may be said of a run that is uncertain. */
export const verdicts = ['succeeded', 'failed', 'not-started'] as const;

/** How a person says what became of a run that is uncertain. */
export const resolveLine = (id: string): string =>
  `${typedAs}run resolve ${id} ${verdicts.join('|')} [words why]`;
