/** For each dimension the places that are taken; a point lies in it when each of its places is. */
export type Box = readonly (readonly number[])[];

/**
 * Points with one place for each dimension, told as disjoint boxes that hold exactly these points. Places that go on in the same
 * way share a box.
 */
export const boxesOf = (points: readonly (readonly number[])[], dimensions: number): readonly Box[] => {
  if (points.length === 0) return [];
  if (dimensions === 0) return [[]];
  const tails = new Map<number, (readonly number[])[]>();
  for (const [first = 0, ...rest] of points) {
    const list = tails.get(first);
    if (list === undefined) tails.set(first, [rest]);
    else list.push(rest);
  }
  const alike = new Map<string, { places: number[]; rest: readonly (readonly number[])[] }>();
  for (const [place, rest] of tails) {
    const key = JSON.stringify(rest.toSorted(inOrder));
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { places: [place], rest });
    else known.places.push(place);
  }
  return [...alike.values()].flatMap(({ places, rest }) =>
    boxesOf(rest, dimensions - 1).map((box) => [places, ...box]),
  );
};

const inOrder = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((place, index) => place !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
};
