/** Texts that a pattern of RE2 syntax may match, tried from its parts. Some may not match: whoever asks checks them. */

type Part =
  | { readonly kind: 'choice'; readonly texts: readonly string[] }
  | { readonly kind: 'group'; readonly ways: readonly (readonly Part[])[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number };

interface Reading {
  readonly source: string;
  at: number;
}

const classes: Readonly<Record<string, readonly string[]>> = {
  d: ['1', '0', '9'],
  w: ['a', 'z', '0', '_'],
  s: [' '],
  D: ['a'],
  W: ['-'],
  S: ['a'],
  n: ['\n'],
  t: ['\t'],
};

const choice = (texts: readonly string[]): Part => ({ kind: 'choice', texts });

const readEscape = (reading: Reading): readonly string[] => {
  const letter = reading.source[reading.at++] ?? '';
  return Object.hasOwn(classes, letter) ? (classes[letter] ?? []) : [letter];
};

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));

/** `a-z` as its first and last letter and one between. */
const rangeOf = (from: string, to: string): readonly string[] => {
  const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
  const middle = String.fromCharCode(Math.floor((low + high) / 2));
  return [from, to, middle];
};

const readClass = (reading: Reading): Part => {
  const { source } = reading;
  const negated = source[reading.at] === '^';
  if (negated) reading.at++;
  const texts: string[] = [];
  for (let first = true; reading.at < source.length && (first || source[reading.at] !== ']'); first = false) {
    const char = source[reading.at++] ?? '';
    const found = char === '\\' ? readEscape(reading) : [char];
    const to = source[reading.at + 1];
    if (found.length === 1 && source[reading.at] === '-' && to !== undefined && to !== ']') {
      reading.at += 2;
      texts.push(...rangeOf(found[0] ?? '', to === '\\' ? (readEscape(reading)[0] ?? '') : to));
    } else texts.push(...found);
  }
  reading.at++;
  return choice(negated ? printable.filter((char) => !texts.includes(char)) : texts);
};

const readAtom = (reading: Reading): Part => {
  const char = reading.source[reading.at++] ?? '';
  if (char === '[') return readClass(reading);
  if (char === '.') return choice(['a', '1', '-']);
  if (char === '\\') return choice(readEscape(reading));
  if (char === '^' || char === '$') return choice(['']);
  if (char !== '(') return choice([char]);
  const flags = /^\?(?:P?<\w+>|[a-zA-Z-]*:)/.exec(reading.source.slice(reading.at))?.[0] ?? '';
  reading.at += flags.length;
  const ways = readWays(reading);
  reading.at++;
  return { kind: 'group', ways };
};

const quantifier = /^(?:[*+?]|\{(\d+)(,)?(\d+)?\})\??/;

const readRepeated = (reading: Reading): Part => {
  const part = readAtom(reading);
  const found = quantifier.exec(reading.source.slice(reading.at));
  if (found === null) return part;
  reading.at += found[0].length;
  const [sign, least, comma, most] = found;
  if (least === undefined)
    return { kind: 'repeat', part, least: sign.startsWith('+') ? 1 : 0, most: sign.startsWith('?') ? 1 : 3 };
  const low = Math.min(Number(least), 100);
  const high = comma === undefined ? low : most === undefined ? low + 2 : Number(most);
  return { kind: 'repeat', part, least: low, most: Math.min(high, 100) };
};

const readWays = (reading: Reading): readonly (readonly Part[])[] => {
  const ways: Part[][] = [[]];
  while (reading.at < reading.source.length && reading.source[reading.at] !== ')') {
    if (reading.source[reading.at] === '|') {
      reading.at++;
      ways.push([]);
    } else ways.at(-1)?.push(readRepeated(reading));
  }
  return ways;
};

/** One text of the pattern; `turn` chooses among alternatives, the same turn the same text. */
const textOf = (parts: readonly Part[], turn: number): string =>
  parts
    .map((part, at): string => {
      if (part.kind === 'choice') return part.texts[(turn + at) % Math.max(part.texts.length, 1)] ?? '';
      if (part.kind === 'group') return textOf(part.ways[turn % part.ways.length] ?? [], turn);
      const times = part.least + (turn % (part.most - part.least + 1));
      return Array.from({ length: times }, (_, each) => textOf([part.part], turn + each)).join('');
    })
    .join('');

const turns = 8;
const longestSource = 500;

/** A handful of texts for the pattern; empty for one that is too long to look at. */
export const examplesOf = (source: string): readonly string[] => {
  if (source.length > longestSource) return [];
  const ways = readWays({ source, at: 0 });
  const texts = ways.flatMap((way) => Array.from({ length: turns }, (_, turn) => textOf(way, turn)));
  return [...new Set(texts)].filter((text) => text.length <= 1000);
};
