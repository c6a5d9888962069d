import { againWord, type Command } from './command.ts';
import type { Input } from './input.ts';
import { type Problem, readInput } from './read-input.ts';
import { distance, nearest } from './suggest.ts';
import { straighten } from './text.ts';
import { type Token, tokenize } from './tokens.ts';

/** What can be typed: declared commands and the gateway's own, by name. */
export interface Vocabulary {
  readonly commands: readonly Command[];
  /** Names of the built-in commands, words separated by one blank. */
  readonly builtIns: readonly string[];
  /** Names that may be suggested to this caller here; the others are not given away. Asked only when something is to be suggested. */
  readonly offered: () => readonly string[];
}

/** A typed line, understood or not. */
export type CommandLine =
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly input: Input;
      readonly line: string;
      readonly arguments: string;
      /** The caller means it although the same was typed a moment ago. No part of the line or the input. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'built-in';
      readonly name: string;
      readonly line: string;
      readonly rest: string;
      readonly tokens: readonly Token[];
    }
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** GitLab's users type `run <job>`; it means the same as the command alone: https://docs.gitlab.com/ci/chatops/ */
const synonym = 'run';

/** The longest name that the tokens begin with. Quoted words are values, never names. */
const longestName = (names: readonly string[], tokens: readonly Token[]): string | undefined => {
  const starts = (name: string): boolean =>
    name.split(' ').every((word, index) => {
      const token = tokens[index];
      return token !== undefined && !token.quoted && token.text === word;
    });
  return names.filter(starts).sort((a, b) => b.split(' ').length - a.split(' ').length)[0];
};

/** Offered names that the typed words come near to, or that begin with the same word; nearest first. */
const near = (words: readonly string[], offered: readonly string[]): readonly string[] => {
  const typed = (name: string): string => words.slice(0, name.split(' ').length).join(' ');
  const alike = offered.filter((name) => nearest(typed(name), [name]).length > 0);
  const family = offered.filter((name) => name.startsWith(`${words[0]} `));
  return [...new Set([...alike, ...family])]
    .sort((a, b) => distance(typed(a), a) - distance(typed(b), b))
    .slice(0, 3);
};

const unknown = (line: string, tokens: readonly Token[], offered: readonly string[]): Problem => {
  const words = tokens.map((token) => token.text.slice(0, 40));
  const suggestions = near(words, offered);
  // As many words as the nearest name has: `lb wieght` is the mistake, not `lb`.
  const count = Math.min(suggestions[0]?.split(' ').length ?? 1, words.length);
  return {
    line,
    start: tokens[0]?.start ?? 0,
    end: tokens[count - 1]?.end ?? 0,
    message: `there is no command "${words.slice(0, count).join(' ')}"`,
    suggestions,
  };
};

const namesOf = ({ commands, builtIns }: Vocabulary): readonly string[] => [
  ...commands.map((command) => command.name),
  ...builtIns,
];

/** `run` before something that is no command: the mistake is in what follows. */
const withoutSynonym = (tokens: readonly Token[]): readonly Token[] =>
  tokens[0]?.text === synonym && !tokens[0].quoted && tokens.length > 1 ? tokens.slice(1) : tokens;

/** Name and arguments as one line. A first value that would make a longer name of it is quoted, so that it reads back the same. */
const canonicalLine = (vocabulary: Vocabulary, name: string, given: string): string => {
  if (given === '') return name;
  const line = `${name} ${given}`;
  const split = tokenize(line);
  const same = split.ok && longestName(namesOf(vocabulary), split.tokens) === name;
  return same ? line : `${name} ${given.replace(/^\S+/, '"$&"')}`;
};

const find = (
  vocabulary: Vocabulary,
  tokens: readonly Token[],
): { name: string; rest: readonly Token[] } | undefined => {
  const names = namesOf(vocabulary);
  const direct = longestName(names, tokens);
  if (direct !== undefined) return { name: direct, rest: tokens.slice(direct.split(' ').length) };
  const [first, ...others] = tokens;
  if (first?.text !== synonym || first.quoted) return undefined;
  const name = longestName(names, others);
  return name === undefined ? undefined : { name, rest: others.slice(name.split(' ').length) };
};

/** A quoted one is a value. */
const isAgain = ({ text, quoted }: Token): boolean => !quoted && text === `--${againWord}`;

/** The longest line that is read, in UTF-16 units, as typed and in its canonical form: what reading costs is bounded by it. */
const longestLine = 4000;

/** How much of a longer line is shown. */
const longestEcho = 200;

const tooLong = (line: string): CommandLine => {
  // Half a character at the cut would be no text.
  const begun = straighten(line.slice(0, longestEcho).replace(/[\ud800-\udbff]$/, ''));
  const message = `this line is too long: ${line.length} characters, at most ${longestLine} are read`;
  const spot = { start: begun.length, end: begun.length + 1 };
  return { kind: 'problem', problem: { line: `${begun}…`, ...spot, message, suggestions: [] } };
};

/** Reads one typed line: the only parser of command lines. Longest name wins; `run <command>` is the command. */
export const readCommandLine = (vocabulary: Vocabulary, typed: string): CommandLine => {
  if (typed.length > longestLine) return tooLong(typed);
  const line = straighten(typed);
  if (line === '') return { kind: 'empty' };
  const split = tokenize(line);
  if (!split.ok) {
    const start = split.openQuoteAt;
    const message = 'this quote is never closed';
    return { kind: 'problem', problem: { line, start, end: start + 1, message, suggestions: [] } };
  }
  const found = find(vocabulary, split.tokens);
  if (found === undefined) {
    const meant = withoutSynonym(split.tokens);
    return { kind: 'problem', problem: unknown(line, meant, vocabulary.offered()) };
  }
  const command = vocabulary.commands.find(({ name }) => name === found.name);
  if (command === undefined) {
    const from = found.rest[0]?.start ?? line.length;
    return { kind: 'built-in', name: found.name, line, rest: line.slice(from), tokens: found.rest };
  }
  const given = found.rest.filter((token) => !isAgain(token));
  const read = readInput(command, line, given);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const canonical = canonicalLine(vocabulary, command.name, read.arguments);
  if (canonical.length > longestLine) return tooLong(canonical);
  const again = given.length < found.rest.length;
  return { kind: 'command', command, input: read.input, line: canonical, arguments: read.arguments, again };
};
