import { allowOnly, createReader, type Reader } from '../commands/reader.ts';
import type { Tree } from '../commands/tree.ts';
import { shown } from '../hints.ts';
import { kindOfId } from '../ids.ts';
import type { MistakeList } from '../mistakes.ts';
import { anybody, type Case, type WhoCan } from './case.ts';
import { readExpected } from './expected.ts';
import { readTexts } from './given.ts';

/** A file while its cases are read. `room.left` is how many more cases may follow, over all files; below 0 there were too many. */
export interface Spot {
  readonly file: string;
  readonly mistakes: MistakeList;
  readonly room: { left: number };
}

type Check = (text: string) => string | undefined;

const isPerson: Check = (id) => {
  const kind = kindOfId(id);
  if (kind === 'account' || kind === 'gitlab') return undefined;
  return `${shown(id)} must be an account such as slack:T1/U2, or a person such as gitlab:ana`;
};

const isPlace: Check = (id) => {
  const kind = kindOfId(id);
  if (kind === 'account' || kind === 'channels') return undefined;
  return `${shown(id)} must be a channel such as slack:T1/C3, or a set such as channels:ops`;
};

const isLine: Check = (line) => (line.trim() === '' ? 'is empty; write what is typed' : undefined);

const isName: Check = (name) => {
  if (name === anybody) return undefined;
  const wrong = isPerson(name.replace(/^not /, ''));
  return wrong === undefined ? undefined : `${wrong}, or ${anybody}`;
};

const asked = [
  ['as', isPerson],
  ['in', isPlace],
  ['run', isLine],
] as const;

const readOne = (reader: Reader, key: string, check: Check): string => {
  reader.require(key);
  const text = reader.text(key);
  const wrong = text === undefined ? undefined : check(text);
  if (wrong !== undefined) reader.wrong(key, wrong);
  return text ?? '';
};

const readMany = (reader: Reader, key: string, check: Check): readonly string[] => {
  reader.require(key);
  const texts = readTexts(reader, key, reader.list(key) ?? []);
  for (const { text, line } of texts) {
    const wrong = check(text);
    if (wrong !== undefined) reader.wrongAt(line, `${key}: ${wrong}`);
  }
  return [...new Set(texts.map(({ text }) => text))];
};

const readSingle = (spot: Spot, reader: Reader, effect: 'allow' | 'deny'): readonly Case[] => {
  if (reader.has('expect')) reader.wrong('expect', 'goes with matrix');
  const table = reader.table(effect);
  if (table === undefined) return [];
  allowOnly(table, ['as', 'in', 'run']);
  const [as = '', where = '', run = ''] = asked.map(([key, check]) => readOne(table, key, check));
  const expected = readExpected(reader, effect);
  return [{ file: spot.file, line: reader.lineOf(effect), as, in: where, run, expected }];
};

const readEffect = (reader: Reader): 'allow' | 'deny' => {
  reader.require('expect');
  const text = reader.text('expect');
  if (text === 'allow' || text === 'deny') return text;
  if (text !== undefined) reader.wrong('expect', `${shown(text)} must be allow or deny`);
  return 'deny';
};

const readMatrix = (spot: Spot, reader: Reader): readonly Case[] => {
  const effect = readEffect(reader);
  const table = reader.table('matrix');
  if (table === undefined) return [];
  allowOnly(table, ['as', 'in', 'run']);
  const [people = [], places = [], lines = []] = asked.map(([key, check]) => {
    const many = readMany(table, key, check);
    if (table.has(key) && many.length === 0) table.wrong(key, 'needs a list with at least one entry');
    return many;
  });
  const expected = readExpected(reader, effect);
  if (people.length * places.length * lines.length > spot.room.left) {
    spot.room.left = -1;
    return [];
  }
  const place = { file: spot.file, line: reader.lineOf('matrix') };
  return people.flatMap((as) =>
    places.flatMap((where) => lines.map((run) => ({ ...place, as, in: where, run, expected }))),
  );
};

const openItem = (spot: Spot, item: Tree, what: string, keys: readonly string[]): Reader | undefined => {
  if (item.kind === 'table') return createReader(spot, item, '', keys);
  spot.mistakes.add(spot.file, item.line, `${what} is a table of keys and values: ${keys.join(', ')}`);
  return undefined;
};

/** Reads one entry of `cases`: one line, or the many lines of a matrix. */
export const readCase = (spot: Spot, item: Tree): readonly Case[] => {
  const reader = openItem(spot, item, 'a case', ['allow', 'deny', 'matrix', 'by', 'because', 'expect']);
  if (reader === undefined) return [];
  const kinds = (['allow', 'deny', 'matrix'] as const).filter((key) => reader.has(key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return reader.wrongAt(reader.line, 'a case has one of allow, deny and matrix') ?? [];
  return kind === 'matrix' ? readMatrix(spot, reader) : readSingle(spot, reader, kind);
};

/** Reads one entry of `who_can`. */
export const readWhoCan = (spot: Spot, item: Tree): readonly WhoCan[] => {
  const reader = openItem(spot, item, 'an entry of who_can', ['run', 'in', 'exactly']);
  if (reader === undefined) return [];
  const run = readOne(reader, 'run', isLine);
  const where = readOne(reader, 'in', isPlace);
  const exactly = readMany(reader, 'exactly', isName);
  if (exactly.some((name) => name.startsWith('not ')) && !exactly.includes(anybody))
    reader.wrong('exactly', `"not …" goes with ${anybody}; without it whoever is not listed may not`);
  return [{ file: spot.file, line: reader.line, run, in: where, exactly }];
};
