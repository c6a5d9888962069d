import type { InputValue } from '../../core/input.ts';
import { valueAsText } from '../condition/ast.ts';
import type { Bound, Region } from './region.ts';
import { textsAsText } from './text-words.ts';

const atLeast = (name: string, { at, open }: Bound): string => `${name} ${open ? '>' : '>='} ${at}`;
const atMost = (name: string, { at, open }: Bound): string => `${name} ${open ? '<' : '<='} ${at}`;

type Numbers = Extract<Region, { kind: 'numbers' }>;

/** Neighbours of which the same is chosen. `sort`: all of them, or only the whole ones, or only the others. */
interface Run {
  readonly regions: Numbers[];
  readonly sort: 'all' | 'whole' | 'broken';
  /** Nothing possible lies below its first. */
  readonly first: boolean;
}

/** The regions of one gap between bounds, or of one bound. */
const gapsOf = (possible: readonly Numbers[]): readonly (readonly Numbers[])[] => {
  const gaps = new Map<string, Numbers[]>();
  for (const region of possible) {
    const key = JSON.stringify([region.from, region.to]);
    gaps.set(key, [...(gaps.get(key) ?? []), region]);
  }
  return [...gaps.values()];
};

const sortOf = (gap: readonly Numbers[], chosen: ReadonlySet<Region>): Run['sort'] | undefined => {
  const found = gap.filter((region) => chosen.has(region));
  if (found.length === 0) return undefined;
  if (found.length === gap.length) return 'all';
  return found[0]?.whole === true ? 'whole' : 'broken';
};

const runsOf = (gaps: readonly (readonly Numbers[])[], chosen: ReadonlySet<Region>): readonly Run[] => {
  const runs: Run[] = [];
  let before: Run['sort'] | undefined;
  for (const [at, gap] of gaps.entries()) {
    const sort = sortOf(gap, chosen);
    const run = runs.at(-1);
    if (sort !== undefined && sort === before && run !== undefined) run.regions.push(...gap);
    else if (sort !== undefined) runs.push({ regions: [...gap], sort, first: at === 0 });
    before = sort;
  }
  return runs;
};

const rangeAsText = (name: string, run: Run, last: boolean): string => {
  const [lowest, highest] = [run.regions[0]?.from, run.regions.at(-1)?.to];
  if (lowest !== undefined && lowest.at === highest?.at) return `${name} = ${lowest.at}`;
  const from = run.first ? undefined : lowest;
  const to = last ? undefined : highest;
  if (from !== undefined && to !== undefined) return `${atLeast(name, from)} and ${atMost(name, to)}`;
  if (from !== undefined) return atLeast(name, from);
  return to === undefined ? `any ${name}` : atMost(name, to);
};

const sorts: Readonly<Record<Run['sort'], string>> = {
  all: '',
  whole: ' that is whole',
  broken: ' that is not whole',
};

const numbersAsText = (
  name: string,
  possible: readonly Numbers[],
  chosen: ReadonlySet<Region>,
): readonly string[] => {
  const gaps = gapsOf(possible);
  const end = gaps.at(-1)?.[0];
  return runsOf(gaps, chosen).map(
    (run) => `${rangeAsText(name, run, end !== undefined && run.regions.includes(end))}${sorts[run.sort]}`,
  );
};

const namedAsText = (name: string, values: readonly InputValue[]): readonly string[] => {
  const texts = values.map(valueAsText);
  if (texts.length === 0) return [];
  return [texts.length === 1 ? `${name} = ${texts[0]}` : `${name} in (${texts.join(', ')})`];
};

const isText = ({ kind, value }: Region): boolean => kind === 'other' || typeof value === 'string';

/**
 * The chosen regions of an input in words: `weight >= 26 and weight <= 50`; empty when they are all that there can be.
 * `possible` are the regions that the side in question takes, in order.
 */
export const regionsAsText = (
  name: string,
  chosen: ReadonlySet<Region>,
  possible: readonly Region[],
): string => {
  if (possible.every((region) => chosen.has(region))) return '';
  const numbers = possible.filter((region) => region.kind === 'numbers');
  const others = possible.filter((region) => region.kind === 'one' && !isText(region) && chosen.has(region));
  const words = [
    ...numbersAsText(name, numbers, chosen),
    ...namedAsText(
      name,
      others.flatMap(({ value }) => value ?? []),
    ),
    ...textsAsText(name, possible.filter(isText), chosen),
    ...(possible.some((region) => region.kind === 'absent' && chosen.has(region)) ? [`without ${name}`] : []),
  ];
  return words.length > 1 ? `(${words.join(' or ')})` : (words[0] ?? '');
};
