import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Input } from '../../core/input.ts';
import { type Comparison, comparisonsOf } from '../condition/ast.ts';
import { type Ask, applies } from '../condition/compile.ts';
import type { Conditions } from '../rules.ts';
import { boxesOf } from './boxes.ts';
import {
  allSupposed,
  combinations,
  compileSupposing,
  createSplit,
  type Dimension,
  dimensionsOf,
  inputOf,
  kindsAt,
  type Split,
  type Supposed,
} from './dimensions.ts';
import { type Region, takenBy } from './region.ts';
import { regionsAsText } from './region-words.ts';
import { bothSides, type CommandSides, type Side, type Sides } from './sides.ts';

/** The rules of each side that speak of one class of people in one class of channels about one command. */
export type CellRules = Readonly<Record<Side, readonly Rule[]>>;

/** Inputs for which the answer differs, and in which direction. */
export interface Flips {
  readonly direction: 'gain' | 'lose';
  /** The inputs in words; empty when it is any input. */
  readonly inputs: string;
  /** The same as data: each a set of values by input; an input that is not there may be anything. */
  readonly boxes: readonly Readonly<Record<string, readonly Region[]>>[];
  /** One input of them, as it is decided on. */
  readonly example: Input;
}

/** What differs in a cell. */
export interface CellFlips {
  readonly flips: readonly Flips[];
  readonly exact: boolean;
}

/** How many inputs may still be tried; what does not fit is not compared. */
export interface Budget {
  left: number;
}

/** At most so many combinations are tried for one cell. */
const mostCombinations = 20_000;

const comparisonsIn = (rules: CellRules, sides: Sides): readonly Comparison[] =>
  bothSides.flatMap((side) =>
    [...new Set(rules[side].map(({ condition }) => condition))].flatMap((text) => {
      const known = sides[side].conditions.get(text);
      return known === undefined ? [] : comparisonsOf(known.condition);
    }),
  );

/** Inputs of a command, one for each way in which these comparisons can see one; not all ways when `exact` is false. */
export const inputsSeenBy = (
  command: Command,
  comparisons: readonly Comparison[],
): { readonly inputs: readonly Input[]; readonly exact: boolean } => {
  const sides = { name: command.name, before: undefined, after: command };
  const dimensions = dimensionsOf(sides, comparisons, createSplit(sides));
  const found = dimensions.map((one) => ({ ...one, kinds: one.kinds.filter(({ supposed }) => !supposed) }));
  const all = dimensions.every(({ exact, kinds }) => exact && kinds.every(({ supposed }) => !supposed));
  const inputs: Input[] = [];
  for (const places of combinations(found)) {
    if (inputs.length === mostCombinations) return { inputs, exact: false };
    inputs.push(inputOf(found, places));
  }
  return { inputs, exact: all };
};

/** The rules that apply to an input, of those that might. */
export const applying = (rules: readonly Rule[], conditions: Conditions, input: Input): readonly Rule[] =>
  rules.filter(({ condition, effect }) => {
    const known = conditions.get(condition);
    return known !== undefined && applies(known.ask(input), effect);
  });

/** Allow, and no deny. */
export const isAllowed = (rules: readonly Rule[], conditions: Conditions, input: Input): boolean => {
  const found = applying(rules, conditions, input);
  return found.length > 0 && found.every(({ effect }) => effect === 'allow');
};

type Decide = (input: Input) => boolean;

/** The same decision, also about texts that are only supposed to be. */
const createDecide = (rules: readonly Rule[], conditions: Conditions, supposed: Supposed): Decide => {
  const distinct = new Map(rules.map((rule) => [`${rule.effect} ${rule.condition}`, rule]));
  const asks = [...distinct.values()].flatMap(({ condition, effect }): readonly [Ask, string][] => {
    const known = conditions.get(condition);
    if (known === undefined) return [];
    return [[supposed.size === 0 ? known.ask : compileSupposing(known.condition, supposed), effect]];
  });
  return (input) => {
    let allowed = false;
    for (const [ask, effect] of asks)
      if (applies(ask(input), effect)) {
        if (effect === 'deny') return false;
        allowed = true;
      }
    return allowed;
  };
};

/** A setting of what only one side declares with which that side takes and allows the rest. */
interface Setting {
  readonly own: readonly number[];
  /** Only a text that may not exist makes it so. */
  readonly supposed: boolean;
}

type Allows = (shared: readonly number[]) => Setting | undefined;

