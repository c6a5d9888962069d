import type { InputValue } from '../../core/input.ts';
import { compilePattern } from '../pattern.ts';
import type { Comparison, Condition, Operator } from './ast.ts';
import { readWords, type Unreadable, type Word } from './words.ts';

/** A condition, or why its text is none. */
export type ReadCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problem: string };

const longest = 1000;
const deepest = 20;

/** Thrown inside this file only, so that the descent needs no result type at every step. */
class Misread extends Error {
  readonly at: number;
  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

interface Reading {
  /** The word that comes next, without taking it. */
  peek(): Word | undefined;
  take(): Word | undefined;
  /** Takes the next word when it is this keyword or sign. */
  takeIf(text: string): boolean;
  fail(problem: string, word?: Word): never;
}

const createReading = (words: readonly Word[], length: number): Reading => {
  let next = 0;
  return {
    peek: () => words[next],
    take: () => words[next++],
    takeIf(text) {
      const word = words[next];
      const fits = (word?.kind === 'name' || word?.kind === 'sign') && word.text === text;
      if (fits) next++;
      return fits;
    },
    fail(problem, word) {
      throw new Misread(problem, word?.at ?? length);
    },
  };
};

const keywords = ['and', 'or', 'not', 'in', 'matches'];

const readValue = (reading: Reading): InputValue => {
  const word = reading.take();
  if (word?.kind === 'value') return word.value;
  if (word?.kind === 'name' && !keywords.includes(word.text)) return word.text;
  return reading.fail(
    'a value is missing here: a word, a number, true, false, or a text in double quotes',
    word,
  );
};

const readList = (reading: Reading): readonly InputValue[] => {
  if (!reading.takeIf('(')) reading.fail('after "in" there must be a list: in (a, b)', reading.peek());
  const values = [readValue(reading)];
  while (reading.takeIf(',')) values.push(readValue(reading));
  if (!reading.takeIf(')')) reading.fail('the list must go on with a comma or end with ")"', reading.peek());
  return values;
};

const readMatches = (reading: Reading, name: string, at: number): Comparison => {
  const word = reading.take();
  if (word?.kind !== 'pattern')
    return reading.fail('after "matches" there must be a pattern: matches re:v[0-9]+', word);
  const pattern = compilePattern(word.source);
  if (!pattern.ok) return reading.fail(`the pattern cannot be used: ${pattern.because}`, word);
  return { kind: 'matches', name, source: word.source, matches: pattern.matches, at };
};

const inverted: Readonly<Record<string, string>> = { '==': '=', '=<': '<=', '=>': '>=', '<>': '!=' };

const readOperator = (reading: Reading, operator: Operator): Operator => {
  const second = reading.peek();
  if (second?.kind !== 'operator') return operator;
  const meant = inverted[operator + second.text];
  return reading.fail(`there are two operators${meant === undefined ? '' : `; write ${meant}`}`, second);
};

const readComparison = (reading: Reading): Comparison => {
  const first = reading.take();
  if (first?.kind !== 'name' || keywords.includes(first.text))
    return reading.fail('the name of an input is missing here', first);
  const { text: name, at } = first;
  if (reading.takeIf('in')) return { kind: 'in', name, values: readList(reading), at };
  if (reading.takeIf('matches')) return readMatches(reading, name, at);
  const word = reading.take();
  if (word?.kind !== 'operator')
    return reading.fail(`after ${name} there must be one of = != < <= > >= in matches`, word);
  const operator = readOperator(reading, word.text);
  return { kind: 'compare', name, operator, value: readValue(reading), at };
};

const readUnary = (reading: Reading, depth: number): Condition => {
  if (depth > deepest) return reading.fail(`nested deeper than ${deepest} levels`, reading.peek());
  if (reading.takeIf('not')) return { kind: 'not', part: readUnary(reading, depth + 1) };
  if (!reading.takeIf('(')) return readComparison(reading);
  const inner = readOr(reading, depth + 1);
  if (!reading.takeIf(')')) reading.fail('a ")" is missing here', reading.peek());
  return inner;
};

const readChain = (reading: Reading, kind: 'and' | 'or', readPart: () => Condition): Condition => {
  const first = readPart();
  const parts = [first];
  while (reading.takeIf(kind)) parts.push(readPart());
  return parts.length === 1 ? first : { kind, parts };
};

const readAnd = (reading: Reading, depth: number): Condition =>
  readChain(reading, 'and', () => readUnary(reading, depth));

const readOr = (reading: Reading, depth: number): Condition =>
  readChain(reading, 'or', () => readAnd(reading, depth));

const misread = ({ problem, at }: Unreadable): ReadCondition => ({
  ok: false,
  problem: `character ${at + 1}: ${problem}`,
});

const readAll = (words: readonly Word[], length: number): ReadCondition => {
  const reading = createReading(words, length);
  try {
    const condition = readOr(reading, 0);
    const left = reading.peek();
    if (left !== undefined)
      reading.fail(`${left.text} is not expected here; join comparisons with and, or`, left);
    return { ok: true, condition };
  } catch (thrown) {
    if (thrown instanceof Misread) return misread({ problem: thrown.message, at: thrown.at });
    throw thrown;
  }
};

/** Reads a condition: `*`, or comparisons joined by `not`, `and`, `or` (binding in that order) and parentheses. */
export const readCondition = (text: string): ReadCondition => {
  if (text === '*') return { ok: true, condition: { kind: 'always' } };
  if (text.trim() === '') return { ok: false, problem: 'it is empty; write * for "always"' };
  if (text.length > longest) return { ok: false, problem: `it is longer than ${longest} characters` };
  const words = readWords(text);
  return 'problem' in words ? misread(words) : readAll(words, text.length);
};
