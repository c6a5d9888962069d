import type { InputValue } from '../../core/input.ts';
import { valueAsText } from '../condition/ast.ts';
import { type Box, boxesOf } from './boxes.ts';
import type { Look, Region } from './region.ts';

type Other = Extract<Region, { kind: 'other' }>;
type Named = Extract<Region, { kind: 'one' }>;

/** What can be said of a text without naming it: a place for yes and one for no. */
interface Trait {
  readonly has: (region: Pick<Other, 'looks' | 'taken'>) => boolean;
  readonly yes: string;
  readonly no: string;
  /** Undefined: it is about which declaration takes the text. */
  readonly pattern: string | undefined;
}

const ofPattern = (name: string, pattern: string): Trait => {
  const yes = `${name} matches re:${JSON.stringify(pattern)}`;
  const has: Trait['has'] = ({ looks }) => looks.some((look) => look.pattern === pattern && look.matches);
  return { has, yes, no: `not ${yes}`, pattern };
};

const ofTaking = (name: string, isNew: boolean): Trait => ({
  has: ({ taken }) => taken.before && taken.after,
  yes: `${name} that ${isNew ? 'was taken before' : 'is still taken'}`,
  no: `${name} that ${isNew ? 'was not taken before' : 'is not taken any more'}`,
  pattern: undefined,
});

const traitsOf = (name: string, others: readonly Other[]): readonly Trait[] => [
  ofTaking(
    name,
    others.some(({ taken }) => !taken.before),
  ),
  ...(others[0]?.looks ?? []).map(({ pattern }) => ofPattern(name, pattern)),
];

const placesOf = (other: Pick<Other, 'looks' | 'taken'>, traits: readonly Trait[]): readonly number[] =>
  traits.map((trait) => (trait.has(other) ? 1 : 0));

/** A box with what it demands of each trait; undefined where both will do, or nothing else is possible. */
type Demands = readonly (boolean | undefined)[];

const demandsOf = (box: Box, possible: readonly (readonly number[])[]): Demands =>
  box.map((places, at) => {
    const all = new Set(possible.map((point) => point[at]));
    return [...all].every((place) => place !== undefined && places.includes(place))
      ? undefined
      : places.includes(1);
  });

const demandsAsText = (demands: Demands, traits: readonly Trait[]): string =>
  traits
    .flatMap(({ yes, no }, at) => (demands[at] === undefined ? [] : [demands[at] ? yes : no]))
    .join(' and ');

const meets = (looks: readonly Look[], demands: Demands, traits: readonly Trait[]): boolean =>
  traits.every(
    ({ pattern }, at) =>
      pattern === undefined ||
      demands[at] === undefined ||
      looks.some((look) => look.pattern === pattern && look.matches === demands[at]),
  );

const asksAboutTaking = (demands: Demands, traits: readonly Trait[]): boolean =>
  traits.some(({ pattern }, at) => pattern === undefined && demands[at] !== undefined);

const named = (name: string, values: readonly InputValue[]): readonly string[] => {
  const texts = values.map(valueAsText);
  if (texts.length === 0) return [];
  return [texts.length === 1 ? `${name} = ${texts[0]}` : `${name} in (${texts.join(', ')})`];
};

const joined = (texts: readonly string[]): string => {
  const [only, ...more] = texts;
  return more.length === 0
    ? (only ?? '')
    : `(${texts.map((text) => (text.includes(' and ') ? `(${text})` : text)).join(' or ')})`;
};

const othersAsText = (name: string, words: readonly string[], except: readonly InputValue[]): string => {
  const all = words.includes('');
  const texts = except.map(valueAsText);
  const not =
    texts.length < 2
      ? texts.map((text) => `${name} != ${text}`).join('')
      : `${name} not in (${texts.join(', ')})`;
  if (all) return not === '' ? `any ${name}` : not;
  return not === '' ? joined(words) : `${joined(words)} and ${not}`;
};

/** The chosen of the texts that are possible, in words, each of which is an alternative: `tag = main`, `tag matches re:"v.*"`. */
export const textsAsText = (
  name: string,
  possible: readonly Region[],
  chosen: ReadonlySet<Region>,
): readonly string[] => {
  const others = possible.filter((region): region is Other => region.kind === 'other');
  const ones = possible.filter((region): region is Named => region.kind === 'one');
  const traits = traitsOf(name, others);
  const points = others.map((other) => placesOf(other, traits));
  const taken = points.filter((_, at) => others[at] !== undefined && chosen.has(others[at]));
  const boxes = boxesOf(taken, traits.length).map((box) => demandsOf(box, points));
  const meant = ({ looks = [] }: Named): boolean =>
    boxes.some((box) => !asksAboutTaking(box, traits) && meets(looks, box, traits));
  const touched = ({ looks = [] }: Named): boolean => boxes.some((box) => meets(looks, box, traits));
  const valuesOf = (regions: readonly Named[]) => regions.map(({ value }) => value);
  const except = valuesOf(ones.filter((one) => !chosen.has(one) && touched(one)));
  const more = valuesOf(ones.filter((one) => chosen.has(one) && !meant(one)));
  const words = boxes.map((box) => demandsAsText(box, traits));
  return [...(words.length === 0 ? [] : [othersAsText(name, words, except)]), ...named(name, more)];
};