interface Asked {
  readonly side: Side;
  readonly decide: Decide;
  readonly shared: readonly Dimension[];
  readonly own: readonly Dimension[];
}

const createAllows = ({ side, decide, shared, own }: Asked): Allows => {
  const dimensions = [...shared, ...own];
  return (places) => {
    if (!kindsAt(shared, places).every(({ taken }) => taken[side])) return undefined;
    let found: Setting | undefined;
    for (const more of combinations(own)) {
      const kinds = kindsAt(own, more);
      if (!kinds.every(({ taken }) => taken[side])) continue;
      if (!decide(inputOf(dimensions, [...places, ...more]))) continue;
      found = { own: more, supposed: kinds.some(({ supposed }) => supposed) };
      if (!found.supposed) return found;
    }
    return found;
  };
};

interface Point {
  readonly shared: readonly number[];
  readonly own: readonly number[];
  readonly supposed: boolean;
}

const inWords = (boxes: Flips['boxes'], dimensions: readonly Dimension[], side: Side): string => {
  const texts = boxes.map((box) =>
    dimensions
      .map((one) => {
        const possible = one.regions.filter((region) => takenBy(one, region)[side]);
        return regionsAsText(one.name, new Set(box[one.name]), possible);
      })
      .filter((text) => text !== '')
      .join(' and '),
  );
  if (texts.includes('')) return '';
  return texts.map((text) => (texts.length > 1 && text.includes(' and ') ? `(${text})` : text)).join(' or ');
};

/** Undefined when only texts that may not exist make the difference. */
const flipsOf = (
  direction: Flips['direction'],
  points: readonly Point[],
  shared: readonly Dimension[],
  own: readonly Dimension[],
): Flips | undefined => {
  const shown = points.find(({ supposed }) => !supposed);
  if (shown === undefined) return undefined;
  const boxes = boxesOf(
    points.map((point) => point.shared),
    shared.length,
  ).map((box) =>
    Object.fromEntries(
      shared.map(({ name, kinds }, at) => [
        name,
        (box[at] ?? []).flatMap((place) => kinds[place]?.regions ?? []),
      ]),
    ),
  );
  const side = direction === 'gain' ? 'after' : 'before';
  const example = inputOf([...shared, ...own], [...shown.shared, ...shown.own]);
  return { direction, inputs: inWords(boxes, shared, side), boxes, example };
};

const sizeOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((size, { kinds }) => size * kinds.length, 1);

/** Compares both sides over every input that any of these rules, or either declaration, can tell apart. */
export const compareCell = (
  command: CommandSides,
  rules: CellRules,
  sides: Sides,
  split: Split,
  budget: Budget,
): CellFlips => {
  const dimensions = dimensionsOf(command, comparisonsIn(rules, sides), split);
  const shared = dimensions.filter(({ only }) => only === undefined);
  const own = (side: Side) => dimensions.filter(({ only }) => only === side);
  const each = sizeOf(own('before')) + sizeOf(own('after'));
  const most = Math.min(Math.floor(mostCombinations / each), Math.floor(budget.left / each));
  const supposed = allSupposed(dimensions);
  const allows = (side: Side): Allows => {
    const decide = createDecide(rules[side], sides[side].conditions, supposed);
    if (command[side] === undefined) return () => undefined;
    return createAllows({ side, decide, shared, own: own(side) });
  };
  const [before, after] = [allows('before'), allows('after')];
  const points: Record<Flips['direction'], Point[]> = { gain: [], lose: [] };
  let tried = 0;
  let sure = true;
  for (const places of combinations(shared)) {
    if (++tried > most) break;
    const [was, is] = [before(places), after(places)];
    if (was?.supposed || is?.supposed) sure = false;
    if ((was === undefined) === (is === undefined)) continue;
    const further = is ?? was;
    points[was === undefined ? 'gain' : 'lose'].push({
      shared: places,
      own: further?.own ?? [],
      supposed: further?.supposed === true || kindsAt(shared, places).some((kind) => kind.supposed),
    });
  }
  budget.left -= tried * each;
  const gained = flipsOf('gain', points.gain, shared, own('after'));
  const lost = flipsOf('lose', points.lose, shared, own('before'));
  const shown =
    (points.gain.length === 0 || gained !== undefined) && (points.lose.length === 0 || lost !== undefined);
  return {
    flips: [gained, lost].filter((flips) => flips !== undefined),
    exact: sure && shown && tried <= most && dimensions.every(({ exact }) => exact),
  };
};
