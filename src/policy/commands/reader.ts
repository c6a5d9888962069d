import { didYouMean, shown } from '../hints.ts';
import type { MistakeList } from '../mistakes.ts';
import type { Scalar, Table, Tree } from './tree.ts';

/** One table of a file while it is read: takes its fields one by one and reports what does not fit. */
export interface Reader {
  readonly line: number;
  readonly keys: readonly string[];
  has(key: string): boolean;
  lineOf(key: string): number;
  tree(key: string): Tree | undefined;
  /** A text; `undefined` when it is absent or was reported. */
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  truth(key: string): boolean | undefined;
  table(key: string): Reader | undefined;
  list(key: string): readonly Tree[] | undefined;
  wrong(key: string, text: string): undefined;
  /** Like `wrong`, at a line inside the field. */
  wrongAt(line: number, text: string): undefined;
  require(key: string): void;
}

/** Why a scalar is not a text, with what helps. */
export const notText = (scalar: Scalar): string =>
  scalar.value === null
    ? 'the value is missing'
    : `${shown(String(scalar.value))} is ${typeof scalar.value === 'number' ? 'a number' : 'true or false'} for YAML; put it in quotes to make it a text`;

const kinds = { scalar: 'a single value', list: 'a list', table: 'a table of keys and values' } as const;

interface Spot {
  readonly file: string;
  readonly mistakes: MistakeList;
}

const takeTruth = (tree: Scalar): boolean | string =>
  typeof tree.value === 'boolean' ? tree.value : `${shown(String(tree.value))} must be true or false`;

/** Begins to read a table. `path` leads to it in messages: `inputs.weight.`. Keys outside `known` are reported; `any` knows all. */
export const createReader = (
  spot: Spot,
  table: Table,
  path: string,
  known: readonly string[] | 'any',
): Reader => {
  const { file, mistakes } = spot;
  const entry = (key: string) => table.entries.get(key);
  const lineOf = (key: string): number => entry(key)?.line ?? table.line;
  const wrongAt = (line: number, text: string): undefined => void mistakes.add(file, line, text);
  const wrong = (key: string, text: string): undefined => wrongAt(lineOf(key), `${path}${key}: ${text}`);

  if (known !== 'any')
    for (const key of table.entries.keys())
      if (!known.includes(key))
        wrong(key, `unknown key (known here: ${known.join(', ')})${didYouMean(key, known)}`);

  const of = <Kind extends Tree['kind']>(
    key: string,
    kind: Kind,
  ): Extract<Tree, { kind: Kind }> | undefined => {
    const tree = entry(key)?.tree;
    if (tree === undefined) return undefined;
    if (tree.kind === kind) return tree as Extract<Tree, { kind: Kind }>;
    return wrong(key, `must be ${kinds[kind]}, this is ${kinds[tree.kind]}`);
  };

  return {
    line: table.line,
    keys: [...table.entries.keys()],
    has: (key) => table.entries.has(key),
    lineOf,
    tree: (key) => entry(key)?.tree,
    text(key) {
      const scalar = of(key, 'scalar');
      if (scalar === undefined || typeof scalar.value === 'string')
        return scalar?.value as string | undefined;
      return wrong(key, notText(scalar));
    },
    number(key) {
      const scalar = of(key, 'scalar');
      if (scalar === undefined || typeof scalar.value === 'number')
        return scalar?.value as number | undefined;
      return wrong(key, `${shown(String(scalar.value))} must be a number`);
    },
    truth(key) {
      const scalar = of(key, 'scalar');
      if (scalar === undefined) return undefined;
      const truth = takeTruth(scalar);
      return typeof truth === 'boolean' ? truth : wrong(key, truth);
    },
    table(key) {
      const inner = of(key, 'table');
      return inner === undefined ? undefined : createReader(spot, inner, `${path}${key}.`, 'any');
    },
    list: (key) => of(key, 'list')?.items,
    wrong,
    wrongAt,
    require(key) {
      if (!table.entries.has(key)) wrongAt(table.line, `${path}${key} is missing`);
    },
  };
};

/** Reports keys that a table opened with `table()` may not have. */
export const allowOnly = (reader: Reader, known: readonly string[]): void => {
  for (const key of reader.keys)
    if (!known.includes(key))
      reader.wrong(key, `unknown key (known here: ${known.join(', ')})${didYouMean(key, known)}`);
};
