import type { Danger } from '../../core/command.ts';
import type { Causes } from './causes.ts';
import type { Flips } from './cell.ts';
import type { Joint, Subject } from './classes.ts';
import type { Change, Whole } from './diff.ts';
import type { CommandSides } from './sides.ts';
import { witnessOf } from './witness.ts';

/** Where something flips: some people in some channels. */
export interface Spot {
  readonly people: Joint;
  readonly channels: Joint;
  readonly flips: Flips;
}

interface Group {
  readonly people: Joint[];
  readonly channels: readonly Joint[];
}

/** People for whom it is the same channels, together. */
const groupsOf = (spots: readonly Spot[]): readonly Group[] => {
  const byPeople = new Map<Joint, Joint[]>();
  for (const { people, channels } of spots) {
    const list = byPeople.get(people);
    if (list === undefined) byPeople.set(people, [channels]);
    else list.push(channels);
  }
  const numbers = new Map<Joint, number>();
  const numberOf = (one: Joint): number => {
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  };
  const groups = new Map<string, Group>();
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

const once = (subjects: readonly Subject[]): readonly Subject[] => [
  ...new Map(subjects.map((subject) => [`${subject.kind} ${subject.name}`, subject])).values(),
];

const subjectsIn = (joints: readonly Joint[]): readonly Subject[] =>
  joints.flatMap(({ classes }) => classes.flatMap(({ subjects }) => subjects));

const jointOf = (subject: Subject, joints: readonly Joint[]): Joint | undefined =>
  joints.find(({ classes }) => classes.some(({ subjects }) => subjects.includes(subject)));

/** Each person once; a group only where none of its members is there to be named. */
const peopleIn = (
  joints: readonly Joint[],
  members: (group: string) => readonly string[],
): readonly Subject[] => {
  const all = subjectsIn(joints);
  const persons = new Set(all.filter(({ kind }) => kind === 'person').map(({ id }) => id));
  return once(all.filter(({ kind, id }) => kind !== 'group' || !members(id).some((one) => persons.has(one))));
};

const dangerOf = ({ before, after }: CommandSides): Danger => {
  const both = [before?.danger, after?.danger];
  return (['high', 'some'] as const).find((danger) => both.includes(danger)) ?? 'none';
};

/** Folds places where the same flips into changes, each shown with one person in one channel. */
export const changesOf = (
  spots: readonly Spot[],
  command: CommandSides,
  { sides, channels: everyChannel }: Whole,
  causesOf: Causes,
): readonly Change[] =>
  groupsOf(spots).flatMap((group) => {
    const gain = spots[0]?.flips.direction === 'gain';
    const people = peopleIn(group.people, sides[gain ? 'after' : 'before'].people.members);
    const channels = once(subjectsIn(group.channels));
    const [who, where] = [people[0], channels[0]];
    if (who === undefined || where === undefined) return [];
    const [whose, there] = [jointOf(who, group.people), jointOf(where, group.channels)];
    // Elsewhere, an input that only one side declares may have to be set to something else.
    const flips = spots.find((spot) => spot.people === whose && spot.channels === there)?.flips;
    if (flips === undefined) return [];
    const about = { direction: flips.direction, command, who, where, example: flips.example };
    const classes = group.channels.flatMap((joint) => joint.classes);
    return [
      {
        ...flips,
        command: command.name,
        danger: dangerOf(command),
        people,
        channels,
        everywhere: classes.length === everyChannel.length && channels.some(({ kind }) => kind === 'else'),
        causes: causesOf(about),
        witness: witnessOf(about, sides),
      },
    ];
  });
