import type { Rule } from '../../core/decision.ts';
import { createCauses, keyOfRule, ownLinksOf } from './causes.ts';
import { type Budget, type CellFlips, type CellRules, compareCell, type Flips } from './cell.ts';
import { type Joint, jointly } from './classes.ts';
import type { Change, Whole } from './diff.ts';
import { createSplit, shapeOf } from './dimensions.ts';
import { changesOf, type Spot } from './folding.ts';
import { applicable, type CommandSides, createRulesFor, type RulesByWho, type Side } from './sides.ts';

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
  const found = new Map<string, Spot[]>();
  return {
    add: (flips: Flips, people: Joint, channels: Joint): void => {
      // The words say exactly which inputs; other cells may have cut the same inputs into other pieces.
      const key = JSON.stringify([flips.direction, flips.inputs]);
      const known = found.get(key);
      if (known === undefined) found.set(key, [{ people, channels, flips }]);
      else known.push({ people, channels, flips });
    },
    all: (): readonly (readonly Spot[])[] => [...found.values()],
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
    return { exact, changes: found.all().flatMap((spots) => changesOf(spots, command, whole, causesOf)) };
  };
};
