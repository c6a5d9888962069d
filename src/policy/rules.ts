import type { Command } from '../core/command.ts';
import type { Rule } from '../core/decision.ts';
import { commandMatches, isCommandPattern } from './command-pattern.ts';
import type { Condition } from './condition/ast.ts';
import { type ConditionProblem, conditionProblems } from './condition/check.ts';
import { type Ask, compileCondition } from './condition/compile.ts';
import { readCondition } from './condition/parse.ts';
import { didYouMean, shown } from './hints.ts';
import type { MistakeCode, MistakeList } from './mistakes.ts';

/** A condition that was read and compiled. */
export interface KnownCondition {
  readonly condition: Condition;
  readonly ask: Ask;
}

/** Every condition of the policy by its text as it stands there. */
export type Conditions = ReadonlyMap<string, KnownCondition>;

const most = 3;

/** The first few problems, then how many more: a rule over many commands would repeat itself. */
const inFew = (problems: readonly ConditionProblem[]): Problem => {
  const few = problems.slice(0, most).map(({ text }) => text);
  const more = problems.length > most ? [`and ${problems.length - most} more`] : [];
  return { code: problems[0]?.code ?? 'condition', text: [...few, ...more].join('; ') };
};

/** What is wrong with a rule. */
interface Problem {
  readonly code: MistakeCode;
  readonly text: string;
}

interface Reading {
  readonly commands: readonly Command[];
  readonly known: Map<string, KnownCondition>;
  /** What is wrong with a condition text for a command pattern; undefined when nothing is. Large policies repeat themselves. */
  readonly problems: Map<string, Problem | undefined>;
  readonly meant: Map<string, readonly Command[]>;
}

const read = (reading: Reading, text: string): KnownCondition | { readonly problem: string } => {
  const found = reading.known.get(text);
  if (found !== undefined) return found;
  const result = readCondition(text);
  if (!result.ok) return result;
  const known = { condition: result.condition, ask: compileCondition(result.condition) };
  reading.known.set(text, known);
  return known;
};

const meantBy = (reading: Reading, pattern: string): readonly Command[] => {
  const found = reading.meant.get(pattern);
  if (found !== undefined) return found;
  const meant = reading.commands.filter(({ name }) => commandMatches(name, pattern));
  reading.meant.set(pattern, meant);
  return meant;
};

const patternProblem = (reading: Reading, pattern: string): Problem | undefined => {
  if (!isCommandPattern(pattern))
    return {
      code: 'unknown-command',
      text: `the command is ${shown(pattern)}, it must be a name, "<words> *" or *`,
    };
  if (meantBy(reading, pattern).length > 0) return undefined;
  const names = reading.commands.map(({ name }) => name);
  return {
    code: 'unknown-command',
    text: `the command ${shown(pattern)} means none of the declared commands${didYouMean(pattern, names)}`,
  };
};

/**
 * What is wrong with the condition for the commands that the rule means. An allow rule over several commands may speak of an
 * input that some of them lack: it never matches those. A deny rule may not, because it would match all of them.
 */
const conditionProblem = (
  reading: Reading,
  { command, condition: text, effect }: Rule,
): Problem | undefined => {
  const known = read(reading, text);
  if ('problem' in known) return { code: 'condition', text: known.problem };
  const problems = meantBy(reading, command).map((one) => conditionProblems(known.condition, one));
  const enough = effect === 'allow' && problems.some((each) => each.length === 0);
  return enough || problems.flat().length === 0 ? undefined : inFew(problems.flat());
};

const problemOf = (reading: Reading, rule: Rule): Problem | undefined => {
  const key = `${rule.command}\n${rule.effect}\n${rule.condition}`;
  if (reading.problems.has(key)) return reading.problems.get(key);
  const pattern = patternProblem(reading, rule.command);
  const condition = pattern === undefined ? conditionProblem(reading, rule) : undefined;
  const problem =
    pattern ?? (condition && { ...condition, text: `condition ${shown(rule.condition)}: ${condition.text}` });
  reading.problems.set(key, problem);
  return problem;
};

/** So many are more than are told; what names resemble is not looked up for ever. */
const mostWrong = 10_000;

/** Holds the rules against the catalogue and compiles their conditions. */
export const readConditions = (
  rules: readonly Rule[],
  commands: readonly Command[],
  mistakes: MistakeList,
): Conditions => {
  const reading: Reading = { commands, known: new Map(), problems: new Map(), meant: new Map() };
  let wrong = 0;
  for (const rule of rules) {
    const problem = problemOf(reading, rule);
    if (problem !== undefined && ++wrong === mostWrong) break;
    if (problem !== undefined) mistakes.add(rule.file, rule.line, problem.text, problem.code);
  }
  return reading.known;
};

/**
 * A deny rule for a role or channel set that nobody belongs to is a typo that opens a door. An allow rule for one only waits for
 * its members: they may come from GitLab, or later.
 */
export const checkNames = (
  rules: readonly Rule[],
  known: { readonly roles: ReadonlySet<string>; readonly sets: ReadonlySet<string> },
  mistakes: MistakeList,
): void => {
  for (const { file, line, who, channel, effect } of rules) {
    if (effect === 'allow') continue;
    if (who.startsWith('role:') && !known.roles.has(who))
      mistakes.add(
        file,
        line,
        `nobody has ${who}: no g row names it${didYouMean(who, [...known.roles])}`,
        'unknown-role',
      );
    if (channel.startsWith('channels:') && !known.sets.has(channel))
      mistakes.add(
        file,
        line,
        `no channel is in ${channel}: no g2 row names it${didYouMean(channel, [...known.sets])}`,
        'unknown-channels',
      );
  }
};
