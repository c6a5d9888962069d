import type { DecisionRequest, Rule } from '../core/decision.ts';
import type { Input } from '../core/input.ts';
import { patternsFor } from './command-pattern.ts';
import { applies } from './condition/compile.ts';
import type { Roles } from './roles.ts';
import type { Conditions } from './rules.ts';

/** A rule with its row as Casbin takes it. `at` is its place in policy.csv's order. */
export interface IndexedRule {
  readonly at: number;
  readonly rule: Rule;
  readonly row: string[];
  /** Its effect is allow. Stands here like the next, beside nothing that must be looked up. */
  readonly allows: boolean;
  /** Whether its condition lets it apply: asked for every candidate, so it stands beside nothing that must be looked up. */
  readonly appliesTo: (input: Input) => boolean;
}

/** Finds rules by who, channel and command. */
export interface Candidates {
  /** The rules whose who, channel and command match, in no order. Their conditions are not looked at. */
  find(where: Pick<DecisionRequest, 'caller' | 'channel' | 'command'>): readonly IndexedRule[];
  /** Every rule whose command column means this command, in the order of policy.csv. */
  forCommand(command: string): readonly IndexedRule[];
}

const inOrder = (a: IndexedRule, b: IndexedRule): number => a.at - b.at;

/**
 * The candidates that Casbin must see: those whose condition lets them apply to this input, in order, and of the allow rules among
 * them only the last, which is the one that Casbin names; with allow-and-no-deny, one allow is as good as many.
 */
export const decisive = (candidates: readonly IndexedRule[], input: Input): readonly IndexedRule[] => {
  const applying: IndexedRule[] = [];
  let lastAllow: IndexedRule | undefined;
  for (const one of candidates)
    if (!one.allows) {
      if (one.appliesTo(input)) applying.push(one);
    } else if ((lastAllow === undefined || one.at > lastAllow.at) && one.appliesTo(input)) lastAllow = one;
  if (lastAllow !== undefined) applying.push(lastAllow);
  return applying.length < 2 ? applying : applying.sort(inOrder);
};

/** The names of one column as numbers: what a caller or a channel is, as far as any rule speaks of it. */
interface Column {
  readonly size: number;
  numberOf(name: string): number;
  numbersFor(name: string): readonly number[];
}

const createColumn = (names: Iterable<string>, roles: Roles): Column => {
  const numbers = new Map([...new Set(names)].map((name, at) => [name, at]));
  const everyone = numbers.get('*');
  const known = new Map<string, readonly number[]>();
  const numbersOf = (closure: ReadonlySet<string>): readonly number[] => {
    const found = [...closure].flatMap((name) => numbers.get(name) ?? []);
    return everyone === undefined ? found : [everyone, ...found];
  };
  return {
    size: numbers.size,
    numberOf: (name) => numbers.get(name) ?? -1,
    numbersFor(name) {
      const found = known.get(name);
      if (found !== undefined) return found;
      const computed = numbersOf(roles.closure(name));
      // Strangers are not remembered: they could be endlessly many.
      if (roles.has(name)) known.set(name, computed);
      return computed;
    },
  };
};

/** Rules of one command pattern. */
interface ByPlace {
  /** Those of a place, which is `who number * channel column size + channel number`. */
  at(place: number): readonly IndexedRule[] | undefined;
  readonly all: readonly IndexedRule[];
}

/** A table has at most so many places for each rule in it. */
const sparsest = 8;

const none: readonly IndexedRule[] = [];

/**
 * Looks a place up in a table of numbers, which stays in the processor's cache where a Map of the same places does not; in a Map
 * when most places of the table would be empty.
 */
const byPlaceOf = (lists: ReadonlyMap<number, readonly IndexedRule[]>, places: number): ByPlace => {
  const all = [...lists.values()].flat();
  if (places > sparsest * all.length) return { at: (place) => lists.get(place), all };
  const found = [none, ...lists.values()];
  const table = new Uint32Array(places);
  let next = 1;
  for (const place of lists.keys()) table[place] = next++;
  return {
    at: (place) => {
      const number = table[place] ?? 0;
      return number === 0 ? undefined : found[number];
    },
    all,
  };
};

