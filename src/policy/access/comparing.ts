import type { Danger } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { type Causes, createCauses, keyOfRule, ownLinksOf } from './causes.ts';
import { type Budget, type CellFlips, type CellRules, compareCell, type Flips } from './cell.ts';
import { type Class, type Joint, jointly, type Subject } from './classes.ts';
import type { Change, Whole } from './diff.ts';
import { createSplit, shapeOf } from './dimensions.ts';
import { applicable, type CommandSides, createRulesFor, type RulesByWho, type Side } from './sides.ts';
import { witnessOf } from './witness.ts';

interface Found extends Flips {
  readonly spots: { readonly people: Joint; readonly channels: Joint }[];
}

const alikeOf = (rules: CellRules[keyof CellRules]): string =>
  [...new Set(rules.map(({ effect, condition }) => `${effect} ${condition}`))].toSorted().join('\n');

/** Both sides take the same inputs. */
const sameInputs = ({ before, after }: CommandSides): boolean =>
  before !== undefined &&
  after !== undefined &&
  JSON.stringify(before.inputs.map(shapeOf).toSorted()) ===
    JSON.stringify(after.inputs.map(shapeOf).toSorted());

const unchanged: CellFlips = { flips: [], exact: true };

/** Cells with the same conditions and effects are compared once. */
const createCompare = (
  command: CommandSides,
  { sides }: Whole,
  budget: Budget,
): ((rules: CellRules) => CellFlips) => {
  const known = new Map<string, CellFlips>();
  const split = createSplit(command);
  const same = sameInputs(command);
  return (rules) => {
    const [before, after] = [alikeOf(rules.before), alikeOf(rules.after)];
    if (same && before === after) return unchanged;
    const key = JSON.stringify([before, after]);
    const flips = known.get(key) ?? compareCell(command, rules, sides, split, budget);
    known.set(key, flips);
    return flips;
  };
};

const grouped = (
  spots: Found['spots'],
): readonly { people: readonly Class[]; channels: readonly Class[] }[] => {
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
  const groups = new Map<string, { people: Class[]; channels: readonly Class[] }>();
  for (const [people, channels] of byPeople) {
    const key = channels
      .map(numberOf)
      .toSorted((a, b) => a - b)
      .join();
    const known = groups.get(key);
    if (known !== undefined) known.people.push(...people.classes);
    else
      groups.set(key, { people: [...people.classes], channels: channels.flatMap(({ classes }) => classes) });
  }
  return [...groups.values()];
};

const once = (subjects: readonly Subject[]): readonly Subject[] => [
  ...new Map(subjects.map((subject) => [`${subject.kind} ${subject.name}`, subject])).values(),
];

const subjectsIn = (classes: readonly Class[]): readonly Subject[] =>
  classes.flatMap(({ subjects }) => subjects);

/** Each person once; a group only where none of its members is there to be named. */
const peopleIn = (
  classes: readonly Class[],
  members: (group: string) => readonly string[],
): readonly Subject[] => {
  const all = subjectsIn(classes);
  const persons = new Set(all.filter(({ kind }) => kind === 'person').map(({ id }) => id));
  return once(all.filter(({ kind, id }) => kind !== 'group' || !members(id).some((one) => persons.has(one))));
};

const dangerOf = ({ before, after }: CommandSides): Danger => {
  const both = [before?.danger, after?.danger];
  return (['high', 'some'] as const).find((danger) => both.includes(danger)) ?? 'none';
};

const changesOf = (
  found: Found,
  command: CommandSides,
  whole: Whole,
  causesOf: Causes,
): readonly Change[] => {
  const { direction, inputs, boxes, example, spots } = found;
  const roles = whole.sides[direction === 'gain' ? 'after' : 'before'].people;
  return grouped(spots).flatMap((group) => {
    const people = peopleIn(group.people, roles.members);
    const channels = once(subjectsIn(group.channels));
    const [who, where] = [people[0], channels[0]];
    if (who === undefined || where === undefined) return [];
    const about = { direction, command, who, where, example };
    return [
      {
        direction,
        command: command.name,
        danger: dangerOf(command),
        people,
        channels,
        everywhere:
          group.channels.length === whole.channels.length && channels.some(({ kind }) => kind === 'else'),
        inputs,
        boxes,
        example,
        causes: causesOf(about),
        witness: witnessOf(about, whole.sides),
      },
    ];
  });
};

const allOf = (rules: RulesByWho): readonly Rule[] => [...rules.values()].flat();

/** Rules that stand on one side only. */
const changedIn = (rules: Readonly<Record<Side, RulesByWho>>): readonly Rule[] => {
  const [before, after] = [allOf(rules.before), allOf(rules.after)];
  const [was, is] = [new Set(before.map(keyOfRule)), new Set(after.map(keyOfRule))];
  return [
    ...before.filter((rule) => !is.has(keyOfRule(rule))),
    ...after.filter((rule) => !was.has(keyOfRule(rule))),
  ];
};

/** Whether anything could differ there: a changed row speaks of them, or they are not to both sides what they were. */
const createTouches = (command: CommandSides, rules: Readonly<Record<Side, RulesByWho>>) => {
  const same = sameInputs(command);
  const changed = changedIn(rules);
  return (who: Joint, where: Joint): boolean =>
    !(same && who.same && where.same) ||
    changed.some((rule) => who.after.has(rule.who) && where.after.has(rule.channel));
};

const createFound = () => {
  const found = new Map<string, Found>();
  return {
    add: (flips: Flips, people: Joint, channels: Joint): void => {
      const key = JSON.stringify([flips.direction, flips.inputs, flips.boxes]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...flips, spots: [{ people, channels }] });
      else known.spots.push({ people, channels });
    },
    all: (): readonly Found[] => [...found.values()],
  };
};

/** What changes about one command; not exact when the budget does not reach. */
export interface Compared {
  readonly exact: boolean;
  readonly changes: readonly Change[];
}

/** Compares one command after another. */
export const createComparison = (whole: Whole, budget: Budget): ((command: CommandSides) => Compared) => {
  const { sides } = whole;
  const [rulesBefore, rulesAfter] = [createRulesFor(sides.before), createRulesFor(sides.after)];
  const links = ownLinksOf(sides);
  return (command) => {
    const rules = { before: rulesBefore(command.name), after: rulesAfter(command.name) };
    const spoken = [...allOf(rules.before), ...allOf(rules.after)];
    const people = jointly(whole.people, new Set(spoken.map(({ who }) => who)));
    const channels = jointly(whole.channels, new Set(spoken.map(({ channel }) => channel)));
    const compare = createCompare(command, whole, budget);
    const touches = createTouches(command, rules);
    const found = createFound();
    let exact = true;
    for (const who of people)
      for (const where of channels) {
        if (!touches(who, where)) continue;
        if (budget.left-- <= 0) return { exact: false, changes: [] };
        const cell = compare({
          before: applicable(rules.before, who.before, where.before),
          after: applicable(rules.after, who.after, where.after),
        });
        exact &&= cell.exact;
        for (const flips of cell.flips) found.add(flips, who, where);
      }
    const causesOf = createCauses(sides, rules, links);
    return { exact, changes: found.all().flatMap((one) => changesOf(one, command, whole, causesOf)) };
  };
};
