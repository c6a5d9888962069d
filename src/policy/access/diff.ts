import type { Danger } from '../../core/command.ts';
import type { Input } from '../../core/input.ts';
import type { PolicyParts } from '../policy.ts';
import type { Cause } from './causes.ts';
import type { Flips } from './cell.ts';
import { type Class, classesOfChannels, classesOfPeople, type Subject } from './classes.ts';
import { createComparison } from './comparing.ts';
import { commandsOf, nothing, type Sides } from './sides.ts';
import type { Witness } from './witness.ts';

/** One thing that people gain or lose: the same people, command, channels and inputs. */
export interface Change {
  readonly direction: 'gain' | 'lose';
  readonly command: string;
  /** The greater of both declarations. */
  readonly danger: Danger;
  /** Each once; accounts of one person share a name. */
  readonly people: readonly Subject[];
  readonly channels: readonly Subject[];
  /** In every channel there is. */
  readonly everywhere: boolean;
  /** In words, as conditions are written; empty when it is any input. */
  readonly inputs: string;
  readonly boxes: Flips['boxes'];
  readonly example: Input;
  readonly causes: readonly Cause[];
  readonly witness: Witness;
}

/** What changes only when rows have expired, on one side or both. */
export interface Later {
  /** Unix milliseconds. */
  readonly from: number;
  readonly changes: readonly Change[];
}

/** What changes for people between two policies. */
export interface AccessDiff {
  /** Everything there is was compared; otherwise `unsure` names the commands of which only samples were. */
  readonly exact: boolean;
  readonly unsure: readonly string[];
  /** The most dangerous first. */
  readonly changes: readonly Change[];
  /** Only where the future was looked at, too. */
  readonly later?: readonly Later[];
}

/** Both sides, and whom and where to compare. */
export interface Whole {
  readonly sides: Sides;
  readonly people: readonly Class[];
  readonly channels: readonly Class[];
}

/** From the least to the most. */
const dangers: readonly Danger[] = ['none', 'some', 'high'];

/** What a reviewer must see first: harm, then gains, then whoever is not named, then many. */
const weightOf = ({ danger, direction, people }: Change): readonly number[] => [
  -dangers.indexOf(danger),
  direction === 'gain' ? 0 : 1,
  people.some(({ kind }) => kind === 'else') ? 0 : 1,
  -people.length,
];

const inOrder = (a: Change, b: Change): number => {
  const other = weightOf(b);
  const different = weightOf(a)
    .map((weight, at) => weight - (other[at] ?? 0))
    .find((by) => by !== 0);
  return different ?? (a.command < b.command ? -1 : a.command > b.command ? 1 : 0);
};

/** How many inputs and pairs of classes are tried before what is left is called unsure: some seconds. */
const mostTried = 3_000_000;

/** Compares both sides for these people and channels. */
export const compareWhole = (whole: Whole): AccessDiff => {
  const compare = createComparison(whole, { left: mostTried });
  const compared = commandsOf(whole.sides).map((command) => ({ command, ...compare(command) }));
  const unsure = compared.filter(({ exact }) => !exact).map(({ command }) => command.name);
  return {
    exact: unsure.length === 0,
    unsure,
    changes: compared.flatMap(({ changes }) => changes).toSorted(inOrder),
  };
};

/**
 * What people gain and lose when the one policy takes the place of the other, computed for whole classes of people, channels and
 * inputs. Both must be as they are in force (`inForceAt`); without a first one, everything that is allowed is a gain. An input that
 * only one side declares is not compared: somebody gains a command when there is something to set it to.
 */
export const diffAccess = (before: PolicyParts | undefined, after: PolicyParts): AccessDiff => {
  const sides = { before: before ?? nothing, after };
  return compareWhole({ sides, people: classesOfPeople(sides), channels: classesOfChannels(sides) });
};
