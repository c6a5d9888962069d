import type { Command } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Input, InputValue } from '../../core/input.ts';
import { type Comparison, comparisonsOf } from '../condition/ast.ts';
import { applies } from '../condition/compile.ts';
import type { Conditions } from '../rules.ts';
import { type Box, boxesOf } from './boxes.ts';
import { type Declared, type Region, takes } from './region.ts';
import { regionsAsText, regionsOf } from './regions.ts';
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

interface Dimension extends Declared {
  readonly name: string;
  readonly regions: readonly Region[];
  readonly exact: boolean;
  /** Declared by one of two declarations: whatever it is set to must not tell the sides apart. */
  readonly only: Side | undefined;
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

const shapeOf = (spec: Declared[Side]): string =>
  spec === undefined ? 'none' : JSON.stringify({ ...spec, description: undefined });

/** The texts that examples of the command hold: the best guess at what people type. */
const samplesOf = ({ before, after }: CommandSides): readonly string[] =>
  [before, after].flatMap((command) => command?.examples ?? []).flatMap((line) => line.split(/[ =]/));

const dimensionsOf = (command: CommandSides, comparisons: readonly Comparison[]): readonly Dimension[] => {
  const { before, after } = command;
  const names = new Set([...(before?.inputs ?? []), ...(after?.inputs ?? [])].map(({ name }) => name));
  const samples = samplesOf(command);
  return [...names].flatMap((name): readonly Dimension[] => {
    const spec = (side: Side) => command[side]?.inputs.find((one) => one.name === name);
    const declared = { before: spec('before'), after: spec('after') };
    const compared = comparisons.filter((one) => one.name === name);
    const same =
      before === undefined || after === undefined || shapeOf(declared.before) === shapeOf(declared.after);
    if (same && compared.length === 0) return [];
    const both = before !== undefined && after !== undefined;
    const only = !both
      ? undefined
      : declared.before === undefined
        ? 'after'
        : declared.after === undefined
          ? 'before'
          : undefined;
    return [{ name, ...declared, only, ...regionsOf(declared, compared, samples) }];
  });
};

function* combinations(dimensions: readonly Dimension[]): Generator<readonly number[]> {
  const [first, ...rest] = dimensions;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const at of first.regions.keys()) for (const tail of combinations(rest)) yield [at, ...tail];
}

const inputOf = (dimensions: readonly Dimension[], places: readonly number[]): Input => {
  const input: Record<string, InputValue> = Object.create(null);
  for (const [at, { name, regions }] of dimensions.entries()) {
    const value = regions[places[at] ?? 0]?.value;
    if (value !== undefined) input[name] = value;
  }
  return input;
};

/** Inputs of a command, one for each way in which these comparisons can see one; not all ways when `exact` is false. */
export const inputsSeenBy = (
  command: Command,
  comparisons: readonly Comparison[],
): { readonly inputs: readonly Input[]; readonly exact: boolean } => {
  const dimensions = dimensionsOf({ name: command.name, before: undefined, after: command }, comparisons);
  const inputs: Input[] = [];
  for (const places of combinations(dimensions)) {
    if (inputs.length === mostCombinations) return { inputs, exact: false };
    inputs.push(inputOf(dimensions, places));
  }
  return { inputs, exact: dimensions.every(({ exact }) => exact) };
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

/** Whether one side takes and allows some input that agrees on what both declare. */
type Allows = (shared: readonly number[]) => readonly number[] | undefined;

const allowsOn = (
  side: Side,
  rules: CellRules,
  sides: Sides,
  command: CommandSides,
  shared: readonly Dimension[],
  own: readonly Dimension[],
): Allows => {
  const { conditions } = sides[side];
  const dimensions = [...shared, ...own];
  const further = [...combinations(own)];
  const distinct = [
    ...new Map(rules[side].map((rule) => [`${rule.effect} ${rule.condition}`, rule])).values(),
  ];
  return (places) => {
    if (command[side] === undefined) return undefined;
    return further.find((more) => {
      const all = [...places, ...more];
      const fits = dimensions.every((one, at) => takes(one[side], one.regions[all[at] ?? 0]?.value));
      return fits && isAllowed(distinct, conditions, inputOf(dimensions, all));
    });
  };
};

const boxAsText = (box: Box, dimensions: readonly Dimension[], side: Side): string =>
  dimensions
    .map(({ name, regions, ...declared }, at) => {
      const chosen = new Set((box[at] ?? []).flatMap((place) => regions[place] ?? []));
      return regionsAsText(
        name,
        chosen,
        regions.filter(({ value }) => takes(declared[side], value)),
      );
    })
    .filter((text) => text !== '')
    .join(' and ');

const boxAsData = (box: Box, dimensions: readonly Dimension[]): Flips['boxes'][number] =>
  Object.fromEntries(
    dimensions.map(({ name, regions }, at) => [
      name,
      (box[at] ?? []).flatMap((place) => regions[place] ?? []),
    ]),
  );

const inWords = (boxes: readonly Box[], dimensions: readonly Dimension[], side: Side): string => {
  const texts = boxes.map((box) => boxAsText(box, dimensions, side));
  if (texts.includes('')) return '';
  return texts.map((text) => (texts.length > 1 && text.includes(' and ') ? `(${text})` : text)).join(' or ');
};

interface Point {
  readonly shared: readonly number[];
  readonly own: readonly number[];
}

const flipsOf = (
  direction: Flips['direction'],
  points: readonly Point[],
  shared: readonly Dimension[],
  own: readonly Dimension[],
): readonly Flips[] => {
  const [first] = points;
  if (first === undefined) return [];
  const boxes = boxesOf(
    points.map((point) => point.shared),
    shared.length,
  );
  const side = direction === 'gain' ? 'after' : 'before';
  const example = inputOf([...shared, ...own], [...first.shared, ...first.own]);
  return [
    {
      direction,
      inputs: inWords(boxes, shared, side),
      boxes: boxes.map((box) => boxAsData(box, shared)),
      example,
    },
  ];
};

/** Compares both sides over every input that any of these rules, or either declaration, can tell apart. */
export const compareCell = (command: CommandSides, rules: CellRules, sides: Sides): CellFlips => {
  const dimensions = dimensionsOf(command, comparisonsIn(rules, sides));
  const shared = dimensions.filter(({ only }) => only === undefined);
  const ownOf = (side: Side) => dimensions.filter(({ only }) => only === side);
  const before = allowsOn('before', rules, sides, command, shared, ownOf('before'));
  const after = allowsOn('after', rules, sides, command, shared, ownOf('after'));
  const gained: Point[] = [];
  const lost: Point[] = [];
  let tried = 0;
  for (const places of combinations(shared)) {
    if (++tried > mostCombinations) break;
    const [was, is] = [before(places), after(places)];
    if (was === undefined && is !== undefined) gained.push({ shared: places, own: is });
    if (was !== undefined && is === undefined) lost.push({ shared: places, own: was });
  }
  return {
    flips: [
      ...flipsOf('gain', gained, shared, ownOf('after')),
      ...flipsOf('lose', lost, shared, ownOf('before')),
    ],
    exact: tried <= mostCombinations && dimensions.every(({ exact }) => exact),
  };
};
