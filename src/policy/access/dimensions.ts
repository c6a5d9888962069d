import type { Input, InputValue } from '../../core/input.ts';
import { type Comparison, type Condition, conditionAsText } from '../condition/ast.ts';
import { type Ask, compileCondition } from '../condition/compile.ts';
import { type Declared, type Look, type Region, type Taken, takenBy } from './region.ts';
import { regionsOf } from './regions.ts';
import { bothSides, type CommandSides, type Side } from './sides.ts';

/** Regions that every comparison answers alike and that the same declarations take: one of their values speaks for all. */
export interface Kind {
  readonly regions: readonly Region[];
  readonly value: InputValue | undefined;
  readonly taken: Taken;
  /** Nobody found a text that is seen like this, so there may be none: `value` only stands for one. */
  readonly supposed: boolean;
}

/** An input that can make a difference, in kinds. */
export interface Dimension extends Declared {
  readonly name: string;
  /** In order: neighbours among numbers stand side by side. */
  readonly regions: readonly Region[];
  readonly kinds: readonly Kind[];
  /** Whether every value there can be belongs to one of the kinds. */
  readonly exact: boolean;
  /** Declared by one of two declarations: whatever it is set to must not tell the sides apart. */
  readonly only: Side | undefined;
}

/** Conditions are asked with texts that nobody found; this says how patterns would see them. */
export type Supposed = ReadonlyMap<InputValue, readonly Look[]>;

/** The declaration of an input without what only people read. */
export const shapeOf = (spec: Declared[Side]): string =>
  spec === undefined ? 'none' : JSON.stringify({ ...spec, description: undefined });

/** The texts that examples of the command hold: the best guess at what people type. */
const samplesOf = ({ before, after }: CommandSides): readonly string[] =>
  [before, after].flatMap((command) => command?.examples ?? []).flatMap((line) => line.split(/[ =]/));

const supposing = (condition: Condition, supposed: Supposed): Condition => {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, parts: condition.parts.map((part) => supposing(part, supposed)) };
    case 'not':
      return { ...condition, part: supposing(condition.part, supposed) };
    case 'matches': {
      const { source, matches } = condition;
      const looks = (value: string) => supposed.get(value)?.find(({ pattern }) => pattern === source);
      return { ...condition, matches: (value) => looks(value)?.matches ?? matches(value) };
    }
    default:
      return condition;
  }
};

/** A condition compiled so that it also answers for texts that are only supposed to be. */
export const compileSupposing = (condition: Condition, supposed: Supposed): Ask =>
  compileCondition(supposing(condition, supposed));

/** A text that cannot be typed stands for the supposed one. */
const standIn = (name: string, at: number): string => `\u0000${name} ${at}`;

const isSupposed = ({ kind, value }: Region): boolean => kind === 'other' && value === undefined;

const supposedIn = (name: string, regions: readonly Region[]): Supposed =>
  new Map(
    regions.flatMap((region, at) =>
      region.kind === 'other' && isSupposed(region) ? [[standIn(name, at), region.looks] as const] : [],
    ),
  );

const kindsOf = (
  name: string,
  regions: readonly Region[],
  declared: Declared,
  compared: readonly Comparison[],
): readonly Kind[] => {
  const supposed = supposedIn(name, regions);
  const asks = compared.map((comparison) => compileSupposing(comparison, supposed));
  const found = new Map<string, Kind & { readonly regions: Region[] }>();
  for (const [at, region] of regions.entries()) {
    const value = isSupposed(region) ? standIn(name, at) : region.value;
    const input: Input = value === undefined ? {} : Object.fromEntries([[name, value]]);
    const taken = takenBy(declared, region);
    const key = JSON.stringify([taken.before, taken.after, asks.map((ask) => ask(input) ?? null)]);
    const known = found.get(key);
    const kind = { value, taken, supposed: isSupposed(region) };
    if (known === undefined) found.set(key, { ...kind, regions: [region] });
    else if (known.supposed && !kind.supposed)
      found.set(key, { ...kind, regions: [...known.regions, region] });
    else known.regions.push(region);
  }
  return [...found.values()];
};

type Parts = Pick<Dimension, 'regions' | 'kinds' | 'exact'>;

/** Inputs are split once for all cells of a command that compare them with the same. */
export type Split = (name: string, declared: Declared, compared: readonly Comparison[]) => Parts;

/** Splits the inputs of one command. */
export const createSplit = (command: CommandSides): Split => {
  const samples = samplesOf(command);
  const known = new Map<string, Parts>();
  return (name, declared, compared) => {
    const distinct = new Map(compared.map((one) => [conditionAsText(one), one]));
    const key = JSON.stringify([name, [...distinct.keys()].toSorted()]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const { regions, exact } = regionsOf(declared, [...distinct.values()], samples);
    const split = { regions, kinds: kindsOf(name, regions, declared, [...distinct.values()]), exact };
    known.set(key, split);
    return split;
  };
};

/** Which declaration alone has the input; undefined where both do, or where there is one declaration only. */
const onlyOn = ({ before, after }: CommandSides, declared: Declared): Side | undefined => {
  if (before === undefined || after === undefined) return undefined;
  return bothSides.find((side) => declared[side === 'before' ? 'after' : 'before'] === undefined);
};

/** The inputs of a command that these comparisons, or a difference between the declarations, can tell apart. */
export const dimensionsOf = (
  command: CommandSides,
  comparisons: readonly Comparison[],
  split: Split,
): readonly Dimension[] => {
  const { before, after } = command;
  const names = new Set([...(before?.inputs ?? []), ...(after?.inputs ?? [])].map(({ name }) => name));
  return [...names].flatMap((name): readonly Dimension[] => {
    const spec = (side: Side) => command[side]?.inputs.find((one) => one.name === name);
    const declared = { before: spec('before'), after: spec('after') };
    const compared = comparisons.filter((one) => one.name === name);
    const same =
      before === undefined || after === undefined || shapeOf(declared.before) === shapeOf(declared.after);
    if (same && compared.length === 0) return [];
    return [{ name, ...declared, only: onlyOn(command, declared), ...split(name, declared, compared) }];
  });
};

/** Every choice of one kind for each dimension, as their places. */
export function* combinations(dimensions: readonly Dimension[]): Generator<readonly number[]> {
  const [first, ...rest] = dimensions;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const at of first.kinds.keys()) for (const tail of combinations(rest)) yield [at, ...tail];
}

/** The kinds at these places. */
export const kindsAt = (dimensions: readonly Dimension[], places: readonly number[]): readonly Kind[] =>
  dimensions.flatMap(({ kinds }, at) => kinds[places[at] ?? 0] ?? []);

/** An input with a value of each of these kinds. */
export const inputOf = (dimensions: readonly Dimension[], places: readonly number[]): Input => {
  const input: Record<string, InputValue> = Object.create(null);
  for (const [at, { name, kinds }] of dimensions.entries()) {
    const value = kinds[places[at] ?? 0]?.value;
    if (value !== undefined) input[name] = value;
  }
  return input;
};

/** How patterns see the texts that are only supposed to be, of all dimensions. */
export const allSupposed = (dimensions: readonly Dimension[]): Supposed =>
  new Map(
    dimensions.flatMap(({ kinds }) =>
      kinds.flatMap(({ supposed, value, regions: [region] }) =>
        supposed && value !== undefined && region?.kind === 'other' ? [[value, region.looks] as const] : [],
      ),
    ),
  );
