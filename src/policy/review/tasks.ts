import type { CommandSettings } from '../commands/command.ts';
import type { Membership } from '../compile.ts';
import type { FilesRead } from '../files.ts';
import type { Mistake } from '../mistakes.ts';
import type { About } from './about.ts';
import { checkPolicies } from './check.ts';
import { reviewAsMarkdown } from './note.ts';
import { headlineOf, type ReviewSources, reviewPolicies } from './review.ts';

/** What every look at policy files needs; plain data, because it goes into another thread. */
interface Given {
  readonly settings: CommandSettings;
  readonly memberships: readonly Membership[];
  /** Unix milliseconds: decides which rows have expired. */
  readonly now: number;
}

/** Are these files fit to be put in force? */
export interface CheckTask extends Given {
  readonly kind: 'check';
  readonly files: FilesRead;
}

/** What do these files change? */
export interface ReviewTask extends Given {
  readonly kind: 'review';
  /** Undefined where there was no policy. */
  readonly before: FilesRead | undefined;
  readonly after: FilesRead;
  readonly failOn: readonly string[];
  readonly past?: ReviewSources['past'];
  readonly about: About;
}

export type Task = CheckTask | ReviewTask;

/** The answer to a check. The mistakes are the first fifty. */
export type Checked =
  | { readonly ok: true; readonly cases: number; readonly warnings: number }
  | {
      readonly ok: false;
      /** What it failed at. */
      readonly stage: 'lint' | 'cases';
      readonly mistakes: readonly Pick<Mistake, 'file' | 'line' | 'text'>[];
      readonly count: number;
    };

/** The answer to a review. */
export interface Reviewed {
  readonly ok: boolean;
  /** One line without Markdown. */
  readonly headline: string;
  /** Markdown. */
  readonly note: string;
}

/** Carries a task out. What it gives back is small, whatever the files are. `clock`: milliseconds from any beginning. */
export const carryOut = async (task: Task, clock: () => number): Promise<Checked | Reviewed> => {
  const { settings, memberships } = task;
  const now = () => task.now;
  if (task.kind === 'check') return checkPolicies(task.files, { ...settings, memberships, now });
  const { before, after, failOn, past, about } = task;
  const review = await reviewPolicies({ before, after, memberships, settings, now, clock, failOn, past });
  return { ok: review.verdict.ok, headline: headlineOf(review), note: reviewAsMarkdown(review, about) };
};
