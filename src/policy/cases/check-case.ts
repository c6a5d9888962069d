import type { Place } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import { type Asked, accountsOf, ask, channelsOf, type Line } from './asking.ts';
import type { Case } from './case.ts';
import { createExpectation, type Expectation, lineAsText, nearAsText, rulingAsText } from './expectation.ts';
import type { World } from './world.ts';

/** How one case ended. `near`: the rule that came nearest to allowing what was refused. */
export interface CaseResult extends Place {
  readonly suite: string;
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly got: string;
  readonly near?: string;
}

/** A question that a case asked, and whether the case is content with an answer. */
export interface Question extends Asked {
  readonly world: World;
  readonly passes: Expectation['passes'];
}

/** A case that was run. */
export interface Checked {
  readonly result: CaseResult;
  readonly questions: readonly Question[];
}

/** What cases are run with. */
export interface Surroundings {
  readonly suite: string;
  readonly world: World;
  readonly rules: readonly Rule[];
  readonly read: (typed: string) => Line;
  /** Whether so many more questions may be asked. */
  readonly take: (questions: number) => boolean;
}

/** A set of many channels, asked for many people by many cases, would take for ever. */
export const mostQuestions = 200_000;

/** What a case ends with that would ask too much. */
export const tooMuch = `not run: all cases together may ask ${mostQuestions} questions`;

type Outcome = Pick<CaseResult, 'passed' | 'got' | 'near'>;

const noAccounts = (one: Case, accounts: readonly string[]): string =>
  accounts.length === 0 ? `nobody is ${one.as}` : `no channel is in ${one.in}`;

/** Where several are asked for, the one that disagrees is named. */
const placeIn = ({ request }: Asked, one: Case): string => {
  const who = request.caller === one.as || one.as.startsWith('gitlab:') ? '' : ` as ${request.caller}`;
  return request.channel === one.in ? who : `${who} in ${request.channel}`;
};

const outcomeOf = (questions: readonly Question[], one: Case): Outcome => {
  const wrong = questions.find(({ decision, passes }) => !passes(decision));
  const shown = wrong ?? questions[0];
  if (shown === undefined) return { passed: false, got: 'nothing was asked' };
  const passed = wrong === undefined;
  const got = `${rulingAsText(shown.decision)}${passed ? '' : placeIn(shown, one)}`;
  const near = passed ? undefined : nearAsText(shown.decision);
  return { passed, got, ...(near === undefined ? {} : { near }) };
};

/** Runs one case. */
export const checkCase = (one: Case, around: Surroundings): Checked => {
  const { suite, world, rules } = around;
  const { file, line } = one;
  const expectation = createExpectation(rules, one.expected);
  const name = `${one.expected.effect} ${one.as} in ${one.in}: ${one.run}`;
  const common = { file, line, suite, name, expected: expectation.text };
  const read = around.read(one.run);
  if (read.kind !== 'command') {
    const passed = expectation.wantsBadInput && read.kind === 'bad';
    return { result: { ...common, passed, got: lineAsText(read) }, questions: [] };
  }
  const accounts = accountsOf(world, one.as);
  const channels = channelsOf(world, one.in);
  if (accounts.length * channels.length === 0)
    return { result: { ...common, passed: false, got: noAccounts(one, accounts) }, questions: [] };
  if (!around.take(accounts.length * channels.length))
    return { result: { ...common, passed: false, got: tooMuch }, questions: [] };
  const { passes } = expectation;
  const questions = ask(world, read, accounts, channels).map((asked) => ({ ...asked, world, passes }));
  const outcome = outcomeOf(questions, one);
  if (!expectation.wantsBadInput) return { result: { ...common, ...outcome }, questions };
  return { result: { ...common, ...outcome, passed: false }, questions };
};
