import type { Danger } from '../../core/command.ts';
import type { Input } from '../../core/input.ts';
import type { PolicyParts } from '../policy.ts';
import { type Cause, causesOf } from './causes.ts';
import { type CellFlips, type CellRules, compareCell, type Flips } from './cell.ts';
import { type Class, classesOfChannels, classesOfPeople, type Subject } from './classes.ts';
import { applicable, type CommandSides, commandsOf, nothing, rulesFor, type Sides } from './sides.ts';
import { type Witness, witnessOf } from './witness.ts';

/** One thing that people gain or lose: the same people, command, channels and inputs. */
export interface Change {
  readonly direction: 'gain' | 'lose';
  readonly command: string;
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

/** What changes for people between two policies. */
export interface AccessDiff {
  /** Everything there is was compared; otherwise `unsure` names the commands of which only samples were. */
  readonly exact: boolean;
  readonly unsure: readonly string[];
  /** The most dangerous first. */
  readonly changes: readonly Change[];
}

interface Spot {
  readonly people: Class;
  readonly channels: Class;
}

interface Found extends Flips {
  readonly spots: Spot[];
}

const alikeOf = (rules: CellRules[keyof CellRules]): string =>
  [...new Set(rules.map(({ effect, condition }) => `${effect} ${condition}`))].toSorted().join('\n');

/** Cells with the same conditions and effects are compared once. */
const createCompare = (command: CommandSides, sides: Sides): ((rules: CellRules) => CellFlips) => {
  const known = new Map<string, CellFlips>();
  return (rules) => {
    const key = JSON.stringify([alikeOf(rules.before), alikeOf(rules.after)]);
    const flips = known.get(key) ?? compareCell(command, rules, sides);
    known.set(key, flips);
    return flips;
  };
};

const byText = (found: Map<string, Found>, flips: Flips, spot: Spot): void => {
  const key = JSON.stringify([flips.direction, flips.inputs]);
  const known = found.get(key);
  if (known === undefined) found.set(key, { ...flips, spots: [spot] });
  else known.spots.push(spot);
};

interface Whole {
  readonly sides: Sides;
  readonly people: readonly Class[];
  readonly channels: readonly Class[];
}

/** Everybody who gains or loses the same in the same channels, together. */
const groupsOf = ({ spots }: Found): readonly { people: readonly Class[]; channels: readonly Class[] }[] => {
  const byPeople = new Map<Class, Class[]>();
  for (const { people, channels } of spots) byPeople.set(people, [...(byPeople.get(people) ?? []), channels]);
  const numbers = new Map<Class, number>();
  const numberOf = (one: Class): number => {
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  };
  const groups = new Map<string, { people: Class[]; channels: readonly Class[] }>();
  for (const [people, channels] of byPeople) {
    const key = channels
      .map(numberOf)
      .toSorted((a, b) => a - b)
      .join();
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { people: [people], channels });
    else known.people.push(people);
  }
  return [...groups.values()];
};

const subjectsOf = (classes: readonly Class[]): readonly Subject[] => {
  const all = classes.flatMap(({ subjects }) => subjects);
  return [...new Map(all.map((subject) => [`${subject.kind} ${subject.name}`, subject])).values()];
};

const changesOf = (found: Found, command: CommandSides, whole: Whole): readonly Change[] =>
  groupsOf(found).flatMap(({ people, channels }) => {
    const [who, where] = [people[0]?.subjects[0], channels[0]?.subjects[0]];
    if (who === undefined || where === undefined) return [];
    const { direction, inputs, boxes, example } = found;
    const about = { direction, command, who, where, example };
    return [
      {
        direction,
        command: command.name,
        danger: (command.after ?? command.before)?.danger ?? 'none',
        people: subjectsOf(people),
        channels: subjectsOf(channels),
        everywhere: channels.length === whole.channels.length,
        inputs,
        boxes,
        example,
        causes: causesOf(about, whole.sides),
        witness: witnessOf(about, whole.sides),
      },
    ];
  });

const compareCommand = (command: CommandSides, whole: Whole) => {
  const { sides, people, channels } = whole;
  const compare = createCompare(command, sides);
  const before = rulesFor(sides.before, command.name);
  const after = rulesFor(sides.after, command.name);
  const found = new Map<string, Found>();
  let exact = true;
  for (const who of people)
    for (const where of channels) {
      const cell = compare({
        before: applicable(before, who.before, where.before),
        after: applicable(after, who.after, where.after),
      });
      exact &&= cell.exact;
      for (const flips of cell.flips) byText(found, flips, { people: who, channels: where });
    }
  return { exact, changes: [...found.values()].flatMap((one) => changesOf(one, command, whole)) };
};

const dangers: readonly Danger[] = ['high', 'some', 'none'];

/** What a reviewer must see first: harm, then gains, then whoever is not named, then many. */
const weightOf = ({ danger, direction, people }: Change): readonly number[] => [
  dangers.indexOf(danger),
  direction === 'gain' ? 0 : 1,
  people.some(({ kind }) => kind === 'else') ? 0 : 1,
  -people.length,
];

const inOrder = (a: Change, b: Change): number => {
  const other = weightOf(b);
  const different = weightOf(a)
    .map((weight, at) => weight - (other[at] ?? 0))
    .find((by) => by !== 0);
  return different ?? (a.command < b.command ? -1 : 1);
};

/**
 * What people gain and lose when the one policy takes the place of the other, computed for whole classes of people, channels and
 * inputs. Both must be as they are in force (`inForceAt`); without a first one, everything that is allowed is a gain. An input that
 * only one side declares is not compared: somebody gains a command when there is something to set it to.
 */
export const diffAccess = (before: PolicyParts | undefined, after: PolicyParts): AccessDiff => {
  const sides = { before: before ?? nothing, after };
  const whole = { sides, people: classesOfPeople(sides), channels: classesOfChannels(sides) };
  const compared = commandsOf(sides).map((command) => ({ command, ...compareCommand(command, whole) }));
  const unsure = compared.filter(({ exact }) => !exact).map(({ command }) => command.name);
  return {
    exact: unsure.length === 0,
    unsure,
    changes: compared.flatMap(({ changes }) => changes).toSorted(inOrder),
  };
};