const push = <Key>(lists: Map<Key, IndexedRule[]>, key: Key, one: IndexedRule): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
};

type Question = IndexedRule['appliesTo'];

/** One question per condition and effect, however many rules share it. */
const createQuestions = (conditions: Conditions): ((rule: Rule) => Question) => {
  const questions = { allow: new Map<string, Question>(), deny: new Map<string, Question>() };
  for (const [text, { ask }] of conditions) {
    questions.allow.set(text, (input) => applies(ask(input), 'allow'));
    questions.deny.set(text, (input) => applies(ask(input), 'deny'));
  }
  return ({ condition, effect }) => {
    const question = questions[effect].get(condition);
    if (question === undefined) throw new Error(`condition ${JSON.stringify(condition)} was never compiled`);
    return question;
  };
};

const indexedRules = (rules: readonly Rule[], conditions: Conditions): readonly IndexedRule[] => {
  const questionOf = createQuestions(conditions);
  // One text for equal names, however many rows hold it: Casbin compares and looks up by them.
  const names = new Map<string, string>();
  const shared = (name: string): string => {
    const known = names.get(name);
    if (known === undefined) names.set(name, name);
    return known ?? name;
  };
  return rules.map((rule, at) => {
    const row = [rule.who, rule.channel, rule.command, rule.condition, rule.effect].map(shared);
    return { at, rule, row, allows: rule.effect === 'allow', appliesTo: questionOf(rule) };
  });
};

const createIndex = (
  rules: readonly IndexedRule[],
  who: Column,
  channels: Column,
): ReadonlyMap<string, ByPlace> => {
  const lists = new Map<string, Map<number, IndexedRule[]>>();
  for (const one of rules) {
    const { command } = one.rule;
    const ofCommand: Map<number, IndexedRule[]> = lists.get(command) ?? new Map();
    lists.set(command, ofCommand);
    push(ofCommand, who.numberOf(one.rule.who) * channels.size + channels.numberOf(one.rule.channel), one);
  }
  const places = who.size * channels.size;
  return new Map([...lists].map(([command, ofCommand]) => [command, byPlaceOf(ofCommand, places)]));
};

/** Looks up which patterns of the index mean a command; remembers that for the commands that rules name. */
const createPatterns = (index: ReadonlyMap<string, ByPlace>) => {
  const known = new Map<string, readonly ByPlace[]>();
  return (command: string): readonly ByPlace[] => {
    const found = known.get(command);
    if (found !== undefined) return found;
    const computed = patternsFor(command).flatMap((pattern) => index.get(pattern) ?? []);
    if (index.has(command)) known.set(command, computed);
    return computed;
  };
};

/** Indexes the rules by command pattern, who and channel. */
export const createCandidates = (
  rules: readonly Rule[],
  conditions: Conditions,
  people: Roles,
  sets: Roles,
): Candidates => {
  const who = createColumn(
    rules.map((rule) => rule.who),
    people,
  );
  const channels = createColumn(
    rules.map((rule) => rule.channel),
    sets,
  );
  const placesOf = createPatterns(createIndex(indexedRules(rules, conditions), who, channels));
  return {
    find({ caller, channel, command }) {
      const found: IndexedRule[] = [];
      const here = channels.numbersFor(channel);
      for (const byPlace of placesOf(command))
        for (const one of who.numbersFor(caller))
          for (const place of here) {
            const list = byPlace.at(one * channels.size + place);
            if (list !== undefined) for (const each of list) found.push(each);
          }
      return found;
    },
    forCommand: (command) =>
      placesOf(command)
        .flatMap(({ all }) => all)
        .toSorted(inOrder),
  };
};
