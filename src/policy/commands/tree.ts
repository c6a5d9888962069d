import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { shown } from '../hints.ts';
import type { MistakeList } from '../mistakes.ts';

/** A YAML file as plain pieces that know their line. */
export type Tree = Scalar | List | Table;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly line: number;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly line: number;
}

export interface Table {
  readonly kind: 'table';
  readonly entries: ReadonlyMap<string, { readonly line: number; readonly tree: Tree }>;
  readonly line: number;
}

/** A command is a page of text. Larger files, and files that nest endlessly, take the YAML reader seconds or all memory. */
const longestBytes = 32_768;
const mostBrackets = 500;

interface Reading {
  readonly file: string;
  readonly mistakes: MistakeList;
  lineOf(node: unknown): number;
}

const createReading = (file: string, mistakes: MistakeList, lines: LineCounter): Reading => ({
  file,
  mistakes,
  lineOf(node) {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    return range ? lines.linePos(range[0]).line : 1;
  },
});

const refuse = (reading: Reading, node: unknown, text: string): undefined => {
  reading.mistakes.add(reading.file, reading.lineOf(node), text, 'yaml');
  return undefined;
};

const readScalar = (reading: Reading, node: Node & { value: unknown }): Scalar | undefined => {
  const { value } = node;
  const line = reading.lineOf(node);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null)
    return { kind: 'scalar', value, line };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'scalar', value, line };
  return refuse(reading, node, `${shown(String(value))} is not a number that can be used here`);
};

const readTable = (
  reading: Reading,
  node: Node & { items: readonly { key: unknown; value: unknown }[] },
): Table => {
  const entries = new Map<string, { line: number; tree: Tree }>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : undefined;
    const line = reading.lineOf(key);
    if (isScalar(key) && (key.anchor !== undefined || key.tag !== undefined)) {
      refuse(reading, key, 'anchors and tags are not used here');
    } else if (typeof name !== 'string') refuse(reading, key, 'a key must be a text; put it in quotes');
    else {
      const tree = value === null ? { kind: 'scalar' as const, value: null, line } : readNode(reading, value);
      if (tree !== undefined) entries.set(name, { line, tree });
    }
  }
  return { kind: 'table', entries, line: reading.lineOf(node) };
};

const readNode = (reading: Reading, node: unknown): Tree | undefined => {
  if (isAlias(node)) return refuse(reading, node, 'aliases (*) are not used here; write the value out');
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return refuse(reading, node, 'a value is missing');
  if (node.anchor !== undefined) return refuse(reading, node, 'anchors (&) are not used here');
  if (node.tag !== undefined) return refuse(reading, node, `tags (${shown(node.tag)}) are not used here`);
  if (isScalar(node)) return readScalar(reading, node);
  if (isMap(node)) return readTable(reading, node);
  const items = node.items.flatMap((item) => readNode(reading, item) ?? []);
  return { kind: 'list', items, line: reading.lineOf(node) };
};

const inWords = (error: YAMLError): string =>
  (error.message.split(' at line ')[0] ?? error.message).split('\n')[0] ?? '';

const tooLarge = (text: string): string | undefined => {
  if (Buffer.byteLength(text) > longestBytes)
    return `larger than ${longestBytes} bytes; a command is a page of text`;
  const brackets = text.length - text.replaceAll(/[[{]/g, '').length;
  return brackets > mostBrackets ? `holds more than ${mostBrackets} opening brackets` : undefined;
};

const parsed = (text: string, lines: LineCounter) => {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      merge: false,
      prettyErrors: true,
    });
  } catch (thrown) {
    return { unreadable: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};

/** Reads a YAML file (1.2: `yes` and `on` are texts). Anchors, aliases, tags, repeated keys and several documents are mistakes. */
export const readTree = (file: string, text: string, mistakes: MistakeList): Tree | undefined => {
  const large = tooLarge(text);
  if (large !== undefined) {
    mistakes.add(file, 1, large, 'yaml');
    return undefined;
  }
  const lines = new LineCounter();
  const document = parsed(text, lines);
  if ('unreadable' in document) {
    mistakes.add(file, 1, `cannot be read as YAML: ${document.unreadable}`, 'yaml');
    return undefined;
  }
  for (const error of document.errors)
    mistakes.add(file, error.linePos?.[0].line ?? 1, inWords(error), 'yaml');
  if (document.errors.length > 0) return undefined;
  return readNode(createReading(file, mistakes, lines), document.contents);
};
